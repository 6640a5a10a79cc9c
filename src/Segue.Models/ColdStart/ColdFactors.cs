using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Models.ColdStart;

/// <summary>Places tracks that nobody heard yet among the factors of those that were: by artist, album, sound and a network's guess.</summary>
/// <remarks>
/// ŷ = s · Σ_j w_j ρ_j m_j over what is known of the track: m the mean factors of its artist's tracks, of its album's, what its sound tells (the tracks that sound most like it, weighted by cosine,
/// or <see cref="SoundRegression"/>, whichever tells held-out tracks better), and what a network says; ρ = n / (n + k) for a mean of n tracks of an artist or album, else 1. No mean is brought to a length: one of tracks that disagree is short. Each set of sources
/// has weights of its own (<see cref="ColdWeightFit"/>), and s brings the typical place to the length of tracks that few have heard, for that is what a new one is.
/// A track of which nothing is known gets the mean of those. Immutable, for any number of threads.
/// </remarks>
public sealed class ColdFactors
{
    private readonly WarmTracks _warm;
    private readonly float[] _prior;
    private readonly Lazy<SoundRegression?> _regression;

    /// <param name="data">The tracks that were trained; kept.</param>
    /// <param name="weights">From <see cref="Fit"/>, of this training or an earlier one.</param>
    /// <exception cref="ArgumentException">The parts of the data disagree.</exception>
    public ColdFactors(ColdStartData data, ColdWeights weights, ColdFactorsOptions options)
        : this(Warm(data, options), weights, options)
    {
    }

    private ColdFactors(WarmTracks warm, ColdWeights weights, ColdFactorsOptions options)
    {
        (_warm, Weights, Options) = (warm, weights, options);
        _regression = new(() => weights.Regression is { } shape ? SoundRegression.Fit(warm, shape, Workers.Default) : null);
        _prior = warm.Mean(ColdPrior.LeastHeard(warm, options).Select(item => (item, 1.0)), 1) ?? new float[warm.Data.Factors.Columns];
    }

    public ColdWeights Weights { get; }
    public ColdFactorsOptions Options { get; }

    /// <summary>Fits the weights on trained tracks held out in turn, and places by them.</summary>
    /// <param name="run">Its seed draws what is held out; threads change nothing.</param>
    /// <exception cref="ArgumentException">The parts of the data disagree.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ColdFactors Fit(ColdStartData data, ColdFactorsOptions options, TrainingRun run)
    {
        var warm = Warm(data, options);
        return new(warm, new ColdWeightFit(warm, options, run).Run(), options);
    }

    /// <summary>The place of one new track.</summary>
    public ColdPlacement Place(ColdTrack track) => PlaceAll([track], threads: 1)[0];

    /// <summary>The places of new tracks; together they take a fraction of the time that each takes alone.</summary>
    /// <exception cref="ArgumentException">A sound or a prediction has not as many values as those of the trained tracks.</exception>
    public ColdPlacement[] PlaceAll(IReadOnlyList<ColdTrack> tracks, int threads, CancellationToken cancellation = default)
    {
        var near = Nearest(tracks, new(0, threads, null, cancellation));
        var placed = new ColdPlacement[tracks.Count];
        Workers.For(tracks.Count, threads, n => placed[n] = Place(tracks[n], near[n]), cancellation);
        return placed;
    }

    /// <summary>The places that tracks of the data would have if nobody had heard them.</summary>
    /// <param name="items">Rows of the data, distinct. Those that tell of others are placed in parts (the setting <c>folds</c>), and no track of a part tells of another of it or of itself.</param>
    public ColdPlacement[] PlaceKnown(IReadOnlyList<int> items, int threads, CancellationToken cancellation = default)
    {
        var (data, warm, placed) = (_warm.Data, _warm.Items.ToHashSet(), new ColdPlacement[items.Count]);
        void PlaceBy(ColdFactors cold, IReadOnlyList<int> places)
        {
            var found = cold.PlaceAll([.. places.Select(n => data.Track(items[n]))], threads, cancellation);
            for (var n = 0; n < found.Length; n++)
            {
                placed[places[n]] = found[n];
            }
        }

        PlaceBy(this, [.. Enumerable.Range(0, items.Count).Where(n => !warm.Contains(items[n]))]);
        int[] telling = [.. Enumerable.Range(0, items.Count).Where(n => warm.Contains(items[n]))];
        for (var part = 0; part < Math.Min(Options.Folds, telling.Length); part++)
        {
            int[] places = [.. telling.Where((_, n) => n % Options.Folds == part)];
            int[] listens = [.. data.Listens];
            Array.ForEach(places, n => listens[items[n]] = 0);
            PlaceBy(new(data with { Listens = listens }, Weights, Options), places);
        }
        return placed;
    }

    /// <summary>Factors of a track that some have heard: n / (n + k) of its own and the rest of its place as a new one, with k the setting <c>blendListens</c>.</summary>
    /// <param name="factors">Its own, d values; where they are not finite, the place alone is taken.</param>
    /// <param name="listens">n, not negative.</param>
    public float[] Blend(ReadOnlySpan<float> factors, int listens, ReadOnlySpan<float> place) => Blend(factors, listens, place, Options.BlendListens);

    internal static float[] Blend(ReadOnlySpan<float> factors, int listens, ReadOnlySpan<float> place, double blendListens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(listens);
        Shape.RequireSame(factors.Length, place.Length);
        var blend = place.ToArray();
        if (listens == 0 || !IsFinite(factors))
        {
            return blend;
        }
        var share = (float)(listens / (listens + blendListens));
        for (var f = 0; f < blend.Length; f++)
        {
            blend[f] = share * factors[f] + (1 - share) * blend[f];
        }
        return blend;
    }

    private static WarmTracks Warm(ColdStartData data, ColdFactorsOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.Require();
        return new(data, options);
    }

    private ScoredItem[][] Nearest(IReadOnlyList<ColdTrack> tracks, TrainingRun run)
    {
        var near = new ScoredItem[tracks.Count][];
        Array.Fill(near, []);
        if (_regression.Value is not null)
        {
            return near;
        }
        var heard = Enumerable.Range(0, tracks.Count).Where(n => _warm.SoundDimensions > 0 && tracks[n].Sound is { } sound && UnitRows.IsDirection(sound)).ToList();
        var queries = new DenseMatrix(heard.Count, _warm.SoundDimensions);
        for (var n = 0; n < heard.Count; n++)
        {
            var sound = tracks[heard[n]].Sound!;
            Shape.RequireSame(_warm.SoundDimensions, sound.Length);
            Vectors.AddScaled(queries.Row(n), sound, 1 / Vectors.Norm(sound));
        }
        var found = _warm.Nearest(queries, Options.Neighbors, null, run);
        for (var n = 0; n < heard.Count; n++)
        {
            near[heard[n]] = found[n];
        }
        return near;
    }

    private ColdPlacement Place(ColdTrack track, ScoredItem[] near)
    {
        var (artist, album) = (_warm.OfArtist(track.Artist), _warm.OfAlbum(track.Album));
        var learnt = track.Sound is { } sound && UnitRows.IsDirection(sound) ? _regression.Value?.Place(sound) : null;
        var evidence = ColdEvidence.Of(_warm, artist, album, near, learnt, track.Prediction, Weights.LengthPower);
        var place = evidence.Mix(Weights);
        return new(place ?? [.. _prior], place is null ? ColdSources.None : evidence.Sources, artist.Count, album.Count);
    }

    private static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>Tracks that few have heard: what a new one is like as long as nothing else is known.</summary>
internal static class ColdPrior
{
    /// <summary>The share of the trained tracks with the fewest listens, equal ones by row; at least one where there is any.</summary>
    public static IReadOnlyList<int> LeastHeard(WarmTracks warm, ColdFactorsOptions options)
        => [.. warm.Items.OrderBy(item => warm.Data.Listens[item]).ThenBy(item => item).Take((int)Math.Ceiling(options.PriorShare * warm.Items.Count))];

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
