using System.Collections.Concurrent;
using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Retrieval.Nearest;

/// <summary>An index in bytes, and searches over it that wait to be used again. Thread-safe.</summary>
internal sealed class IndexPart(ByteIndex index)
{
    private const int Step = 32;   // lengths of lists are rounded up to it, so that few different searches are kept
    private readonly ConcurrentDictionary<int, ConcurrentBag<ByteSearch>> _idle = new();   // by length of a list

    /// <summary>The same over some of its items.</summary>
    public IndexPart Part(IEnumerable<int> items) => new(index.Part(items));

    public ItemChoice Choose(Func<int, bool> keep) => index.Choose(keep);

    public ScoredItem[] Nearest(ReadOnlySpan<float> factors, int count, ReadOnlySpan<int> excluded, ItemChoice? choice, float least = float.NegativeInfinity)
    {
        var length = (count + Step - 1) / Step * Step;
        var idle = _idle.GetOrAdd(length, _ => []);
        var search = idle.TryTake(out var free) ? free : new(index, length);
        search.Clear();
        search.Add(factors, excluded, choice, least);
        search.Run();
        var found = search.Found(0)[..Math.Min(count, search.Found(0).Length)].ToArray();
        idle.Add(search);
        return found;
    }
}
