using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio;
using Segue.Radio.Funnel;
using Segue.Radio.Sessions;
using Segue.Ranking.Exploring;
using Segue.Ranking.Learnt;
using Segue.Retrieval;
using Segue.Retrieval.Nearest;

namespace Segue.Evaluation.Adaptivity;

/// <summary>A way of choosing the tracks of a sitting. Safe for any number of sittings at once.</summary>
public interface ISittingPolicy
{
    string Name { get; }

    /// <summary>Begins a sitting of a listener.</summary>
    /// <param name="user">The listener's row in the data set.</param>
    /// <param name="number">The sitting's number: with the listener it decides whatever chance there is.</param>
    ISittingPlan Begin(int user, int number);
}

/// <summary>One sitting under a policy: never the same track twice.</summary>
public interface ISittingPlan
{
    int Next();
    void Told(int track, LabReaction reaction);
}

/// <summary>Any track, all alike.</summary>
public sealed class RandomPolicy(int tracks, ulong seed) : ISittingPolicy
{
    public string Name => "random";

    public ISittingPlan Begin(int user, int number)
    {
        var random = new SeededRandom(seed, (ulong)user, (ulong)number);
        var order = Enumerable.Range(0, tracks).ToArray();
        random.Shuffle<int>(order);
        return new FixedPlan(order);
    }
}

/// <summary>The most played tracks in their order, the same for all.</summary>
public sealed class PopularPolicy(ModelSet models) : ISittingPolicy
{
    public string Name => "most popular";

    public ISittingPlan Begin(int user, int number) => new FixedPlan(models.Popular.MostLiked);
}

/// <summary>The list that the nightly model made for the listener: long-term factors alone.</summary>
public sealed class TasteListPolicy(Dataset data, ModelSet models) : ISittingPolicy
{
    private const int Length = 500;

    public string Name => "taste list";

    public ISittingPlan Begin(int user, int number)
    {
        var scores = new float[models.Items];
        models.Taste.Score(data.History(user), scores);
        return new FixedPlan([.. TopK.Select(scores, Length).Select(scored => scored.Item)]);
    }
}

/// <summary>The radio's funnel, as it is served.</summary>
/// <param name="ranker">Orders the pool; null: the hand-weighted score does.</param>
/// <param name="sounds">How tracks sound; null: the radio has not listened to them.</param>
/// <param name="tags">How tracks are tagged; null: the radio does not know.</param>
public sealed class RadioPolicy(
    string name, Dataset data, ModelSet models, RadioOptions options, LearntRanker? ranker = null, DirectionIndex? sounds = null, DirectionIndex? tags = null) : ISittingPolicy
{
    private readonly RadioPlanner _planner = new(
        data.Catalogue, models.WithSittings(data.Training, options.Sittings), new(models.Taste, models.Trained), NewReleases.Of(data.Training, models.Trained.Items), options)
    {
        Learnt = ranker, Sounds = sounds, Tags = new(tags),
    };

    public string Name => name;

    public ISittingPlan Begin(int user, int number) => new RadioSitting(_planner, data, data.History(user));
}

/// <summary>One sitting at the radio's funnel.</summary>
/// <param name="exploring">Tracks that few have heard, for places that go to them, and the seed of what chance decides; null: no place does.</param>
internal sealed class RadioSitting(RadioPlanner planner, Dataset data, UserHistory history, (IReadOnlyList<NewTrack> Tracks, ulong Seed)? exploring = null) : ISittingPlan
{
    private static readonly HashSet<int> NothingBanned = [];
    private readonly List<int> _heard = [];
    private readonly List<SessionSignal> _signals = [];
    private readonly SittingPool _pool = new();
    private SittingAnchor _anchor = SittingAnchor.Of([]);

    /// <summary>What the radio would answer now.</summary>
    public Plan Plan(int count) => planner.Next(new(history, _heard, _signals, NothingBanned)
    {
        Kept = (_pool, _anchor), Exploring = exploring is { } fresh ? (fresh.Tracks, fresh.Seed + (ulong)_heard.Count) : null,
    }, count);

    public int Next() => Plan(count: 1).Tracks[0].Track;

    public void Told(int track, LabReaction reaction)
    {
        var entry = data.Catalogue.Tracks[track];
        RadioEvent told = reaction.Vote != VoteValue.Withdrawn
            ? new(RadioEventKind.Voted, entry.Id, Vote: reaction.Vote)
            : new(reaction.Skipped ? RadioEventKind.Skipped : RadioEventKind.Played, entry.Id, reaction.Heard);
        _heard.Add(track);
        if (told.Strength(entry.Length) is not 0 and var strength)
        {
            _signals.Add(new(track, strength, IsSeed: false));
        }
        if (_anchor.IsPast(_heard.Count))
        {
            _anchor = _anchor.Then(_heard.Count, [.. _signals], [.. _heard]);
        }
    }
}

/// <summary>Tracks in a fixed order; told nothing, it changes nothing.</summary>
internal sealed class FixedPlan(IReadOnlyList<int> order) : ISittingPlan
{
    private int _next;

    public int Next() => order[_next++ % order.Count];

    public void Told(int track, LabReaction reaction)
    {
    }
}
