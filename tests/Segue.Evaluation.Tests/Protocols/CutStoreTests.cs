using Segue.Core;
using Segue.Evaluation.Protocols;

namespace Segue.Evaluation.Tests.Protocols;

public sealed class CutStoreTests
{
    private static readonly Track[] Catalogue = [.. Enumerable.Range(0, 6).Select(n => new Track(new($"t{n}"), "Title", new(new("a"), "Artist"), null, [], null))];

    [Fact]
    public void Models_learn_what_came_before_and_are_asked_for_what_was_new_afterwards()
    {
        Interaction[] told =
        [
            Of("u", 0, 1), Of("u", 1, 2), Of("v", 2, 3), Of("v", 3, 4), Of("u", 4, 5, InteractionAction.Skip), Of("u", 2, 6), Of("v", 5, 7),
            Of("u", 0, 8),                                    // was known before
            Of("u", 5, 8, InteractionAction.VoteDown),        // is no liking
            Of("w", 1, 9),                                    // somebody nobody knew
        ];

        var set = Assert.Single(EvaluationSet.CutStore(Catalogue, told, 0.5, 1000, 1));

        Assert.Equal([(0, "2"), (1, "5")], set.Cases.Select(question => (question.History.Row!.Value, string.Join(' ', question.Answers))));
        Assert.Equal([0, 1, 4], set.Cases[0].History.Items.Order());
        Assert.Equal(4, set.Train.Actions.OldestAge * 24, 1e-3);
    }

    [Fact]
    public void Without_times_a_fifth_is_held_out_by_chance_several_times()
    {
        var told = Enumerable.Range(0, 30).Select(n => new Interaction($"u{n % 5}", $"t{n / 5}", 1, null, InteractionAction.Listen)).ToArray();

        var sets = EvaluationSet.CutStore(Catalogue, told, 0.2, 1000, 1);

        Assert.Equal(3, sets.Count);
        Assert.All(sets, set => Assert.Equal(10, set.Answers));   // two of six for each of five
        Assert.NotEqual(sets[0].Cases.Select(c => c.Answers.First()), sets[1].Cases.Select(c => c.Answers.First()));
    }

    [Fact]
    public void Of_too_many_interactions_those_of_a_sample_of_users_are_looked_at()
    {
        var told = Enumerable.Range(0, 4000).Select(n => Of($"u{n / 4}", n % 6, n % 24)).ToArray();

        var set = Assert.Single(EvaluationSet.CutStore(Catalogue, told, 0.2, 1000, 1));

        Assert.InRange(set.Train.Users, 200, 300);
        Assert.Equal(set.Train.Users, Assert.Single(EvaluationSet.CutStore(Catalogue, told, 0.2, 1000, 1)).Train.Users);
    }

    private static Interaction Of(string user, int track, int hour, InteractionAction action = InteractionAction.Listen)
        => new(user, $"t{track}", 1, new DateTimeOffset(2026, 1, 1, hour, 0, 0, TimeSpan.Zero), action);
}
