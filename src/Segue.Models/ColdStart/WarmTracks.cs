using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Models.ColdStart;

/// <summary>The trained tracks that tell of others: enough listens, and factors that mean something.</summary>
internal sealed class WarmTracks
{
    private readonly Dictionary<int, List<int>> _byArtist = [], _byAlbum = [];
    private readonly UnitRows? _sounds;
    private readonly List<int> _itemAt = [];   // by place among the sounds

    public WarmTracks(ColdStartData data, ColdFactorsOptions options)
    {
        Data = data;
        _sounds = data.Sounds is { Columns: > 0 } given ? new(given.Columns) : null;
        for (var item = 0; item < data.Factors.Rows; item++)
        {
            if (data.Listens[item] < options.WarmListens || !UnitRows.IsDirection(data.Factors.Row(item)))
            {
                continue;
            }
            Items.Add(item);
            AddTo(_byArtist, data.Artists[item], item);
            AddTo(_byAlbum, data.Albums[item], item);
            if (_sounds is not null && UnitRows.IsDirection(data.Sounds!.Row(item)))
            {
                _sounds.Append(data.Sounds.Row(item));
                _itemAt.Add(item);
            }
        }
    }

    public ColdStartData Data { get; }

    /// <summary>Their rows, ascending.</summary>
    public List<int> Items { get; } = [];

    /// <summary>Dimensions of a sound vector; 0 where no track has one.</summary>
    public int SoundDimensions => _sounds?.Columns ?? 0;

    /// <summary>Tracks of an artist, ascending.</summary>
    public IReadOnlyList<int> OfArtist(int artist) => artist >= 0 && _byArtist.TryGetValue(artist, out var items) ? items : [];

    /// <summary>Tracks of an album, ascending.</summary>
    public IReadOnlyList<int> OfAlbum(int album) => album >= 0 && _byAlbum.TryGetValue(album, out var items) ? items : [];

    /// <summary>The tracks that sound most like each query; their scores are cosines.</summary>
    /// <param name="keep">Told query and item; false leaves the item out.</param>
    public ScoredItem[][] Nearest(DenseMatrix queries, int k, Func<int, int, bool>? keep, TrainingRun run)
        => _sounds is null
            ? [.. Enumerable.Repeat(Array.Empty<ScoredItem>(), queries.Rows)]
            : Array.ConvertAll(
                UnitSearch.Nearest(_sounds, _sounds.Count, queries, k, false, keep is null ? null : (query, place) => keep(query, _itemAt[place]), run.Threads, run.Cancellation),
                list => Array.ConvertAll(list, found => found with { Item = _itemAt[found.Item] }));

    /// <summary>Mean of |y|^(power − 1) · y over tracks, weighted; null where no weight is above 0.</summary>
    /// <remarks>Not brought to any length: it is the shorter the less the tracks agree, and that is how far it can be trusted.</remarks>
    public float[]? Mean(IEnumerable<(int Item, double Weight)> tracks, double power)
    {
        var (sum, total) = (new double[Data.Factors.Columns], 0.0);
        foreach (var (item, weight) in tracks)
        {
            if (weight > 0)
            {
                ReadOnlySpan<float> factors = Data.Factors.Row(item);
                var scaled = power == 1 ? weight : weight * Math.Pow(Vectors.Norm(factors), power - 1);
                for (var f = 0; f < sum.Length; f++)
                {
                    sum[f] += scaled * factors[f];
                }
                total += weight;
            }
        }
        return total > 0 ? Array.ConvertAll(sum, value => (float)(value / total)) : null;
    }

    private static void AddTo(Dictionary<int, List<int>> groups, int group, int item)
    {
        if (group >= 0)
        {
            if (!groups.TryGetValue(group, out var items))
            {
                groups[group] = items = [];
            }
            items.Add(item);
        }
    }
}
