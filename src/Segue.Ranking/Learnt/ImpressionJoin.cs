using Segue.Core;
using Segue.Events;

namespace Segue.Ranking.Learnt;

/// <summary>Joins impressions with what became of them, by recommendation and track.</summary>
/// <remarks>
/// Events come in the order of the log or of time. An outcome counts where it began within 30 minutes of the impression. A vote or a place on a playlist outweighs a listen, the newest of them holds
/// (a withdrawn vote leaves the listen); of several listens the one heard furthest. Taken: heard from nine tenths on, as <see cref="Completion.Full"/> has it, voted up, put on a
/// playlist. Refused: skipped before, left in the first quarter, voted down. Stopped in between: unknown, and so is what nobody reacted to, unless a track of a later place in
/// the same answer was played or voted on: then it was passed over, which is a refusal ("skip above": Joachims, Granka, Pan, Hembrooke and Gay, SIGIR 2005). Impressions without
/// observations, as older programs logged them, give no rows. An answer is held until an event 2.5 hours younger is met, and so is an outcome that comes before its impression: a listen that was told to have begun before, in the order of time.
/// </remarks>
public sealed class ImpressionJoin
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    // The log has a listen when it ends, by the time at which it began.
    private static readonly TimeSpan HeldFor = Window + TimeSpan.FromHours(2);
    private readonly Dictionary<RecommendationId, Answer> _open = [];
    private readonly Queue<Answer> _inOrder = new();
    private readonly Dictionary<(RecommendationId, TrackId), List<ListenerEvent>> _early = [];
    private readonly Queue<((RecommendationId, TrackId) Of, DateTimeOffset At)> _earlyInOrder = new();
    private int _answers;

    /// <summary>Takes an event in.</summary>
    /// <returns>Rows of answers that are complete by now, in the order in which they were given.</returns>
    public IEnumerable<RankingRow> Take(ListenerEvent told)
    {
        if (told is { Recommendation: { } recommendation, Track: { } track })
        {
            if (told is { Kind: EventKind.Impression, Shown: { } shown, Position: { } position })
            {
                Add(recommendation, track, position, shown, told);
            }
            else if (_open.GetValueOrDefault(recommendation)?.Tracks.GetValueOrDefault(track) is not { } shownBefore)
            {
                HoldEarly(recommendation, track, told);
            }
            else if (told.At <= _open[recommendation].At + Window)
            {
                shownBefore.Take(told);
            }
        }
        while (_earlyInOrder.TryPeek(out var early) && early.At + HeldFor < told.At)
        {
            _early.Remove(_earlyInOrder.Dequeue().Of);
        }
        while (_inOrder.TryPeek(out var oldest) && oldest.At + HeldFor < told.At)
        {
            foreach (var row in Close(_inOrder.Dequeue()))
            {
                yield return row;
            }
        }
    }

    /// <summary>Rows of the answers that are held still, when there are no further events.</summary>
    public IEnumerable<RankingRow> End()
    {
        while (_inOrder.TryDequeue(out var answer))
        {
            foreach (var row in Close(answer))
            {
                yield return row;
            }
        }
    }

    private void Add(RecommendationId recommendation, TrackId track, int position, ImpressionFacts shown, ListenerEvent told)
    {
        if (!_open.TryGetValue(recommendation, out var answer))
        {
            answer = new(recommendation, told.At);
            _open.Add(recommendation, answer);
            _inOrder.Enqueue(answer);
        }
        answer.Tracks.TryAdd(track, new(track, position, shown, SeenField.Read(told.Extra.Span)));
        if (_early.Remove((recommendation, track), out var early))
        {
            early.ForEach(answer.Tracks[track].Take);
        }
    }

    private void HoldEarly(RecommendationId recommendation, TrackId track, ListenerEvent told)
    {
        if (!_early.TryGetValue((recommendation, track), out var early))
        {
            _early.Add((recommendation, track), early = []);
            _earlyInOrder.Enqueue(((recommendation, track), told.At));
        }
        early.Add(told);
    }

    private IEnumerable<RankingRow> Close(Answer answer)
    {
        _open.Remove(answer.Recommendation);
        var last = answer.Tracks.Values.Where(shown => shown.IsMet).Select(shown => shown.Position).DefaultIfEmpty(-1).Max();
        if (last < 0)
        {
            yield break;   // nobody reacted to anything of it
        }
        var group = _answers++;
        var shared = answer.Tracks.Values.MinBy(shown => shown.Position)!.Seen;
        foreach (var shown in answer.Tracks.Values.OrderBy(shown => shown.Position))
        {
            bool? taken = shown.IsMet ? shown.Taken : shown.Position < last ? false : null;
            if (taken is { } outcome && Unpack(shown, shared) is { } seen)
            {
                yield return new(group, answer.At, shown.Track, shown.Position, shown.Facts.Propensity, shown.Facts.ModelVersion, seen, outcome);
            }
        }
    }

    // The factors of an answer are kept with its first track.
    private static Observation? Unpack(Shown shown, byte[]? first)
    {
        var seen = Observation.Unpack(shown.Seen);
        var factors = Observation.Unpack(first);
        return seen is null || factors is null ? seen : seen with { Taste = factors.Taste, Session = factors.Session };
    }

    private sealed class Answer(RecommendationId recommendation, DateTimeOffset at)
    {
        public RecommendationId Recommendation { get; } = recommendation;
        public DateTimeOffset At { get; } = at;
        public Dictionary<TrackId, Shown> Tracks { get; } = [];
    }

    private sealed class Shown(TrackId track, int position, ImpressionFacts facts, byte[]? seen)
    {
        private (bool? Taken, DateTimeOffset At) _word;
        private (bool? Taken, TimeSpan Heard)? _listen;

        public TrackId Track { get; } = track;
        public int Position { get; } = position;
        public ImpressionFacts Facts { get; } = facts;
        public byte[]? Seen { get; } = seen;
        public bool IsMet => _word.Taken is not null || _listen is not null;
        public bool? Taken => _word.Taken ?? _listen?.Taken;

        public void Take(ListenerEvent told)
        {
            switch (told.Kind)
            {
                case EventKind.Vote or EventKind.PlaylistAdd when told.At >= _word.At:
                    _word = (told.Kind == EventKind.PlaylistAdd || told.Value > 0 ? true : told.Value < 0 ? false : null, told.At);
                    break;
                case EventKind.Listen when told.End != EndReason.Failed && (_listen is null || told.Heard > _listen.Value.Heard):
                    _listen = (IsTaken(told), told.Heard ?? TimeSpan.Zero);
                    break;
            }
        }

        private static bool? IsTaken(ListenerEvent listen)
        {
            if (listen is not { Heard: { } heard, Length: { } length })
            {
                return listen.End switch
                {
                    EndReason.Finished => true,
                    EndReason.Skipped => false,
                    _ => null,
                };
            }
            return new Listen(default, default, default, heard, length).Completion switch
            {
                Completion.Full => true,
                _ when listen.End == EndReason.Skipped => false,
                Completion.Skipped when listen.End != EndReason.Stopped => false,
                _ => null,
            };
        }
    }
}
