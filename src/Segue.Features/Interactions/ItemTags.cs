using Segue.Core;
using Segue.Numerics;

namespace Segue.Features.Interactions;

/// <summary>The words that were put on items, each with how often: aggregates, which tell nothing of who put them.</summary>
public sealed class ItemTags
{
    /// <param name="names">A word for each column, all different.</param>
    /// <param name="counts">Items × words; a value is how often the word was put on the item, above 0.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than columns.</exception>
    public ItemTags(IReadOnlyList<string> names, CsrMatrix counts)
    {
        Shape.RequireSame(names.Count, counts.Columns);
        (Names, Counts) = (names, counts);
    }

    public IReadOnlyList<string> Names { get; }
    public CsrMatrix Counts { get; }
    public int Items => Counts.Rows;

    /// <summary>The tags of a catalogue, whatever their case; where nobody counted, each tag counts once, and the genre is one of them.</summary>
    /// <returns>Null where no track has any.</returns>
    public static ItemTags? Of(IReadOnlyList<Track> tracks)
    {
        var words = new IdMap();
        var elements = new List<(int, int, float)>();
        for (var row = 0; row < tracks.Count; row++)
        {
            var track = tracks[row];
            for (var n = 0; n < track.Tags.Count; n++)
            {
                Add(row, track.Tags[n], track.TagCounts.Count > 0 ? track.TagCounts[n] : 1);
            }
            if (track.Genre is { } genre && !track.Tags.Contains(genre, StringComparer.OrdinalIgnoreCase))
            {
                Add(row, genre, 1);
            }
        }
        return elements.Count == 0 ? null : new(words.Ids, CsrMatrix.FromTriplets(tracks.Count, words.Count, elements));

        void Add(int row, string word, float count)
        {
            if (!string.IsNullOrWhiteSpace(word) && count > 0)
            {
                elements.Add((row, words.Add(word.Trim().ToLowerInvariant()), count));
            }
        }
    }

    /// <summary>Words that were put on two items, those that were put most on both first: ties by column.</summary>
    /// <param name="most">Words at most.</param>
    public IReadOnlyList<string> Shared(int item, int other, int most)
    {
        var a = Counts.Row(item);
        var b = Counts.Row(other);
        var best = new TopK(most);
        for (var n = 0; n < a.Count; n++)
        {
            if (b.Columns.BinarySearch(a.Columns[n]) is >= 0 and var place)
            {
                best.Add(a.Columns[n], Math.Min(a.Values[n], b.Values[place]));
            }
        }
        return [.. best.Take().Select(scored => Names[scored.Item])];
    }

    /// <summary>The same with items behind that have no tags.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer items than now.</exception>
    internal ItemTags WithItems(int items) => new(Names, Counts.WithRows(items));
}
