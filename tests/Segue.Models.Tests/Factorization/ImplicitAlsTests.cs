using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Numerics.Sparse;

namespace Segue.Models.Tests.Factorization;

public sealed class ImplicitAlsTests
{
    private static ImplicitAlsModel Train(TrainingSet data, ImplicitAlsOptions options)
        => (ImplicitAlsModel)new ImplicitAlsTrainer(options).Train(data, new(7, 2, Cancellation: TestContext.Current.CancellationToken));

    [Fact]
    public void Held_back_item_of_the_same_taste_comes_first()
    {
        var plays = Worlds.TwoTastes(50);

        var model = Train(plays, new() { Factors = 2, Lambda = 0.001 });

        Assert.All(Enumerable.Range(0, 50), user =>
        {
            var known = UserHistory.Of(plays, user);
            Assert.Equal([user], model.Recommend(known, 1, known.Items).Select(scored => scored.Item));
        });
    }

    [Fact]
    public void A_row_solves_its_normal_equations_written_out_plainly()
    {
        for (ulong world = 0; world < 100; world++)
        {
            var random = new SeededRandom(3, world);
            var (d, items) = (1 + random.NextInt(8), 5 + random.NextInt(20));
            var options = new ImplicitAlsOptions
            {
                Factors = d,
                Alpha0 = random.NextDouble(),
                Lambda = 0.05 + random.NextDouble(),
                Nu = random.NextDouble(),
                CountWeight = random.NextBool(0.5) ? 2 * random.NextDouble() : 0,
                Terms = new Dictionary<InteractionAction, ActionTerm> { [InteractionAction.Skip] = new(2 * random.NextDouble(), -random.NextDouble()) },
            };
            var y = new DenseMatrix(items, d);
            foreach (ref var value in y.AsSpan())
            {
                value = (float)random.NextNormal();
            }
            var taken = Enumerable.Range(0, items).Where(_ => random.NextBool(0.4)).ToArray();
            var strengths = taken.Select(_ => random.NextBool(0.3) ? -3 * (float)random.NextDouble() : 5 * (float)random.NextDouble()).ToArray();
            var x = new float[d];
            Array.Fill(x, 99);

            var (weights, targets) = Weigh(options, taken, strengths);
            new PlainAlsSolver(options, y, y.Gram(1)).Solve(taken, weights, targets, x);

            if (taken.Length == 0)
            {
                Assert.All(x, value => Assert.Equal(0, value));
                continue;
            }
            var liked = strengths.Where(s => s > 0).Select(s => (double)s).DefaultIfEmpty(1).Average();
            for (var f = 0; f < d; f++)
            {
                // The gradient's half by x_f is zero: α₀ Σᵢ (x·yᵢ) yᵢ_f + λ' x_f + Σₙ cₙ (x·yₙ - pₙ) yₙ_f.
                var left = options.Lambda * Math.Pow(taken.Length + options.Alpha0 * items, options.Nu) * x[f];
                for (var item = 0; item < items; item++)
                {
                    left += options.Alpha0 * PlainDot(x, y.Row(item)) * y.Row(item)[f];
                }
                double size = 1;
                for (var n = 0; n < taken.Length; n++)
                {
                    var refusal = options.Terms[InteractionAction.Skip];
                    var weight = strengths[n] > 0 ? 1 + options.CountWeight * Math.Log(1 + strengths[n] / liked) : refusal.Weight * Math.Log2(1 - strengths[n]);
                    var target = strengths[n] > 0 ? 1 : refusal.Target;
                    left += weight * (PlainDot(x, y.Row(taken[n])) - target) * y.Row(taken[n])[f];
                    size += weight * Math.Abs(y.Row(taken[n])[f]);
                }
                Assert.Equal(0, left, 2e-4 * size);
            }
        }
    }

    [Fact]
    public void The_objective_never_rises_over_the_sweeps()
    {
        var data = Worlds.Chance(9, 40, 30, ordered: false);
        var before = double.PositiveInfinity;
        for (var sweeps = 1; sweeps <= 12; sweeps++)
        {
            var options = new ImplicitAlsOptions { Factors = 6, Sweeps = sweeps, Lambda = 0.02, Nu = 0.7 };
            var objective = PlainObjective(data, Train(data, options), options);

            Assert.True(objective <= before * (1 + 1e-5), $"sweep {sweeps}: {before} rose to {objective}");
            before = objective;
        }
    }

    [Fact]
    public void Folding_in_a_users_row_gives_the_factors_of_the_training()
    {
        var data = Worlds.Chance(10, 50, 40, ordered: false);
        var model = Train(data, new() { Factors = 8, CountWeight = 0.7 });

        for (var user = 0; user < data.Users; user++)
        {
            var folded = model.FoldIn(UserHistory.Of(data, user) with { Row = null });
            for (var f = 0; f < 8; f++)
            {
                Assert.Equal(model.UserFactors(user)[f], folded[f], 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(40)]
    [InlineData(200)]
    public void Folding_in_is_a_half_step_whatever_the_dimension(int d)
    {
        var data = Worlds.Chance(14, 60, 50, ordered: false);
        var model = Train(data, new() { Factors = d, Sweeps = 3, CountWeight = 0.4, Alpha0 = 0.3 });

        for (var user = 0; user < data.Users; user++)
        {
            var folded = model.FoldIn(UserHistory.Of(data, user) with { Row = null });
            var size = Math.Sqrt(folded.Sum(x => (double)x * x));
            Assert.InRange(Math.Sqrt(Enumerable.Range(0, d).Sum(f => Math.Pow(folded[f] - model.UserFactors(user)[f], 2))), 0, 1e-4 * size);
        }
    }

    [Fact]
    public void A_model_saved_before_there_were_steps_is_loaded()
    {
        var settings = new ImplicitAlsOptions { Factors = 2, CountWeight = 0.5 }.ToSettings().Where(s => s.Key != "steps").ToDictionary();
        var file = new ModelFile("als", 1, 2, settings);
        file.Add<float>("userFactors", [1, 2]);
        file.Add<float>("itemFactors", [3, 4, 5, 6]);
        using var stream = new MemoryStream();
        file.WriteTo(stream);
        stream.Position = 0;

        var model = (ImplicitAlsModel)ModelKinds.Load(stream);

        Assert.Equal([11, 17], Worlds.Scores(model, new(0, [], [])));
    }

    [Fact]
    public void A_model_saved_before_actions_were_told_apart_is_loaded()
    {
        var settings = new ImplicitAlsOptions { Factors = 2 }.ToSettings().Where(s => !s.Key.Contains('.', StringComparison.Ordinal)).ToDictionary();

        var options = ImplicitAlsOptions.FromFile(new Dictionary<string, double>(settings) { ["negativeTarget"] = -0.3 });

        Assert.Equal(new ActionTerm(1, -0.3), options.Terms[InteractionAction.Skip]);
        Assert.Equal(2, options.Factors);
    }

    [Fact]
    public void Repeats_in_a_history_add_up_as_in_the_matrix()
    {
        var model = Train(Worlds.Chance(10, 50, 40, ordered: false), new() { Factors = 8, CountWeight = 0.7 });

        Assert.Equal(model.FoldIn(new(null, [3, 5], [3, 1])), model.FoldIn(new(null, [3, 5, 3], [1, 1, 2])));
        Assert.All(model.FoldIn(UserHistory.Empty), value => Assert.Equal(0, value));
    }

    [Fact]
    public void What_the_items_of_a_history_contribute_adds_up_to_the_score()
    {
        for (ulong world = 0; world < 30; world++)
        {
            var random = new SeededRandom(12, world);
            var options = new ImplicitAlsOptions { Factors = 5, CountWeight = random.NextDouble(), Lambda = 0.1 };
            var model = Train(Worlds.Chance(world, 30, 25, ordered: false), options with { Sweeps = 3 });
            int[] items = [.. Enumerable.Range(0, 25).Where(_ => random.NextBool(0.3))];
            float[] strengths = [.. items.Select(_ => random.NextBool(0.2) ? -1f : 1 + random.NextInt(4))];
            var solver = new PlainAlsSolver(options with { Sweeps = 3 }, model.ItemFactors, model.ItemFactors.Gram(1));
            var scores = Worlds.Scores(model, new(null, items, strengths));

            var (weights, targets) = Weigh(options, items, strengths);
            var contributions = model.Contributions(model.Fold(new UserHistory(null, items, strengths)), [.. Enumerable.Range(0, 25)]);

            Assert.Equal(items, contributions.Items);
            Assert.All(Enumerable.Range(0, 25), item =>
            {
                var plainly = solver.Contributions(items, weights, targets, item);
                Assert.Equal(scores[item], plainly.Sum(), 1e-4);
                Assert.All(Enumerable.Range(0, items.Length), n => Assert.Equal(plainly[n], contributions.Of(item)[n], 1e-4));
            });
        }
    }

    [Fact]
    public void A_system_that_float_cannot_solve_is_named_with_what_helps()
    {
        using var byUser = WeightedRows.Create(3, [0, 1, 3, 4], new([3e38f, 1], [-1, 1]), (user, items, codes) =>
        {
            (user == 1 ? new[] { 0, 1 } : [user]).CopyTo(items);
            codes.Fill((byte)(user == 2 ? 1 : 0));
        });
        using var byItem = byUser.Transpose();

        var fault = Assert.Throws<ModelDivergedException>(
            () => new CollectiveAls(new() { Factors = 8, Lambda = 1e-9, Alpha0 = 0 }).Train(byUser, byItem, TrainingRun.WithSeed(1)));

        Assert.Contains("raise lambda", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_item_scores_below_its_liked_twin()
    {
        // Items 0 and 1 are loved by the same users; the last user refuses item 1 and likes what they like beside it.
        var elements = Enumerable.Range(0, 20).SelectMany(user => new[] { (user, 0, 1f), (user, 1, 1f), (user, 2, 1f) });
        var data = new TrainingSet(CsrMatrix.FromTriplets(21, 4, [.. elements, (20, 2, 1f), (20, 3, 1f), (20, 1, -3f)]));

        var scores = Worlds.Scores(Train(data, new() { Factors = 4, Lambda = 0.001 }), UserHistory.Of(data, 20));

        Assert.True(scores[1] < scores[0], $"{scores[1]} is not below {scores[0]}");
    }

    private static (float[] Weights, float[] Targets) Weigh(ImplicitAlsOptions options, int[] items, float[] strengths)
    {
        var (weights, targets) = (new float[items.Length], new float[items.Length]);
        Assert.Equal(items.Length, options.CreateWeights().Weigh([.. new UserHistory(null, items, strengths).Actions], new int[items.Length], weights, targets));
        return (weights, targets);
    }

    private static double PlainDot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }
        return sum;
    }

    // Without count weights both sides' row problems minimize this one function.
    private static double PlainObjective(TrainingSet data, ImplicitAlsModel model, ImplicitAlsOptions options)
    {
        double objective = 0;
        var listenersOfItem = data.Strengths.Transpose();
        for (var user = 0; user < data.Users; user++)
        {
            var x = model.UserFactors(user);
            var row = data.Strengths.Row(user);
            for (var item = 0; item < data.Items; item++)
            {
                var score = PlainDot(x, model.ItemFactors.Row(item));
                objective += options.Alpha0 * score * score;
                if (row.Columns.BinarySearch(item) is >= 0 and var n)
                {
                    var refusal = options.Terms[InteractionAction.Skip];
                    var (weight, target) = row.Values[n] > 0 ? (1, 1) : (refusal.Weight * Math.Log2(1 - row.Values[n]), refusal.Target);
                    objective += weight * (target - score) * (target - score);
                }
            }
            objective += options.Lambda * Math.Pow(row.Count + options.Alpha0 * data.Items, options.Nu) * PlainDot(x, x);
        }
        for (var item = 0; item < data.Items; item++)
        {
            var y = model.ItemFactors.Row(item);
            objective += options.Lambda * Math.Pow(listenersOfItem.Row(item).Count + options.Alpha0 * data.Users, options.Nu) * PlainDot(y, y);
        }
        return objective;
    }
}
