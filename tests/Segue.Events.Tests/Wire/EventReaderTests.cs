using System.Text;
using Segue.Core;
using Segue.Events.Log;
using Segue.Events.Wire;

namespace Segue.Events.Tests.Wire;

public class EventReaderTests
{
    private const string Answer = "0f8fad5b-d9cb-469f-a165-70867728950e";
    private readonly WireDoors _doors = new();

    [Fact]
    public void A_listen_brings_all_its_fields()
    {
        var listen = _doors.Accepted($$"""
            { "type":"listen", "listener":"account-17", "track":"song-204", "at":"2026-03-29T02:30:00.2567+01:00", "heardSeconds":187.4,
              "trackSeconds":2.01e2, "endReason":"skipped", "chosenBy":"radio", "recommendation":"{{Answer}}", "session":"kitchen-1" }
            """);

        Assert.Equal(EventKind.Listen, listen.Kind);
        Assert.Equal(_doors.Pseudonymizer.Of("account-17"), listen.Listener);
        Assert.Equal(new TrackId("song-204"), listen.Track);
        Assert.Null(listen.Described);
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 30, 0, 256, TimeSpan.Zero), listen.At);
        Assert.Equal(TimeSpan.Zero, listen.At.Offset);
        Assert.Equal(TimeSpan.FromMilliseconds(187_400), listen.Heard);
        Assert.Equal(TimeSpan.FromSeconds(201), listen.Length);
        Assert.Equal((EndReason.Skipped, ListenOrigin.Radio), (listen.End, listen.Origin));
        Assert.Equal(new RecommendationId(Guid.Parse(Answer)), listen.Recommendation);
        Assert.Equal("kitchen-1", listen.Session);
        Assert.True(listen.Extra.IsEmpty);
    }

    [Fact]
    public void A_listen_without_a_length_takes_the_catalogues()
        => Assert.Equal(TimeSpan.FromSeconds(201), _doors.AcceptedOf("""  "type":"listen","track":"song-204" """).Length);

    [Fact]
    public void A_described_recording_is_kept_in_the_senders_words()
    {
        var listen = _doors.AcceptedOf("""
            "type":"listen","recording":{"isrc":"gb-aye-67-00001","artist":"ANOTHER","title":"3rd","album":"A","durationSeconds":99}
            """);

        Assert.Equal(new TrackId("song-206"), listen.Track);
        Assert.Equal(new RecordingDescription(null, "GBAYE6700001", "ANOTHER", "3rd", "A"), listen.Described);
        Assert.Equal(TimeSpan.FromSeconds(99), listen.Length);
    }

    [Fact]
    public void Votes_playlists_clicks_follows_bans_and_impressions_bring_theirs()
    {
        Assert.Equal(-1, _doors.AcceptedOf(""" "type":"vote","track":"t","vote":-1 """).Value);
        var added = _doors.AcceptedOf(""" "type":"playlistAdd","track":"t","playlist":"evenings" """);
        Assert.Equal((EventKind.PlaylistAdd, "evenings"), (added.Kind, added.Playlist));
        Assert.Equal(EventKind.PlaylistRemove, _doors.AcceptedOf(""" "type":"playlistRemove","track":"t","playlist":"evenings" """).Kind);
        var click = _doors.AcceptedOf("""
            "type":"click","track":"t","position":3,
            "card":{"title":"T","artist":"A","artistRank":12,"genre":"dub","durationSeconds":185.0006,"volume":0.8}
            """);
        Assert.Equal(3, click.Position);
        Assert.Equal(new CardFacts("T", "A", 12, "dub", TimeSpan.FromMilliseconds(185_001), 0.8), click.Card);
        var follow = _doors.AcceptedOf(""" "type":"follow","artist":"a" """);
        Assert.Equal((new ArtistId("a"), null, (sbyte)1), (follow.Artist!.Value, follow.Track, follow.Value));
        Assert.Equal(0, _doors.AcceptedOf(""" "type":"follow","artist":"a","following":false """).Value);
        var ban = _doors.AcceptedOf(""" "type":"ban","artist":"a","until":"2026-06-29T00:00:00Z" """);
        Assert.Equal((new DateTimeOffset(2026, 6, 29, 0, 0, 0, TimeSpan.Zero), (sbyte)1), (ban.Until!.Value, ban.Value));
        Assert.Equal(0, _doors.AcceptedOf(""" "type":"ban","track":"t","banned":false """).Value);
        var shown = _doors.AcceptedOf($$"""
            "type":"impression","track":"t","recommendation":"{{Answer}}","position":0,"source":"taste","model":"12","arm":"none","propensity":0.25
            """);
        Assert.Equal(new ImpressionFacts("taste", "12", "none", 0.25), shown.Shown);
    }

    [Fact]
    public void Unknown_fields_are_kept_compact_and_in_order()
    {
        var listen = _doors.AcceptedOf("""
            "z" : [ 1, 1.50, null , true, {"ü":"\u00e9\n"} ] ,"type":"listen","track":"t","a":"<&>"
            """.Replace("\\n", "", StringComparison.Ordinal));
        var click = _doors.AcceptedOf(""" "type":"click","track":"t","position":0,"card":{"cover":"x","title":"T"} """);

        Assert.Equal("""{"z":[1,1.50,null,true,{"ü":"é"}],"a":"<&>"}""", Encoding.UTF8.GetString(listen.Extra.Span));
        Assert.Equal("""{"card.cover":"x"}""", Encoding.UTF8.GetString(click.Extra.Span));
        Assert.Equal("T", click.Card!.Title);
    }

    [Fact]
    public void Null_is_as_good_as_absent()
    {
        var listen = _doors.AcceptedOf(""" "type":"listen","track":"t","recording":null,"vote":null,"heardSeconds":null,"private":null """);

        Assert.Null(listen.Heard);
        Assert.Equal(RejectReason.MissingField, _doors.RejectedOf(""" "type":"listen","track":null """).Reason);
    }

    [Fact]
    public void Escaped_names_and_ids_mean_the_same()
    {
        var plain = _doors.Accepted("""{"type":"vote","listener":"a","track":"song-204","at":1774744200000,"vote":1}""");
        var escaped = _doors.Accepted("""{"t\u0079pe":"v\u006fte","listener":"\u0061","track":"song\u002d204","at":1774744200000,"vote":1}""");

        Assert.Equal(plain, escaped);
    }

    [Theory]
    [InlineData(""" "type":"listen","track":"t","private":true """)]
    [InlineData(""" "private":true,"type":"listen","track":"t","heardSeconds":-1 """)]
    [InlineData(""" "type":"listen","track":7,"private":true """)]
    [InlineData(""" "type":"listen","track":"t","track":"t","priv\u0061te":true """)]
    [InlineData(""" "type":"listen","track":"t","private":"true" """)]
    [InlineData(""" "type":"listen","private" : true,"track":NaN """)]
    [InlineData(""" "type":"listen","track":NaN,"private" : true """)]
    public void A_private_event_is_private_however_broken(string fields)
    {
        var batch = new EventBatch();
        var verdict = _doors.Events.Read(Encoding.UTF8.GetBytes(WireDoors.Event(fields)), batch);

        Assert.Equal((VerdictKind.Private, null, 0), (verdict.Kind, verdict.Fault, batch.Count));
    }

    [Fact]
    public void A_private_event_that_is_too_large_is_private_too()
        => Assert.Equal(VerdictKind.Private, _doors.Read(WireDoors.Event($"\"x\":\"{new string('x', 20_000)}\",\"private\":true")).Kind);

    [Fact]
    public void A_reader_serves_many_threads_at_once()
    {
        var expected = Enumerable.Range(0, 100).Select(i => _doors.Accepted(Listen(i))).ToArray();
        var others = new WireDoors(remembered: 16);   // so few that threads fight for slots

        Parallel.For(0, 4_000, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => Assert.Equal(expected[i % 100], others.Accepted(Listen(i % 100))));

        static string Listen(int i) => $$"""{"type":"listen","listener":"l{{i}}","track":"t{{i * 7}}","at":{{1774744200000 + i}}}""";
    }
}
