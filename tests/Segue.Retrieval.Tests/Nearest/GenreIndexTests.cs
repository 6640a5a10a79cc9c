using Segue.Core;
using Segue.Features;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Retrieval.Nearest;

namespace Segue.Retrieval.Tests.Nearest;

public sealed class GenreIndexTests
{
    private const int Tracks = 6_000, D = 20;

    // Two large genres, one of ten tracks, and some tracks of none; 50 tracks of each came after the training.
    private static readonly IReadOnlyList<Track> All = [.. Enumerable.Range(0, Tracks + 100).Select(n => new Track(
        new($"t{n}"), "T", new(new("a"), "A"), n % 600 == 7 ? "rare" : n % 3 == 2 ? null : n % 3 == 0 ? "rock" : "jazz", [], null))];

    private static readonly CatalogueIndex Catalogue = new(All);
    private static readonly DenseMatrix Factors = Random(Tracks, 1), Later = Random(100, 2);
    private static readonly ModelSet Grown = ModelSet.OfSound("1", [.. All.Take(Tracks)], Factors).WithTracks([.. All.Skip(Tracks)], Later);

    private static DenseMatrix Random(int rows, ulong seed)
    {
        var (matrix, random) = (new DenseMatrix(rows, D), new SeededRandom(seed));
        for (var row = 0; row < rows; row++)
        {
            foreach (ref var value in matrix.Row(row))
            {
                value = (float)random.NextNormal();
            }
        }
        return matrix;
    }

    [Theory]
    [InlineData("rock")]
    [InlineData("jazz")]
    [InlineData("rare")]
    public void The_nearest_of_a_genre_are_those_of_scoring_all_of_it_with_and_without_a_filter(string name)
    {
        var nearest = new TasteIndex(Grown.Taste, Grown.Trained);
        var (index, genre, random) = (new GenreIndex(Catalogue, nearest), Catalogue.FindGenre(name)!.Value, new SeededRandom(3));
        var filter = new TrackChoice(nearest, track => track % 4 != 1);
        for (var n = 0; n < 20; n++)
        {
            var query = Random(1, (ulong)(100 + n)).Row(0).ToArray();
            var excluded = Enumerable.Range(0, 500).Select(_ => random.NextInt(Tracks + 100)).ToHashSet();
            foreach (var choice in (TrackChoice?[])[null, filter])
            {
                var kept = new ExcludedTracks(excluded, choice);
                var plain = Catalogue.TracksOfGenre(genre).Where(track => !kept.Contains(track)).Select(track => new ScoredItem(track, Vectors.Dot(query, Grown.Taste.ItemFactors.Row(track)))).ToList();
                plain.Sort(ScoredItem.BestFirst);

                Assert.Equal(plain.Take(30), index.Nearest(genre, query, 30, kept));
            }
        }
    }
}
