using Segue.Numerics;
using Segue.Ranking.Artists;

namespace Segue.Ranking.Tests.Artists;

public sealed class ArtistRankerTests
{
    private static readonly ArtistFunnelOptions Options = new() { Penalty = 0.01, FactorPenalty = 0.01 };

    [Fact]
    public void A_feature_that_tells_the_taken_has_weight_and_one_that_never_changes_has_none()
    {
        var ranker = Learn(Lessons());

        Assert.True(ranker.Weights[0] > 0.5);
        Assert.True(Math.Abs(ranker.Weights[1]) < 0.2 * ranker.Weights[0]);   // noise
        Assert.Equal(0, ranker.Weights[2]);                                   // a constant
        Assert.True(ranker.Weights[3] < -0.2);                                // speaks against
    }

    [Fact]
    public void A_score_is_the_sum_of_what_each_feature_adds()
    {
        var ranker = Learn(Lessons());
        float[] features = [1, 2, 5, -1];

        Assert.Equal(Enumerable.Range(0, 4).Sum(f => ranker.Part(f, features[f])), ranker.Score(features), 1e-6);
    }

    [Fact]
    public void Threads_change_no_bit()
        => Assert.Equal(Learn(Lessons()).Weights, Learn(Lessons(), threads: 3).Weights);

    [Fact]
    public void The_weights_lie_where_the_loss_is_least()
    {
        var (lessons, same) = (Lessons(), Lessons());
        var ranker = Learn(lessons, Options with { Steps = 2000 });   // standardizes its lessons
        _ = Learn(same);
        double Loss(float[] weights) => same.Average(lesson => Plain(lesson, weights)) + weights.Sum(weight => 0.005 * weight * weight);

        var best = Loss([.. ranker.Weights]);
        foreach (var (feature, step) in from f in new[] { 0, 1, 3 } from s in new[] { -0.05f, 0.05f } select (f, s))
        {
            float[] beside = [.. ranker.Weights];
            beside[feature] += step;
            Assert.True(Loss(beside) > best);
        }
    }

    [Fact]
    public void Factors_share_a_scale_and_their_products_another()
    {
        var random = new SeededRandom(9);
        float Normal(double deviation) => (float)(deviation * random.NextNormal());
        List<ArtistLesson> lessons = [.. Enumerable.Range(0, 200).Select(_ => new ArtistLesson([.. Enumerable.Range(0, 10).Select(_ => new[] { Normal(5), Normal(4), Normal(0.01), Normal(2), Normal(0.01) })], Taken: 1))];

        _ = ArtistRanker.Learn(lessons, features: 5, plain: 1, Options, threads: 1, TestContext.Current.CancellationToken);

        double[] expected = [1, Math.Sqrt(2), 0.0025 * Math.Sqrt(2), Math.Sqrt(2), 0.005 * Math.Sqrt(2)];
        Assert.All(Enumerable.Range(0, 5), f =>
            Assert.Equal(1, Math.Sqrt(lessons.SelectMany(lesson => lesson.Features).Average(values => (double)values[f] * values[f])) / expected[f], 0.1));
    }

    [Fact]
    public void Without_lessons_every_candidate_scores_the_same()
        => Assert.Equal(0, ArtistRanker.Learn([], 4, 4, Options, threads: 1, TestContext.Current.CancellationToken).Score([1, 2, 3, 4]));

    private static double Plain(ArtistLesson lesson, float[] weights)
    {
        var powers = lesson.Features.Select(features => Math.Exp(features.Zip(weights, (x, w) => (double)x * w).Sum())).ToList();
        var others = powers.Skip(lesson.Taken).Sum();
        return powers.Take(lesson.Taken).Average(own => -Math.Log(own / (own + others)));
    }

    private static ArtistRanker Learn(List<ArtistLesson> lessons, ArtistFunnelOptions? options = null, int threads = 1)
        => ArtistRanker.Learn(lessons, features: 4, plain: 2, options ?? Options, threads, TestContext.Current.CancellationToken);

    // The taken have a greater first and a smaller fourth feature on average.
    private static List<ArtistLesson> Lessons()
    {
        var random = new SeededRandom(8);
        return [.. Enumerable.Range(0, 100).Select(_ => new ArtistLesson(
            [.. Enumerable.Range(0, 12).Select(n => new[]
            {
                (float)random.NextNormal() + (n < 2 ? 1.5f : 0), (float)random.NextNormal(), 5f, (float)random.NextNormal() - (n < 2 ? 0.7f : 0),
            })], Taken: 2))];
    }
}
