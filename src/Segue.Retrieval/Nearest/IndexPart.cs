using System.Collections.Concurrent;
using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Retrieval.Nearest;

/// <summary>An index in bytes, and searches over it that wait to be used again. Thread-safe.</summary>
internal sealed class IndexPart(ByteIndex index)
{
    private readonly ConcurrentDictionary<int, ConcurrentBag<ByteSearch>> _idle = new();   // by length of a list: callers ask for few different ones

    /// <summary>The same over some of its items.</summary>
    public IndexPart Part(IEnumerable<int> items) => new(index.Part(items));

    public ItemChoice Choose(Func<int, bool> keep) => index.Choose(keep);

    public ScoredItem[] Nearest(ReadOnlySpan<float> factors, int count, ReadOnlySpan<int> excluded, ItemChoice? choice, float least = float.NegativeInfinity)
    {
        var idle = _idle.GetOrAdd(count, _ => []);
        var search = idle.TryTake(out var free) ? free : new(index, count);
        search.Clear();
        search.Add(factors, excluded, choice, least);
        search.Run();
        var found = search.Found(0).ToArray();
        idle.Add(search);
        return found;
    }
}
