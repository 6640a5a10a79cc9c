using System.Diagnostics;
using System.Globalization;
using Segue.Benchmarks.Retrieval;
using Segue.Core;
using Segue.Features;
using Segue.Numerics;
using Segue.Ranking;
using Segue.Ranking.Rules;

namespace Segue.Benchmarks.Rankers;

/// <summary>What taking a list of 50 and of 10 from a pool costs under maximal marginal relevance, beside the spacing of artists alone: <c>diversity [TRACKS [FACTORS]]</c>, 500 and 64 where nothing is said. The pool is the best
/// of 20,000 tracks for a listener, in order; ten tracks were heard before.</summary>
internal static class DiversityScale
{
    private const int Catalogue = 20_000, TracksOfArtist = 20, Rounds = 50, Repeats = 100, Listeners = 8;

    public static void Run(string[] args)
    {
        int Given(int n, int usual) => args.Length > n ? int.Parse(args[n], CultureInfo.InvariantCulture) : usual;
        var (tracks, d) = (Given(0, 500), Given(1, 64));
        var places = SyntheticCatalogue.Items(Catalogue, d, skewed: true);
        var catalogue = new CatalogueIndex([.. Enumerable.Range(0, Catalogue).Select(n => new Track(new($"t{n}"), $"t{n}", new(new($"a{n / TracksOfArtist}"), $"a{n / TracksOfArtist}"), null, [], null))]);
        ListScene[] scenes = [.. Enumerable.Range(0, Listeners).Select(listener => Scene(catalogue, places, SyntheticCatalogue.Listeners(Listeners, Catalogue, d).Row(listener).ToArray(), tracks))];
        Console.WriteLine($"lists from a pool of {tracks} tracks, {d} factors; µs a list, best of {Repeats}; a digest of what came");
        foreach (var count in (int[])[50, 10])
        {
            foreach (var diversity in (float[])[0, 0.3f, 0.6f, 0.9f])
            {
                Report($"{count}, diversity {diversity:F1}", scenes, new() { Diversity = diversity }, count);
            }
        }
    }

    private static ListScene Scene(CatalogueIndex catalogue, DenseMatrix places, float[] listener, int tracks)
    {
        var best = new TopK(tracks + 10);
        for (var track = 0; track < Catalogue; track++)
        {
            best.Add(track, Vectors.Dot(places.Row(track), listener));
        }
        var found = best.Take();
        return new(catalogue, [.. found[10..].Select(item => new RankedTrack(new(item.Item, "taste", 0), default(ScoreParts) with { Taste = item.Score }))], [.. found[..10].Select(item => item.Item)]) { Places = places };
    }

    private static void Report(string name, ListScene[] scenes, ListWishes wishes, int count)
    {
        PickedList Pick(int round)
        {
            var scene = scenes[round % scenes.Length];
            return ListPicker.Pick(scene, ListRules.For(scene, wishes, new()), count);
        }

        var best = TimeSpan.MaxValue;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var began = Stopwatch.GetTimestamp();
            for (var round = 0; round < Rounds; round++)
            {
                GC.KeepAlive(Pick(round));
            }
            var took = Stopwatch.GetElapsedTime(began) / Rounds;
            best = took < best ? took : best;
        }
        var sum = 17UL;
        for (var n = 0; n < scenes.Length; n++)
        {
            foreach (var track in Pick(n).Tracks)
            {
                sum = SeededRandom.Mix(sum ^ (ulong)track.Track);
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-22}{best.TotalMicroseconds,8:F1}   {sum:x16}"));
    }
}
