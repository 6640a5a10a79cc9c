using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Models.ColdStart;

/// <summary>Finds how much each source of a new track's place counts, on trained tracks that are treated as new.</summary>
/// <remarks>
/// Tracks drawn by the seed are held out in parts: no mean that tells of a track has a track of its part in it. A set of sources gets the weights w ≥ 0 of least
/// Σ (y − Σ w ρ m)ᵀ G (y − Σ w ρ m) / yᵀGy over the tracks that have all of them, G = XᵀX: the squared error of the scores that all users would get, each track counting alike.
/// The shrinkages and the power of lengths are those of a grid with the least mean loss over all sets.
/// What a set lacks is lacking in earnest: where no album is in it, the album's tracks tell neither as the artist's nor by their sound (a new album); where no artist is in it
/// either, no track of the artist tells (a new artist). Without that, sound would be given credit for finding the tracks of the same record.
/// </remarks>
internal sealed class ColdWeightFit(WarmTracks warm, ColdFactorsOptions options, TrainingRun run)
{
    /// <summary>Fewer tracks do not fit the weights of a set.</summary>
    public const int LeastTracks = 20;

    private const double Ridge = 1e-3;
    private static readonly double[] Shrinks = [0, 0.5, 1, 2, 4, 8, 16], Powers = [0, 0.5, 1];
    private readonly List<int> _items = [];                    // held out, ascending
    private readonly Dictionary<int, int> _partOf = [];

    private enum News
    {
        Track,
        Album,
        Artist,
    }

    public ColdWeights Run()
    {
        Draw();
        var near = Enum.GetValues<News>().ToDictionary(news => news, Nearest);
        var byNeighbors = Run(near, learnt: null);
        if (SoundRegression.Choose(warm, run) is not { } shape)
        {
            return byNeighbors;
        }
        var byRegression = Run(near, SoundRegression.OutOfFold(warm, _items, shape, run));
        return LossOf(byRegression) < LossOf(byNeighbors) ? byRegression with { Regression = shape } : byNeighbors;
    }

    private static double LossOf(ColdWeights weights) => weights.Losses.Where(value => !double.IsNaN(value)).DefaultIfEmpty(1).Average();

    private ColdWeights Run(Dictionary<News, ScoredItem[][]> near, float[]?[]? learnt)
    {
        ColdWeights? best = null;
        var (leastLoss, views) = (double.PositiveInfinity, Array.Empty<ColdView[]>());
        foreach (var power in Powers)
        {
            var seen = Array.ConvertAll(Enum.GetValues<News>(), news => Views(news, near[news], learnt, power));
            var fits = new Dictionary<(ColdSources, double, double), (double[] Weights, double Loss)>();
            foreach (var artistShrink in Shrinks)
            {
                foreach (var albumShrink in Shrinks)
                {
                    run.Cancellation.ThrowIfCancellationRequested();
                    var weights = Fit(seen, fits, power, artistShrink, albumShrink);
                    var loss = LossOf(weights);
                    if (loss < leastLoss - 1e-12)
                    {
                        (best, leastLoss, views) = (weights, loss, seen);
                    }
                }
            }
        }
        return best! with { Scale = ScaleOf(best, views) };
    }

    /// <summary>Draws the tracks and their parts.</summary>
    private void Draw()
    {
        var random = new SeededRandom(run.Seed, 0xC01D);
        int[] drawn = [.. warm.Items];
        random.Shuffle(drawn.AsSpan());
        drawn = drawn[..Math.Min(options.HeldOut, drawn.Length)];
        for (var n = 0; n < drawn.Length; n++)
        {
            _partOf[drawn[n]] = n % options.Folds;
        }
        _items.AddRange(drawn.Order());
    }

    private bool MayTell(int item, int other, News news)
    {
        var data = warm.Data;
        return other != item
            && (!_partOf.TryGetValue(other, out var part) || part != _partOf[item])
            && (news == News.Track || data.Albums[item] < 0 || data.Albums[other] != data.Albums[item])
            && (news != News.Artist || data.Artists[item] < 0 || data.Artists[other] != data.Artists[item]);
    }

    // Of each track held out; empty for those without sound.
    private ScoredItem[][] Nearest(News news)
    {
        var near = new ScoredItem[_items.Count][];
        Array.Fill(near, []);
        if (warm.Data.Sounds is not { } sounds)
        {
            return near;
        }
        var heard = Enumerable.Range(0, _items.Count).Where(n => UnitRows.IsDirection(sounds.Row(_items[n]))).ToList();
        var queries = new DenseMatrix(heard.Count, sounds.Columns);
        for (var n = 0; n < heard.Count; n++)
        {
            var sound = sounds.Row(_items[heard[n]]);
            Vectors.AddScaled(queries.Row(n), sound, 1 / Vectors.Norm(sound));
        }
        var found = warm.Nearest(queries, options.Neighbors, (query, other) => MayTell(_items[heard[query]], other, news), run);
        for (var n = 0; n < heard.Count; n++)
        {
            near[heard[n]] = found[n];
        }
        return near;
    }

    private ColdView[] Views(News news, ScoredItem[][] near, float[]?[]? learnt, double power)
    {
        var views = new ColdView[_items.Count];
        Workers.For(_items.Count, run.Threads, n =>
        {
            var item = _items[n];
            int[] Telling(IReadOnlyList<int> others) => [.. others.Where(other => MayTell(item, other, news))];
            var artist = news == News.Artist ? [] : Telling(warm.OfArtist(warm.Data.Artists[item]));
            var album = news == News.Track ? Telling(warm.OfAlbum(warm.Data.Albums[item])) : [];
            var prediction = warm.Data.Predictions is { } predictions ? predictions.Row(item).ToArray() : null;
            views[n] = ColdView.Of(ColdEvidence.Of(warm, artist, album, learnt is null ? near[n] : [], learnt?[n], prediction, power), warm.Data.Factors.Row(item), warm.Data.UserGram);
        }, run.Cancellation);
        return views;
    }

    private static News NewsOf(ColdSources set)
        => set.HasFlag(ColdSources.Album) ? News.Track : set.HasFlag(ColdSources.Artist) ? News.Album : News.Artist;

    private ColdWeights Fit(
        ColdView[][] views, Dictionary<(ColdSources, double, double), (double[] Weights, double Loss)> fits, double power, double artistShrink, double albumShrink)
    {
        var (table, losses) = (new double[ColdWeights.Sets * ColdWeights.Sources], new double[ColdWeights.Sets]);
        losses[0] = double.NaN;
        for (var set = 1; set < ColdWeights.Sets; set++)
        {
            var sources = (ColdSources)set;   // a shrinkage of what is not in the set changes nothing
            var key = (sources, sources.HasFlag(ColdSources.Artist) ? artistShrink : 0, sources.HasFlag(ColdSources.Album) ? albumShrink : 0);
            if (!fits.TryGetValue(key, out var fit))
            {
                fits[key] = fit = FitSet(views[(int)NewsOf(sources)], sources, artistShrink, albumShrink);
            }
            fit.Weights.CopyTo(table, set * ColdWeights.Sources);
            losses[set] = fit.Loss;
        }
        FillGaps(table, losses);
        return new(artistShrink, albumShrink, power, 1, _items.Count, table, losses);
    }

    private static (double[] Weights, double Loss) FitSet(ColdView[] views, ColdSources sources, double artistShrink, double albumShrink)
    {
        var (seen, weights) = (Array.FindAll(views, view => (view.Evidence.Sources & sources) == sources), new double[ColdWeights.Sources]);
        return seen.Length < LeastTracks
            ? (weights, double.NaN)
            : (weights, NonNegativeFit.Solve(Sum(seen, artistShrink, albumShrink), (int)sources, Ridge, weights));
    }

    // Means over the tracks of m_jᵀGm_l / yᵀGy and, in the last column, m_jᵀGy / yᵀGy.
    private static double[,] Sum(ColdView[] seen, double artistShrink, double albumShrink)
    {
        var sums = new double[ColdWeights.Sources, ColdWeights.Sources + 1];
        Span<double> trust = stackalloc double[ColdWeights.Sources + 1];
        foreach (var view in seen)
        {
            for (var source = 0; source < ColdWeights.Sources; source++)
            {
                trust[source] = view.Evidence.Means[source] is null ? 0 : view.Evidence.Trust(source, artistShrink, albumShrink);
            }
            trust[ColdWeights.Sources] = 1;
            for (var source = 0; source < ColdWeights.Sources; source++)
            {
                for (var other = 0; other <= ColdWeights.Sources; other++)
                {
                    sums[source, other] += trust[source] * trust[other] * view.Products[source, other] / seen.Length;
                }
            }
        }
        return sums;
    }

    // A set that too few tracks had: the best of the smaller sets in it; where there is none, all sources alike.
    private static void FillGaps(double[] table, double[] losses)
    {
        for (var set = 1; set < ColdWeights.Sets; set++)
        {
            if (!double.IsNaN(losses[set]))
            {
                continue;
            }
            var best = Enumerable.Range(1, ColdWeights.Sets - 1).Where(other => (other & set) == other && !double.IsNaN(losses[other]))
                .OrderBy(other => losses[other]).ThenBy(other => other).FirstOrDefault();
            for (var source = 0; source < ColdWeights.Sources; source++)
            {
                table[set * ColdWeights.Sources + source] = best > 0
                    ? table[best * ColdWeights.Sources + source]
                    : (set >> source & 1) / (double)int.PopCount(set);
            }
        }
    }

    private double ScaleOf(ColdWeights weights, ColdView[][] views)
    {
        var placed = ColdPrior.Median(views[(int)News.Track].Select(view => view.Evidence.Mix(weights)).OfType<float[]>().Select(place => (double)Vectors.Norm(place)));
        var prior = ColdPrior.Median(ColdPrior.LeastHeard(warm, options).Select(item => (double)Vectors.Norm(warm.Data.Factors.Row(item))));
        return placed > 0 && prior > 0 ? prior / placed : 1;
    }
}

/// <summary>What the sources say of a track that was held out, against what is true.</summary>
/// <param name="Products">m_jᵀGm_l / yᵀGy, and m_jᵀGy / yᵀGy in the last column; 0 where a source says nothing.</param>
internal sealed record ColdView(ColdEvidence Evidence, double[,] Products)
{
    public static ColdView Of(ColdEvidence evidence, ReadOnlySpan<float> factors, DenseMatrix? gram)
    {
        var turned = Turn(factors, gram);
        var (length, products) = (Product(turned, factors), new double[ColdWeights.Sources, ColdWeights.Sources + 1]);
        for (var source = 0; length > 0 && source < ColdWeights.Sources; source++)
        {
            if (evidence.Means[source] is not { } mean)
            {
                continue;
            }
            products[source, ColdWeights.Sources] = Product(turned, mean) / length;
            var own = Turn(mean, gram);
            for (var other = 0; other < ColdWeights.Sources; other++)
            {
                products[source, other] = evidence.Means[other] is { } second ? Product(own, second) / length : 0;
            }
        }
        return new(evidence, products);
    }

    private static double[] Turn(ReadOnlySpan<float> vector, DenseMatrix? gram)
    {
        var turned = new double[vector.Length];
        for (var f = 0; f < turned.Length; f++)
        {
            turned[f] = gram is null ? vector[f] : Vectors.Dot(gram.Row(f), vector);
        }
        return turned;
    }

    private static double Product(double[] turned, ReadOnlySpan<float> vector)
    {
        var sum = 0.0;
        for (var f = 0; f < turned.Length; f++)
        {
            sum += turned[f] * vector[f];
        }
        return sum;
    }
}
