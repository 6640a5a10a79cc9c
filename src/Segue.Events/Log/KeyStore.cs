namespace Segue.Events.Log;

/// <summary>The work on the index that goes on beside the taking of events: writing runs, merging them, keeping the filter.</summary>
/// <remarks>One worker at a time; <see cref="Contains"/> is for one other thread.</remarks>
internal sealed class KeyStore : IDisposable
{
    private const int RunsToMerge = 4;
    private const long SmallestFilter = 1 << 20;
    private readonly KeyIndex _reader, _writer, _source;
    private readonly long _mostInFilter;
    private readonly Lock _runsGate = new();
    private List<KeyRun> _runs;
    private List<KeyRun>? _seen;   // what the reader's transaction sees; null: it has none
    private volatile KeyFilter _filter;
    private long _keys;

    /// <param name="filterBytes">Most memory for the filter; beyond 10 bits a key, it answers "perhaps" more often.</param>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public KeyStore(string folder, long filterBytes)
    {
        _mostInFilter = filterBytes * 8 / KeyFilter.BitsPerKey;
        _writer = new(folder);
        try
        {
            _writer.RemoveIncomplete();
            (_reader, _source) = (new(folder), new(folder));
            _runs = _writer.Runs();
            _keys = _runs.Sum(run => run.Keys);
            Through = _writer.Through();
            _filter = Fill(_keys);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>All events below this offset have their keys here.</summary>
    public long Through { get; private set; }

    public void Prefetch(UInt128 key) => _filter.Prefetch(key);

    public bool Contains(UInt128 key)
    {
        if (!_filter.MayContain(key))
        {
            return false;
        }
        lock (_runsGate)   // a run that was merged away is removed only after it left the list
        {
            if (_seen != _runs)
            {
                Release();
                _reader.BeginReading();
                _seen = _runs;
            }
            foreach (var run in _seen)
            {
                if (_reader.Contains(run, key))
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Lets go of the file between two groups of questions.</summary>
    public void Release()
    {
        if (_seen is not null)
        {
            _reader.EndReading();
            _seen = null;
        }
    }

    /// <summary>Adds keys for good. When it returns, <see cref="Contains"/> knows them.</summary>
    public void Add(UInt128[] sorted, long through)
    {
        var run = _writer.Write(sorted, sorted.Length, tier: 0, [], through, between: () => { });
        _keys += sorted.Length;
        lock (_runsGate)
        {
            _runs = [run, .. _runs];
        }
        if (_keys > _filter.Capacity && _filter.Capacity < _mostInFilter)
        {
            _filter = Fill(_keys);
        }
        else
        {
            Array.ForEach(sorted, _filter.Add);
        }
        Through = through;
    }

    /// <summary>Merges runs of one tier until there are few of each.</summary>
    /// <param name="between">Called often: may call <see cref="Add"/>, or throw to end the work.</param>
    public void Merge(Action between)
    {
        while (_runs.GroupBy(run => run.Tier).FirstOrDefault(tier => tier.Count() >= RunsToMerge)?.ToList() is { } sources)
        {
            var merged = _writer.Write(
                MergeSorted(sources.ConvertAll(_source.Keys)), sources.Sum(run => run.Keys), sources[0].Tier + 1, sources, through: null, between);
            lock (_runsGate)
            {
                _runs = [merged, .. _runs.Except(sources)];
            }
            foreach (var source in sources)
            {
                between();
                _writer.Remove(source.Id);
            }
        }
    }

    public void Dispose()
    {
        _reader?.Dispose();   // null when the constructor failed half-way
        _source?.Dispose();
        _writer.Dispose();
    }

    /// <summary>A filter of all runs' keys, with room for as many again.</summary>
    private KeyFilter Fill(long keys)
    {
        var filter = new KeyFilter(Math.Min(_mostInFilter, Math.Max(SmallestFilter, keys * 2)));
        foreach (var run in _runs)
        {
            foreach (var key in _writer.Keys(run))   // the source may be in the midst of a merging, and see no newer run
            {
                filter.Add(key);
            }
        }
        return filter;
    }

    private static IEnumerable<UInt128> MergeSorted(List<IEnumerable<UInt128>> sources)
    {
        var heads = new PriorityQueue<IEnumerator<UInt128>, UInt128>();
        foreach (var source in sources)
        {
            Push(source.GetEnumerator());
        }
        UInt128? last = null;
        while (heads.TryDequeue(out var head, out var key))
        {
            if (key != last)
            {
                yield return key;
            }
            last = key;
            Push(head);
        }

        void Push(IEnumerator<UInt128> source)
        {
            if (source.MoveNext())
            {
                heads.Enqueue(source, source.Current);
            }
            else
            {
                source.Dispose();
            }
        }
    }
}
