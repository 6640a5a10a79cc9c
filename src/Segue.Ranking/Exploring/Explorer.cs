using Segue.Numerics;
using Segue.Retrieval;

namespace Segue.Ranking.Exploring;

/// <summary>A list some of whose places may have gone to new tracks, and the chance with which each track came to its place.</summary>
/// <param name="Propensities">One for each track, in (0, 1].</param>
public sealed record ExploredList(IReadOnlyList<RankedTrack> Tracks, IReadOnlyList<double> Propensities);

/// <summary>Gives places of a list to new tracks, so that they find listeners: by chance, and with a chance that is known.</summary>
/// <remarks>
/// <para>Each place is given away with chance ε (ε-greedy). Which new track takes it is decided by Thompson's sampling (Chapelle and Li, "An Empirical Evaluation of Thompson Sampling", NIPS 2011) among the
/// <see cref="Nearest"/> new tracks nearest to the listener's taste and sitting, none of them further than a cosine of <see cref="LeastCosine"/>: the track of the largest of draws from Beta(1 + kept, 1 + refused), so what nobody heard
/// comes most, and what is refused gives way. The contest is held <see cref="Contests"/> times and the place is given by the shares of the wins: so the propensity of a new track is
/// ε · share exactly, and that of the others 1 − ε; where no new track may come, it is 1.</para>
/// <para>The same seed gives the same list. A new track is of an artist that the list and the last tracks heard have not. O(new tracks · d), and some ten microseconds for each place that is given away.</para>
/// </remarks>
public static class Explorer
{
    /// <summary>The candidates' source.</summary>
    public const string Source = "explore";

    /// <summary>New tracks that contend for a place.</summary>
    public const int Nearest = 20;

    /// <summary>Contests behind a place.</summary>
    public const int Contests = 64;

    /// <summary>Least likeness of a new track to what the listener wants.</summary>
    public const float LeastCosine = 0.2f;

    private const int ArtistsBack = 4;

    /// <param name="list">As the rules made it.</param>
    /// <param name="fresh">New tracks.</param>
    /// <param name="ranker">Scores the new tracks as the others.</param>
    /// <param name="before">Tracks of the sitting, oldest first.</param>
    public static ExploredList Place(
        IReadOnlyList<RankedTrack> list, IReadOnlyList<NewTrack> fresh, ListenerContext context, TrackRanker ranker, IReadOnlyList<int> before, double share, ulong seed)
    {
        var pool = Near(list, fresh, context, before);
        var (tracks, propensities, random) = (new List<RankedTrack>(list.Count), new List<double>(list.Count), new SeededRandom(seed, 0xE4B1));
        for (var place = 0; place < list.Count; place++)
        {
            if (pool.Count == 0)
            {
                tracks.Add(list[place]);
                propensities.Add(1);
                continue;
            }
            var gives = random.NextBool(share);   // drawn at every place: what one place decides moves no other
            var contest = new SeededRandom(seed, 0xE4B2, (ulong)place);
            if (!gives)
            {
                tracks.Add(list[place]);
                propensities.Add(1 - share);
                continue;
            }
            var wins = Wins(pool, ref contest);
            var winner = Draw(wins, ref contest);
            tracks.Add(ranker.Rank(context, [new Candidate(pool[winner].Track, Source, (float)wins[winner] / Contests)])[0]);
            propensities.Add(share * wins[winner] / Contests);
            var artist = context.Catalogue.ArtistOf(pool[winner].Track);
            pool.RemoveAll(other => context.Catalogue.ArtistOf(other.Track) == artist);
        }
        return new(tracks, propensities);
    }

    private static List<NewTrack> Near(IReadOnlyList<RankedTrack> list, IReadOnlyList<NewTrack> fresh, ListenerContext context, IReadOnlyList<int> before)
    {
        var wanted = (float[])context.Taste.Clone();
        if (context.SessionTaste is { } session)
        {
            Vectors.AddScaled(wanted, session, 1);
        }
        var artists = list.Select(track => track.Track).Concat(before.TakeLast(ArtistsBack)).Select(context.Catalogue.ArtistOf).ToHashSet();
        var refused = Refused(context);
        var best = new TopK(Nearest);
        for (var n = 0; n < fresh.Count; n++)
        {
            var track = fresh[n].Track;
            if (!context.Excluded.Contains(track) && !refused.Contains(context.Catalogue.GenreOf(track)) && !artists.Contains(context.Catalogue.ArtistOf(track))
                && Vectors.Cosine(wanted, context.Models.Taste.ItemFactors.Row(track)) is >= LeastCosine and var likeness)
            {
                best.Add(n, likeness);
            }
        }
        return [.. best.Take().Select(scored => fresh[scored.Item])];
    }

    // Genres that this sitting turns from.
    private static HashSet<int> Refused(ListenerContext context)
        => [.. context.Signals.GroupBy(signal => context.Catalogue.GenreOf(signal.Track)).Where(genre => genre.Key >= 0 && genre.Sum(signal => signal.Strength) < 0).Select(genre => genre.Key)];

    private static int[] Wins(List<NewTrack> pool, ref SeededRandom random)
    {
        var wins = new int[pool.Count];
        for (var contest = 0; contest < Contests; contest++)
        {
            var (winner, most) = (0, double.NegativeInfinity);
            for (var n = 0; n < pool.Count; n++)
            {
                var (kept, refused) = (Gamma(1 + pool[n].Kept, ref random), Gamma(1 + pool[n].Refused, ref random));
                if (kept / (kept + refused) is var drawn && drawn > most)
                {
                    (winner, most) = (n, drawn);
                }
            }
            wins[winner]++;
        }
        return wins;
    }

    // A sum of exponential numbers: shapes are small whole ones.
    private static double Gamma(int shape, ref SeededRandom random)
    {
        double sum = 0;
        for (var n = 0; n < shape; n++)
        {
            sum -= Math.Log(1 - random.NextDouble());
        }
        return sum;
    }

    private static int Draw(int[] wins, ref SeededRandom random)
    {
        var left = random.NextInt(Contests);
        var winner = 0;
        while ((left -= wins[winner]) >= 0)
        {
            winner++;
        }
        return winner;
    }
}
