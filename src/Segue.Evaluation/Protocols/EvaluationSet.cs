using Segue.Core;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Evaluation.Protocols;

/// <summary>How held-out items are ranked.</summary>
public enum Protocol
{
    /// <summary>Against all items, those of the history left out.</summary>
    Full,

    /// <summary>One held-out item against a given sample of negatives; equal scores count half.</summary>
    Sampled,

    /// <summary>The item that followed a sequence, against all items that the sequence does not hold.</summary>
    NextItem,
}

/// <summary>One question: what the model may know, and what it should have said.</summary>
/// <param name="Answers">The held-out items; not empty.</param>
/// <param name="Negatives">The items that the one answer is ranked against; null for all but the history's. Each listing counts, also
/// one of the answer itself: published sample files hold such, and their figures count them.</param>
public sealed record EvaluationCase(UserHistory History, IReadOnlySet<int> Answers, int[]? Negatives = null);

/// <summary>A training set and the questions asked of the models trained on it, and on it alone.</summary>
public sealed class EvaluationSet
{
    private const double ValidationShare = 0.2;

    // One item a user, as in the test, is too few to tell good settings from lucky ones.
    private const double SampledValidationShare = 0.1;
    private const int SampledNegatives = 99;

    // Pairs.
    private const int SmallData = 200_000;

    public EvaluationSet(Protocol protocol, TrainingSet train, IReadOnlyList<EvaluationCase> cases)
        => (Protocol, Train, Cases) = (protocol, train, cases);

    public Protocol Protocol { get; }
    public TrainingSet Train { get; }
    public IReadOnlyList<EvaluationCase> Cases { get; }

    /// <summary>Held-out items in all.</summary>
    public int Answers => Cases.Sum(c => c.Answers.Count);

    /// <summary>Cuts a validation part from the training set, in the shape of this protocol: the test answers are not looked at.
    /// Full ranking: a seeded fifth of each user's likings; sampled: a seeded tenth of them, each among 99 seeded negatives;
    /// next item: the last of each sequence. Users with a single item stay in training whole.</summary>
    public EvaluationSet CutValidation(ulong seed) => Protocol switch
    {
        Protocol.NextItem => NextItem([.. Enumerable.Range(0, Train.Users).Select(user => Train.Sequence(user).ToArray())], Train.Items),
        _ => HoldOut(seed),
    };

    /// <summary>Validation parts for a search: of small data several, each with its own seed, for one alone has too few answers to tell settings apart.</summary>
    public IReadOnlyList<EvaluationSet> CutValidations(ulong seed)
        => [.. Enumerable.Range(0, Protocol == Protocol.Full && Train.Strengths.Count < SmallData ? 3 : 1).Select(n => CutValidation(seed + (ulong)n))];

    /// <summary>Cuts a store's interactions for a search of settings: in time, where all have one, else as <see cref="CutValidations"/> does.</summary>
    /// <remarks>In time: models learn what came before the moment after which <paramref name="share"/> of the interactions came, and are asked what the users who are
    /// known by then took up afterwards that was new to them. Of more than <paramref name="most"/> interactions only those of a seeded sample of users are looked at.</remarks>
    /// <param name="share">In (0, 1).</param>
    public static IReadOnlyList<EvaluationSet> CutStore(
        IReadOnlyList<Track> catalogue, IReadOnlyList<Interaction> interactions, double share, int most, ulong seed)
    {
        var sample = interactions.Count <= most
            ? interactions
            : [.. interactions.Where(told => SeededRandom.Mix(seed ^ SeededRandom.Hash(told.User)) < ulong.MaxValue / (double)interactions.Count * most)];
        if (sample.Any(told => told.Time is null))
        {
            return new EvaluationSet(Protocol.Full, Dataset.Build(catalogue, [], sample).Training, []).CutValidations(seed);
        }
        var times = sample.Select(told => told.Time!.Value).Order().ToArray();
        var cut = times.Length == 0 ? default : times[Math.Min(times.Length - 1, (int)((1 - share) * times.Length))];
        var known = Dataset.Build(catalogue, [], sample.Where(told => told.Time < cut));
        var answers = new SortedDictionary<int, HashSet<int>>();
        foreach (var told in sample.Where(told => told.Time >= cut && (told.Action is InteractionAction.Listen or InteractionAction.VoteUp or InteractionAction.PlaylistAdd)))
        {
            if (known.Users.Find(told.User) is { } user && known.Catalogue.Find(new(told.Item)) is { } item && !known.Training.Strengths.Row(user).Contains(item))
            {
                answers.TryAdd(user, []);
                answers[user].Add(item);
            }
        }
        return [new(Protocol.Full, known.Training, [.. answers.Select(a => new EvaluationCase(known.History(a.Key), a.Value))])];
    }

    /// <summary>Holds out the last item of each sequence of at least two; the others are trained on whole.</summary>
    public static EvaluationSet NextItem(int[][] sequences, int items)
    {
        var train = sequences.Select(sequence => sequence.Length < 2 ? sequence : sequence[..^1]).ToArray();
        var set = FromSequences(train, items);
        var cases = Enumerable.Range(0, sequences.Length)
            .Where(user => sequences[user].Length >= 2)
            .Select(user => new EvaluationCase(UserHistory.Of(set, user), new HashSet<int> { sequences[user][^1] }));
        return new(Protocol.NextItem, set, [.. cases]);
    }

    /// <summary>A training set in time order; an item's strength is how often it occurs.</summary>
    public static TrainingSet FromSequences(int[][] sequences, int items)
    {
        var elements = sequences.SelectMany((sequence, user) => sequence.Select(item => (user, item, 1f))).ToList();
        return new(CsrMatrix.FromTriplets(sequences.Length, items, elements), sequences);
    }

    private EvaluationSet HoldOut(ulong seed)
    {
        var (train, answers) = HeldOutPairs.Of(Train, Protocol == Protocol.Sampled ? SampledValidationShare : ValidationShare, seed);
        return new(Protocol, train, [.. answers.SelectMany(a => Questions(UserHistory.Of(train, a.Key), a.Key, a.Value, seed))]);
    }

    private IEnumerable<EvaluationCase> Questions(UserHistory history, int user, IReadOnlySet<int> answers, ulong seed)
        => Protocol == Protocol.Sampled
            ? answers.Order().Select(answer => new EvaluationCase(history, new HashSet<int> { answer }, DrawNegatives(seed, user, answer)))
            : [new(history, answers)];

    private int[] DrawNegatives(ulong seed, int user, int answer)
    {
        var random = new SeededRandom(seed, (ulong)user, (ulong)answer);
        var known = Train.Strengths.Row(user);   // the held-out items are among them
        var negatives = new HashSet<int>();
        var wanted = Math.Min(SampledNegatives, Train.Items - known.Count);
        while (negatives.Count < wanted)
        {
            var item = random.NextInt(Train.Items);
            if (!known.Contains(item))
            {
                negatives.Add(item);
            }
        }
        return [.. negatives];
    }
}
