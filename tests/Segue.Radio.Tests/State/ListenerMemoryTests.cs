using Segue.Core;
using Segue.Radio.Sessions;
using Segue.Radio.State;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests.State;

/// <summary>The records against lists in a dictionary.</summary>
public sealed class ListenerMemoryTests : RadioTest
{
    private sealed class Plain
    {
        public List<SinceEvent> Events { get; } = [];
        public Dictionary<int, (DateTimeOffset Until, DateTimeOffset At)> Bans { get; } = [];
        public Dictionary<int, DateTimeOffset> Votes { get; } = [];
    }

    private static ListenerId Somebody(int n) => new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(n)).AsSpan(0, 16)));

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 3000)]
    public void Records_tell_what_lists_in_a_dictionary_tell(int seed, int listeners)
    {
        var (memory, plain, chance) = (new ListenerMemory(TinyWorld.Data, Time), new Dictionary<ListenerId, Plain>(), new Random(seed));
        Plain Of(ListenerId listener) => plain.TryGetValue(listener, out var known) ? known : plain[listener] = new();
        for (var step = 0; step < 12_000; step++)
        {
            var listener = Somebody(chance.Next(listeners));
            var (track, at) = (chance.Next(60), Time.GetUtcNow().AddSeconds(chance.Next(100)));
            switch (chance.Next(listeners < 10 ? 4000 : 30) is < 2 and var rare ? rare : chance.Next(2, 40))
            {
                case 0:
                    memory.Forget(listener);   // the data do not know them
                    plain.Remove(listener);
                    break;
                case 1:
                    memory.Restart(listener);
                    if (plain.ContainsKey(listener))
                    {
                        plain[listener] = new();
                    }
                    break;
                case 2:
                    memory.Ban(listener, [track], null, at.AddSeconds(-50), at);
                    if (!Of(listener).Bans.TryGetValue(track, out var ban) || at >= ban.At)
                    {
                        Of(listener).Bans[track] = (at.AddSeconds(-50), at);
                    }
                    break;
                case 3 or 4:
                    var newest = !Of(listener).Votes.TryGetValue(track, out var before) || at >= before;
                    Assert.Equal(newest, memory.IsNewestVote(listener, track, at));
                    if (newest)
                    {
                        Of(listener).Votes[track] = at;
                    }
                    break;
                default:
                    var reaction = chance.Next(4) switch { 0 => Voted(track, (VoteValue)chance.Next(-1, 2)), 1 => Skipped(track, chance.Next(200)), _ => Played(track) };
                    memory.Add(listener, track, reaction, TimeSpan.FromSeconds(200));
                    var events = Of(listener).Events;
                    var happened = SinceEvent.Of(track, reaction, TimeSpan.FromSeconds(200));
                    events.RemoveAll(other => happened.Vote is not null && other.Vote is not null && other.Track == track);
                    if (events.Count == ListenerTable.MaxEvents)
                    {
                        events.RemoveAt(Math.Max(0, events.FindIndex(other => other.Vote is null)));   // votes hold
                    }
                    events.Add(happened);
                    break;
            }
            if (step % 20 == 0)
            {
                AssertSame(memory, Somebody(chance.Next(listeners)), plain);
            }
        }
        Enumerable.Range(0, listeners).ToList().ForEach(n => AssertSame(memory, Somebody(n), plain));
        Assert.Equal(plain.Count, memory.Table.Count);
        Assert.True(listeners > 100 || plain.Values.Any(known => known.Events.Count == ListenerTable.MaxEvents));
    }

    private void AssertSame(ListenerMemory memory, ListenerId listener, Dictionary<ListenerId, Plain> plain)
    {
        var known = plain.GetValueOrDefault(listener) ?? new();
        Assert.Equal(known.Events, memory.Since(listener).Events);
        Assert.Equal(known.Bans.Where(ban => ban.Value.Until > Time.GetUtcNow()).Select(ban => ban.Key).Order(), memory.Banned(listener).Order());
        Assert.Equal(plain.ContainsKey(listener), memory.Knows(listener));
    }

    [Fact]
    public void A_listener_of_the_data_who_is_forgotten_stays_so_and_begins_anew()
    {
        var memory = new ListenerMemory(TinyWorld.Data, Time);
        var listener = TinyWorld.Listener(1);
        memory.Add(listener, 3, Played(3), length: null);

        memory.Forget(listener);

        Assert.False(memory.Knows(listener));
        Assert.Empty(memory.History(listener).Items);
        memory.Add(listener, 4, Played(4), length: null);
        memory.Restart(listener);
        Assert.Empty(memory.History(listener).Items);
        memory.Add(listener, 5, Played(5), length: null);
        Assert.True(memory.Knows(listener));
        Assert.Equal([5], memory.History(listener).Items);
    }
}
