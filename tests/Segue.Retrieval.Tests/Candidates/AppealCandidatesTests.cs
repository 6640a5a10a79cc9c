using Segue.Models.Popularity;
using Segue.Numerics;
using Segue.Retrieval.Candidates;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Candidates;

public sealed class AppealCandidatesTests
{
    private static readonly MostPopularModel Popular = TinyWorld.WithAppeal.Popular;

    private static ScoredItem[] Propose(int count, MostPopularModel popular, IReadOnlyCollection<int> excluded, params SessionSignal[] signals) => new AppealCandidates().Propose(
        new(TinyWorld.Data.Catalogue, TinyWorld.Models with { Popular = popular }, TinyWorld.Nearest, TinyWorld.Data.History(0), signals, new(excluded), new(Skip: 1)), count);

    [Fact]
    public void Proposed_are_the_best_by_appeal_and_genre_as_scoring_all_tracks_would_have_them()
    {
        for (ulong world = 0; world < 50; world++)
        {
            var random = new SeededRandom(6, world);
            var signals = Enumerable.Range(0, random.NextInt(7)).Select(_ => new SessionSignal(random.NextInt(60), random.NextBool(0.6) ? 1 : -1, IsSeed: false)).ToArray();
            var excluded = Enumerable.Range(0, 60).Where(_ => random.NextBool(0.2)).ToHashSet();
            float Worth(int track)
            {
                var own = signals.Where(signal => TinyWorld.GenreOf(signal.Track) == TinyWorld.GenreOf(track)).Select(signal => signal.Strength).ToList();
                return Math.Max(0, 1.5f * own.Sum() / (own.Sum(Math.Abs) + 1));
            }

            var expected = Enumerable.Range(0, 60).Where(track => Popular.AppealOf(track) > 0 && !excluded.Contains(track))
                .Select(track => (Track: track, Score: Popular.AppealOf(track) + Worth(track))).OrderByDescending(scored => scored.Score).Take(12).ToList();
            var proposed = Propose(12, Popular, excluded, signals);

            Assert.Equal(12, proposed.Length);
            Assert.All(expected.Zip(proposed), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-5f));
            Assert.Equal(expected.Select(scored => scored.Track), proposed.Select(scored => scored.Item));
        }
    }

    [Fact]
    public void Where_nothing_was_skipped_nothing_is_proposed()
    {
        var heard = (MostPopularModel)new MostPopularTrainer().Train(new(CsrMatrix.FromTriplets(2, 60, [(0, 1, 2f), (1, 5, 1f)])), new(1, 1));

        Assert.Empty(Propose(10, heard, []));
    }
}
