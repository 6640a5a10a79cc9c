using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Retrieval.Nearest;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Nearest;

public sealed class TasteIndexTests
{
    private const int Added = 70;
    private static readonly ImplicitAlsModel Trained = TinyWorld.Models.Taste;
    private static readonly int Tracks = Trained.Items, D = Trained.Factors;
    private static readonly ImplicitAlsModel Grown = TinyWorld.Models.WithTracks(
        [.. Enumerable.Range(0, Added).Select(n => TinyWorld.Catalogue[0] with { Id = new($"added {n}") })], Random(Added, 2)).Taste;

    [Fact]
    public void Lists_are_those_of_scoring_every_track()
    {
        var index = new TasteIndex(Trained, Trained);
        for (ulong seed = 0; seed < 50; seed++)
        {
            var (query, excluded, count) = Ask(seed, Tracks);

            Assert.Equal(Plainly(Trained, query, excluded, count), index.Nearest(query, count, excluded));
        }
    }

    [Fact]
    public void Tracks_that_came_since_the_training_are_found_among_the_others()
    {
        var index = new TasteIndex(Trained, Trained).With(Grown);
        for (ulong seed = 0; seed < 50; seed++)
        {
            var (query, excluded, count) = Ask(seed, Grown.Items);

            var found = index.Nearest(query, count, excluded);

            Assert.Equal(Plainly(Grown, query, excluded, count), found);
            Assert.Equal(found, index.Nearest(query, count, excluded, least: found[^1].Score));
        }
        Assert.Contains(index.Nearest(Grown.ItemFactors.Row(Tracks + 3), 500, []), item => item.Item == Tracks + 3);
    }

    [Fact]
    public void A_choice_lets_no_other_tracks_be_found_whether_trained_or_added()
    {
        var index = new TasteIndex(Trained, Trained).With(Grown);
        for (ulong seed = 0; seed < 50; seed++)
        {
            var (query, excluded, count) = Ask(seed, Grown.Items);
            var random = new SeededRandom(seed, 10);
            var kept = Enumerable.Range(0, Grown.Items).Where(_ => random.NextBool(0.4)).ToHashSet();
            var choice = new TrackChoice(index, kept.Contains);

            var found = index.Nearest(query, count, excluded, choice);
            Assert.Equal(kept.Count, choice.Count);
            Assert.Equal(found, index.Nearest(query, count, excluded, choice, least: found[^1].Score));
            Assert.Equal(Plainly(Grown, query, [.. Enumerable.Range(0, Grown.Items).Where(track => !kept.Contains(track) || excluded.Contains(track))], count), index.Nearest(query, count, excluded, choice));
        }
    }

    [Fact]
    public void Any_number_of_threads_may_ask_at_once()
    {
        var index = new TasteIndex(Trained, Trained).With(Grown);
        Workers.For(200, 4, n =>
        {
            var (query, excluded, count) = Ask((ulong)n % 20, Grown.Items);
            Assert.Equal(Plainly(Grown, query, excluded, count), index.Nearest(query, count, excluded));
        }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Who_asks_for_none_gets_none()
        => Assert.Empty(new TasteIndex(Trained, Trained).Nearest(Trained.ItemFactors.Row(0), 0, []));

    private static (float[] Query, int[] Excluded, int Count) Ask(ulong seed, int tracks)
    {
        var random = new SeededRandom(seed, 9);
        float[] query = [.. Enumerable.Range(0, D).Select(_ => seed == 7 ? 0 : (float)random.NextNormal())];
        int[] excluded = [.. Enumerable.Range(0, tracks).Where(_ => random.NextBool(0.3))];
        return (query, excluded, 1 + random.NextInt(40));
    }

    private static ScoredItem[] Plainly(ImplicitAlsModel model, float[] query, int[] excluded, int count)
    {
        var scores = new float[model.Items];
        model.Score(query, scores);
        Array.ForEach(excluded, track => scores[track] = float.NegativeInfinity);
        return TopK.Select(scores, count);
    }

    private static DenseMatrix Random(int rows, ulong seed)
    {
        var (matrix, random) = (new DenseMatrix(rows, D), new SeededRandom(seed));
        foreach (ref var value in matrix.AsSpan())
        {
            value = (float)random.NextNormal();
        }
        return matrix;
    }
}
