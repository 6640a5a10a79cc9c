using Segue.Core;
using Segue.Numerics;
using Segue.Radio.Sessions;
using Segue.Radio.State;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests.State;

public sealed class SinceEventTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(180);

    public static TheoryData<RadioEvent, bool> Reactions()
    {
        RadioEvent Of(RadioEventKind kind, double? seconds = null, VoteValue? vote = null)
            => new(kind, TinyWorld.IdOf(7), seconds is { } heard ? TimeSpan.FromSeconds(heard) : null, vote);
        var all = new TheoryData<RadioEvent, bool>();
        foreach (var isLengthKnown in (bool[])[true, false])
        {
            foreach (var reaction in (RadioEvent[])
                [
                    Of(RadioEventKind.Played), Of(RadioEventKind.Played, 0), Of(RadioEventKind.Played, 100), Of(RadioEventKind.Played, 161.9), Of(RadioEventKind.Played, 162), Of(RadioEventKind.Played, 1000),
                    Of(RadioEventKind.Skipped), Of(RadioEventKind.Skipped, 1), Of(RadioEventKind.Skipped, 44), Of(RadioEventKind.Skipped, 46), Of(RadioEventKind.Skipped, 179),
                    Of(RadioEventKind.Voted, vote: VoteValue.Up), Of(RadioEventKind.Voted, vote: VoteValue.Down), Of(RadioEventKind.Voted, vote: VoteValue.Withdrawn),
                    Of(RadioEventKind.Added), Of(RadioEventKind.Clicked),
                ])
            {
                all.Add(reaction, isLengthKnown);
            }
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(Reactions), DisableDiscoveryEnumeration = true)]
    public void Five_bytes_say_what_the_reaction_said_but_for_a_rounded_part(RadioEvent reaction, bool isLengthKnown)
    {
        TimeSpan? length = isLengthKnown ? Length : null;
        var (bytes, happened) = (new byte[SinceEvent.Bytes], SinceEvent.Of(SinceEvent.MaxTracks - 1, reaction, length));

        happened.Write(bytes);

        Assert.Equal(happened, SinceEvent.Read(bytes));
        Assert.InRange(happened.Strength - reaction.Strength(length), -0.002001f, 0.002001f);
        Assert.Equal((reaction.Vote, reaction.IsListen), (happened.Vote, happened.IsListen));
        var (kept, told) = (happened.Action, reaction.ActionOn(SinceEvent.MaxTracks - 1, length));
        Assert.Equal(told?.Action, kept?.Action);
        Assert.InRange((told?.Amount ?? 0) - (kept?.Amount ?? 0), -0.002001f, 0.002001f);
    }

    [Fact]
    public void Events_read_together_are_those_read_one_by_one()
    {
        for (var count = 0; count <= 98; count++)
        {
            var random = new SeededRandom((ulong)count, 6);
            var (bytes, read) = (new byte[count * SinceEvent.Bytes], new SinceEvent[count]);
            SinceEvent[] events = [.. Enumerable.Range(0, count).Select(_ => new SinceEvent(random.NextInt(SinceEvent.MaxTracks), (SinceKind)random.NextInt(8), (byte)random.NextInt(251)))];
            for (var n = 0; n < count; n++)
            {
                events[n].Write(bytes.AsSpan(n * SinceEvent.Bytes));
            }

            SinceEvent.ReadAll(bytes, read);

            Assert.Equal(events, read);
            Assert.Equal(events, Enumerable.Range(0, count).Select(n => SinceEvent.Read(bytes.AsSpan(n * SinceEvent.Bytes))));
        }
    }

    [Fact]
    public void A_row_that_has_no_place_is_refused()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => new SinceEvent(SinceEvent.MaxTracks, SinceKind.Listen, 0).Write(new byte[SinceEvent.Bytes]));

        Assert.Equal("Row 268435456 has no place in a listener's record: a catalogue may have 268,435,456 tracks.", refused.Message);
    }

    [Fact]
    public void A_key_is_the_pseudonyms_digits_and_of_other_ids_a_hash()
    {
        var key = ListenerKey.Of(new("00112233445566778899aabbccddeeff"));

        Assert.Equal(new ListenerKey(0x0011223344556677, 0x8899AABBCCDDEEFF), key);
        Assert.NotEqual(key, ListenerKey.Of(new("00112233445566778899AABBCCDDEEFF")));
        Assert.NotEqual(ListenerKey.Of(new("1")), ListenerKey.Of(new("2")));
        Assert.InRange(Enumerable.Range(0, 2000).Select(n => ListenerKey.Of(new($"{n:x32}")).Owner).Distinct().Count(), 250, 256);
    }
}
