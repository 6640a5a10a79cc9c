using System.Runtime.InteropServices;
using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Numerics.Memory;
using Segue.Numerics.Tables;

namespace Segue.Models.Playlists;

/// <summary>Each item's neighbors on playlists; what continues a list is the sum over its items of their likeness.</summary>
/// <remarks>Nothing in it tells of one listener alone: behind each pair stand at least two. Where playlists say nothing popularity decides, by a term too small to outweigh any neighbor.</remarks>
public sealed class PlaylistNeighborsModel : IRecommenderModel
{
    public const string KindName = "playlists";
    private const float TieBreak = 1e-6f;
    private const int EntryBytes = 2 * sizeof(int);
    private readonly PlaylistNeighborsOptions _options;
    private readonly long[] _starts;
    private readonly MemoryStretch _entries;   // in the file where it lies: most lists are asked for seldom
    private readonly float[] _likes;
    private readonly float _likesScale;

    internal PlaylistNeighborsModel(PlaylistNeighborsOptions options, int users, ScoredItem[][] neighbors, float[] likes)
        : this(options, users, StartsOf([.. neighbors.Select(list => list.Length)]), MemoryStretch.Allocate(EntryBytes * neighbors.Sum(list => (long)list.Length)), likes)
    {
        for (var item = 0; item < neighbors.Length; item++)
        {
            MemoryMarshal.AsBytes(neighbors[item].AsSpan()).CopyTo(_entries.Span(EntryBytes * _starts[item], EntryBytes * neighbors[item].Length));
        }
    }

    private PlaylistNeighborsModel(PlaylistNeighborsOptions options, int users, long[] starts, MemoryStretch entries, float[] likes)
    {
        (_options, Users, _starts, _entries, _likes) = (options, users, starts, entries, likes);
        _likesScale = TieBreak / Math.Max(1, likes.DefaultIfEmpty().Max());
    }

    public string Kind => KindName;
    public int Users { get; }
    public int Items => _likes.Length;

    /// <summary>The nearest items, best first; none for one that came after the training. Valid while the model is.</summary>
    public ReadOnlySpan<ScoredItem> Neighbors(int item)
        => item >= Items ? [] : MemoryMarshal.Cast<byte, ScoredItem>(_entries.Span(EntryBytes * _starts[item], (int)(EntryBytes * (_starts[item + 1] - _starts[item]))));

    /// <summary>How much having an item on a list speaks for another; 0 where the other is no neighbor of it.</summary>
    public float Likeness(int item, int other)
    {
        var likeness = 0f;
        foreach (var neighbor in Neighbors(item))
        {
            likeness = neighbor.Item == other ? neighbor.Score : likeness;
        }
        GC.KeepAlive(this);
        return likeness;
    }

    /// <summary>What continues a list best, best first, equal scores by lower row; its own items may be among them.</summary>
    /// <param name="list">Items, each with its weight, above 0.</param>
    /// <param name="k">Items at most; fewer where playlists bring fewer.</param>
    /// <param name="isLeftOut">Items that must not come.</param>
    /// <remarks>The list's length times the neighbors of an item, whatever the size of the catalogue.</remarks>
    public ScoredItem[] Continue(IReadOnlyList<(int Item, float Weight)> list, int k, Func<int, bool> isLeftOut)
    {
        var sums = new RowTable<float>(_options.Neighbors);
        foreach (var (item, weight) in list)
        {
            foreach (var neighbor in Neighbors(item))
            {
                sums.At(neighbor.Item) += weight * neighbor.Score;
            }
        }
        GC.KeepAlive(this);
        var best = new TopK(Math.Min(k, sums.Count));
        foreach (var (item, sum) in sums)
        {
            if (sum >= best.Least && !isLeftOut(item))
            {
                best.Add(item, sum);
            }
        }
        return best.Take();
    }

    public void Score(UserHistory user, Span<float> scores)
    {
        Shape.RequireSame(scores.Length, Items);
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = _likes[item] * _likesScale;
        }
        for (var n = 0; n < user.Items.Count; n++)
        {
            foreach (var neighbor in Neighbors(user.Items[n]))
            {
                scores[neighbor.Item] += Weight(user, n) * neighbor.Score;
            }
        }
        GC.KeepAlive(this);
    }

    public Explanation Explain(UserHistory user, int item)
        => Explanation.FromContributions(Enumerable.Range(0, user.Items.Count).Select(n => (user.Items[n], (double)Weight(user, n) * Likeness(user.Items[n], item))));

    public void Save(Stream stream)
    {
        var file = new ModelFile(Kind, Users, Items, _options.ToSettings());
        file.Add<int>("counts", [.. Enumerable.Range(0, Items).Select(item => (int)(_starts[item + 1] - _starts[item]))]);
        file.Add("neighbors", _entries);
        file.Add("likes", _likes);
        file.WriteTo(stream);
    }

    internal static PlaylistNeighborsModel Load(ModelFile file)
    {
        var (starts, entries) = (StartsOf(file.Get<int>("counts", file.Items)), file.GetStretch("neighbors"));
        return entries.Length == EntryBytes * starts[^1]
            ? new(PlaylistNeighborsOptions.From(new(PlaylistNeighborsOptions.Schema, file.Settings)), file.Users, starts, entries, file.Get<float>("likes", file.Items))
            : throw new InvalidDataException($"The model's 'neighbors' are {entries.Length / (double)EntryBytes:0.##}; {starts[^1]} were expected.");
    }

    // An item counts once, however often it was played: a list has it or has it not.
    private static float Weight(UserHistory user, int place) => Math.Clamp(user.Strengths[place], -1, 1);

    private static long[] StartsOf(int[] counts)
    {
        var starts = new long[counts.Length + 1];
        for (var item = 0; item < counts.Length; item++)
        {
            starts[item + 1] = starts[item] + counts[item];
        }
        return starts;
    }
}
