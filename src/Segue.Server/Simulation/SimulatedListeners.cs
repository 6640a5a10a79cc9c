using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio;
using Segue.Radio.Sessions;

namespace Segue.Server.Simulation;

/// <summary>Listeners of a lab world who hold sittings at a radio of their own, so that a demonstration is alive.</summary>
/// <remarks>Their station has the models of the one for people, but other sittings, memories and counts: what they do does not
/// move what people hear.</remarks>
public sealed class SimulatedListeners
{
    private const int Seats = 8;
    private const int MaxLoad = 20;   // work at most 1/20 of the time, so at most 5 % of one processor
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private readonly LabWorld _world;
    private readonly RadioStation _station;
    private readonly ulong _seed;
    private readonly TimeProvider _time;
    private readonly Seat?[] _seats = new Seat?[Seats];
    private long _sittings;
    private int _turn;

    /// <param name="world">The world that the data came from, in its order of tracks.</param>
    public SimulatedListeners(LabWorld world, Dataset data, ModelSet models, ulong seed, TimeProvider time)
    {
        (_world, _seed, _time) = (world, seed, time);
        _station = new(data, models, new(), Counts, time);
    }

    public LiveCounts Counts { get; } = new();

    /// <summary>Sittings begun.</summary>
    public long Sittings => Interlocked.Read(ref _sittings);

    /// <summary>Plays about twenty tracks a second until cancelled, fewer where that would be more than 5 % of a processor.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Pace, _time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var begun = _time.GetTimestamp();
            Step();
            var least = _time.GetElapsedTime(begun) * (MaxLoad - 1);
            timer.Period = least > Pace ? least : Pace;
        }
    }

    /// <summary>Lets the next seat's listener react to one track; one who leaves makes room for another.</summary>
    internal void Step()
    {
        var place = _turn++ % Seats;
        var seat = _seats[place] ??= TakeSeat(place);
        if (seat.Next is not { } track || seat.Sitting.Heard == seat.Sitting.Length)
        {
            _seats[place] = null;
            return;
        }
        var reaction = seat.Sitting.React(_station.Catalogue.Find(track)!.Value);
        var answer = _station.React(seat.Session, Events(track, reaction), count: 1);
        seat.Next = Next(answer);
    }

    private Seat TakeSeat(int place)
    {
        var number = (int)(Interlocked.Increment(ref _sittings) % int.MaxValue);
        var random = new SeededRandom(_seed, (ulong)number, (ulong)place);
        var listener = random.NextInt(_world.Listeners.Count);
        var answer = _station.Start(_world.Listeners[listener].Id, RadioSeeds.None, count: 1);
        return new(_world.Sit(listener, number, _world.End), answer.Session) { Next = Next(answer) };
    }

    private static List<RadioEvent> Events(TrackId track, LabReaction reaction)
    {
        var kind = reaction.Skipped ? RadioEventKind.Skipped : RadioEventKind.Played;
        List<RadioEvent> events = [new(kind, track, reaction.Heard)];
        if (reaction.Vote != VoteValue.Withdrawn)
        {
            events.Add(new(RadioEventKind.Voted, track, Vote: reaction.Vote));
        }
        return events;
    }

    private static TrackId? Next(RadioAnswer answer) => answer.Tracks.Count > 0 ? answer.Tracks[0].Track.Id : null;

    private sealed class Seat(LabSitting sitting, SessionId session)
    {
        public LabSitting Sitting { get; } = sitting;
        public SessionId Session { get; } = session;

        /// <summary>The track that plays next; null when the station has none left.</summary>
        public TrackId? Next { get; set; }
    }
}
