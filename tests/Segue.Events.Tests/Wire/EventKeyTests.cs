using Segue.Events.Log;
using System.Security.Cryptography;
using Segue.Events.Normalizing;

namespace Segue.Events.Tests.Wire;

public class EventKeyTests
{
    private readonly WireDoors _doors = new();

    [Fact]
    public void Two_tellings_of_one_event_have_one_key()
    {
        var told = _doors.AcceptedOf(""" "type":"listen","track":"t","heardSeconds":3 """);
        var again = _doors.Accepted("""
            {"type":"listen","at":"2026-03-29T03:30:00+02:00","sentAt":"2026-03-29T01:30:30Z","track":"t","listener":"account-17","x":1}
            """);

        Assert.NotEqual(told.At, again.At);   // its clock was corrected
        Assert.Equal(told.Key, again.Key);
    }

    [Fact]
    public void Events_that_differ_in_what_counts_have_different_keys()
    {
        string[] events =
        [
            """{"listener":"a","at":1774744200000,"type":"listen","track":"t"}""",
            """{"listener":"b","at":1774744200000,"type":"listen","track":"t"}""",
            """{"listener":"a","at":1774744200001,"type":"listen","track":"t"}""",
            """{"listener":"a","at":1774744200000,"type":"listen","track":"u"}""",
            """{"listener":"a","at":1774744200000,"type":"vote","track":"t","vote":1}""",
            """{"listener":"a","at":1774744200000,"type":"follow","artist":"t"}""",
            """{"listener":"a","at":1774744200000,"type":"ban","artist":"t"}""",
            """{"listener":"a","at":1774744200000,"type":"ban","track":"t"}""",
            """{"listener":"a","at":1774744200000,"type":"listen","recording":{"artist":"t","title":"u"}}""",
            """{"listener":"a","at":1774744200000,"type":"listen","recording":{"artist":"tu","title":"u"}}""",
            """{"listener":"a","at":1774744200000,"type":"listen","recording":{"artist":"t","title":"uu"}}""",
            """{"listener":"a","at":1774744200000,"type":"playlistAdd","track":"t","playlist":"p"}""",
            """{"listener":"a","at":1774744200000,"type":"playlistAdd","track":"tp","playlist":"p"}""",
            """{"listener":"a","at":1774744200000,"type":"playlistAdd","track":"t","playlist":"q"}""",
            """{"listener":"a","at":1774744200000,"type":"playlistRemove","track":"t","playlist":"p"}""",
            """{"listener":"a","at":1774744200000,"type":"click","track":"t","position":0}""",
            """{"listener":"a","at":1774744200000,"type":"click","track":"t","position":1}""",
            """{"listener":"a","at":1774744200000,"type":"click","track":"t","position":0,"recommendation":"00000000-0000-0000-0000-000000000000"}""",
            """{"listener":"a","at":1774744200000,"type":"listen","track":"t","id":"1"}""",
            """{"listener":"a","at":1774744200000,"type":"listen","track":"t","id":"2"}""",
        ];

        Assert.Equal(events.Length, events.Select(json => _doors.Accepted(json).Key).Distinct().Count());
    }

    [Fact]
    public void A_given_id_and_the_listener_decide_alone()
    {
        var one = _doors.Accepted("""{"listener":"a","at":1774744200000,"type":"listen","track":"t","id":"1"}""");
        var other = _doors.Accepted("""{"listener":"a","at":1774744211111,"type":"vote","track":"u","vote":1,"id":"1"}""");
        var anothers = _doors.Accepted("""{"listener":"b","at":1774744200000,"type":"listen","track":"t","id":"1"}""");

        Assert.Equal(one.Key, other.Key);
        Assert.NotEqual(one.Key, anothers.Key);
    }

    [Fact]
    public void Keys_do_not_change_from_version_to_version()
        => Assert.Equal("0591bfc1c376fbc0902dddfe634da54f", _doors.Accepted("""{"listener":"a","at":1774744200000,"type":"listen","track":"t"}""").Key.ToString());

    [Fact]
    public void A_long_description_has_a_key_too()
    {
        var text = new string('語', 1_024);
        var listen = _doors.AcceptedOf($$""" "type":"listen","recording":{"artist":"{{text}}","title":"{{text}}","album":"{{text}}"} """);

        Assert.NotEqual(default, listen.Key);
    }

    [Fact]
    public void The_own_hash_is_SHA256()
    {
        var text = Enumerable.Range(0, 300).Select(i => (byte)(i * 31)).ToArray();

        Assert.All(Enumerable.Range(0, 300), length => Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(text.AsSpan(0, length)).AsSpan(0, 16)),
            QuickSha256.First128(text.AsSpan(0, length)).ToString("x32", null)));
    }

    [Fact]
    public void Keys_made_together_are_those_made_one_by_one()
    {
        var chance = new Random(5);
        for (var count = 1; count <= QuickSha256.Lanes; count++)
        {
            var texts = Enumerable.Range(0, count).Select(_ => new byte[chance.Next(56)]).ToArray();
            var blocks = new RecordBuffer();
            Array.ForEach(texts, chance.NextBytes);
            Assert.All(texts, text => Assert.True(QuickSha256.TryPad(text, blocks)));
            var hashes = new UInt128[QuickSha256.Lanes];

            QuickSha256.First128(blocks.Written, hashes);

            Assert.Equal(texts.Select(text => QuickSha256.First128(text)), hashes.Take(count));
        }
        Assert.False(QuickSha256.TryPad(new byte[56], new RecordBuffer()));
    }

    [Fact]
    public void A_batch_of_short_and_long_subjects_has_the_keys_of_its_events_one_by_one()
    {
        var doors = new WireDoors();
        var events = Enumerable.Range(0, 100).Select(n => WireDoors.Event($"\"type\":\"listen\",\"track\":\"{new string('t', n + 1)}\"")).ToArray();
        var batch = new EventBatch();

        doors.Batch($"[{string.Join(',', events)}]", batch);

        Assert.Equal(events.Select(told => doors.Accepted(told).Key), Enumerable.Range(0, batch.Count).Select(n => batch[n].Key));
        Assert.Equal(100, Enumerable.Range(0, batch.Count).Select(batch.KeyOf).Distinct().Count());
    }
}
