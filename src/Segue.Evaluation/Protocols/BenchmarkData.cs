using Segue.Core;
using Segue.Events.Importing;
using Segue.Features;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Evaluation.Protocols;

/// <summary>Builds evaluation sets out of what benchmark files and logs hold.</summary>
public static class BenchmarkData
{
    /// <summary>Full ranking: the test rows are the answers; rows of the test that the user also trained on are no question.</summary>
    public static EvaluationSet Full(IReadOnlyList<Interaction> train, IReadOnlyList<Interaction> test)
    {
        var (users, items) = (new IdMap(), new IdMap());
        var set = Train(train, test, users, items);
        var answers = new SortedDictionary<int, HashSet<int>>();
        foreach (var row in test)
        {
            var (user, item) = (users.Find(row.User)!.Value, items.Find(row.Item)!.Value);
            if (!set.Strengths.Row(user).Contains(item) && !answers.TryAdd(user, [item]))
            {
                answers[user].Add(item);
            }
        }
        return new(Protocol.Full, set, [.. answers.Select(a => new EvaluationCase(UserHistory.Of(set, a.Key), a.Value))]);
    }

    /// <summary>Sampled: each line of negatives is a question.</summary>
    /// <param name="test">The held-out row of each user; needed where the negatives do not name it.</param>
    /// <exception cref="ImportException">A user has no held-out item, or two different ones.</exception>
    public static EvaluationSet Sampled(IReadOnlyList<Interaction> train, IReadOnlyList<Interaction> test, IReadOnlyList<SampledNegatives> negatives)
    {
        var (users, items) = (new IdMap(), new IdMap());
        var set = Train(train, [.. test, .. negatives.SelectMany(AsRows)], users, items);
        var held = new Dictionary<string, string>();
        foreach (var row in test)
        {
            if (!held.TryAdd(row.User, row.Item) && held[row.User] != row.Item)
            {
                throw new ImportException($"User '{row.User}' has two held-out items, '{held[row.User]}' and '{row.Item}'; this protocol ranks one.");
            }
        }
        var cases = negatives.Select(sample =>
        {
            var answer = held.GetValueOrDefault(sample.User) ?? sample.HeldOut
                ?? throw new ImportException($"User '{sample.User}' has negatives but no held-out item in the test file.");
            if (sample.HeldOut is not null && sample.HeldOut != answer)
            {
                throw new ImportException(
                    $"The negatives of user '{sample.User}' belong to item '{sample.HeldOut}', but the test file holds out '{answer}'.");
            }
            return new EvaluationCase(
                UserHistory.Of(set, users.Find(sample.User)!.Value),
                new HashSet<int> { items.Find(answer)!.Value },
                [.. sample.Items.Select(item => items.Find(item)!.Value)]);
        });
        return new(Protocol.Sampled, set, [.. cases]);
    }

    /// <summary>Sampled, the last item of each sequence being held out.</summary>
    public static EvaluationSet Sampled(IReadOnlyList<UserSequence> sequences, IReadOnlyList<SampledNegatives> negatives)
    {
        var long2 = sequences.Where(sequence => sequence.Items.Count >= 2).ToList();
        return Sampled(
            [.. sequences.SelectMany(s => s.Items.Take(Math.Max(1, s.Items.Count - 1)).Select(item => Row(s.User, item)))],
            [.. long2.Select(s => Row(s.User, s.Items[^1]))],
            negatives);
    }

    /// <summary>Next item.</summary>
    /// <param name="test">The items that followed, the first of which is asked for; null to hold out the last of each sequence.</param>
    /// <exception cref="ImportException">The test names a user that has no sequence.</exception>
    public static EvaluationSet NextItem(IReadOnlyList<UserSequence> train, IReadOnlyList<UserSequence>? test)
    {
        var (users, items) = (new IdMap(train.Select(sequence => sequence.User)), new IdMap());
        int[][] rows = [.. train.Select(sequence => sequence.Items.Select(items.Add).ToArray())];
        if (test is null)
        {
            return EvaluationSet.NextItem(rows, items.Count);
        }
        var answers = test.Where(next => next.Items.Count > 0).Select(next => (
            User: users.Find(next.User) ?? throw new ImportException($"The test names the user '{next.User}', who has no training sequence."),
            Item: items.Add(next.Items[0]))).ToList();
        var set = EvaluationSet.FromSequences(rows, items.Count);
        return new(Protocol.NextItem, set, [.. answers.Select(a => new EvaluationCase(UserHistory.Of(set, a.User), new HashSet<int> { a.Item }))]);
    }

    /// <summary>Cuts a log in time: all before the moment at which <paramref name="testShare"/> of the rows are still to come is for
    /// training. Questions are asked of users who trained, about items new to them.</summary>
    /// <param name="testShare">In (0, 1).</param>
    /// <exception cref="ImportException">A row has no time.</exception>
    public static (EvaluationSet Set, DateTimeOffset CutAt) TimeSplit(IReadOnlyList<Interaction> log, double testShare)
    {
        if (testShare is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(testShare), testShare, $"The test share is {testShare}; it must lie between 0 and 1.");
        }
        if (log.Count == 0 || log.Any(row => row.Time is null))
        {
            throw new ImportException("A split in time needs a time on every row; " + (log.Count == 0 ? "there are no rows." : "some rows have none."));
        }
        var times = log.Select(row => row.Time!.Value).Order().ToArray();
        var cut = times[Math.Min(times.Length - 1, (int)((1 - testShare) * times.Length))];
        var train = log.Where(row => row.Time < cut).ToList();
        var known = train.Select(row => row.User).ToHashSet();
        return (Full(train, [.. log.Where(row => row.Time >= cut && IsLiking(row) && known.Contains(row.User))]), cut);
    }

    /// <summary>Rows of users, items and summed values. Refusals and their like are left out: these protocols know likings only.</summary>
    private static TrainingSet Train(IReadOnlyList<Interaction> train, IReadOnlyList<Interaction> alsoKnown, IdMap users, IdMap items)
    {
        var elements = train.Where(IsLiking).Select(row => (users.Add(row.User), items.Add(row.Item), (float)row.Value)).ToList();
        foreach (var row in alsoKnown)
        {
            users.Add(row.User);
            items.Add(row.Item);
        }
        return new(CsrMatrix.FromTriplets(users.Count, items.Count, elements));
    }

    private static bool IsLiking(Interaction row) => row.Action is not (InteractionAction.Skip or InteractionAction.VoteDown);

    private static IEnumerable<Interaction> AsRows(SampledNegatives sample)
        => sample.Items.Concat(sample.HeldOut is { } held ? [held] : []).Select(item => Row(sample.User, item));

    private static Interaction Row(string user, string item) => new(user, item, 1, null, InteractionAction.Listen);
}
