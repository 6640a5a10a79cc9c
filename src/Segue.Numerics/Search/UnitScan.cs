using Segue.Numerics.Memory;

namespace Segue.Numerics.Search;

/// <summary>Told of a row whose score reaches a query's threshold.</summary>
/// <returns>The query's threshold from now on.</returns>
public delegate float ScanHit(int query, int place, float score);

/// <summary>Scores rows of <see cref="UnitRows"/> for up to 256 queries at once, and tells of those that reach a threshold.</summary>
/// <remarks>Each pair has one score, whatever the other queries and the stretch that is scanned. One query reads 2 d bytes a row once; many share that reading. 2 d operations a
/// pair. Scratch: 4 · 32 d bytes and 4 d bytes a query. For one thread at a time.</remarks>
public sealed unsafe class UnitScan : IDisposable
{
    /// <summary>The most queries of a scan.</summary>
    public const int MostQueries = 256;

    private const int Lanes = SearchTiles.Users, Rows = HalfTiles.Rows;
    private readonly UnitRows _rows;
    private readonly NativeBuffer<float> _queries;      // [group][dimension][8]
    private readonly NativeBuffer<float> _one;          // the first query, by dimension
    private readonly NativeBuffer<float> _thresholds = new(MostQueries);
    private readonly NativeBuffer<float> _panel, _tile = new(Lanes * Rows), _ones = new(Lanes), _zeros = new(Rows);

    public UnitScan(UnitRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _rows = rows;
        (_queries, _one, _panel) = (new((long)MostQueries * rows.Columns), new(rows.Columns), new((long)Rows * rows.Columns));
        _ones.Span(0, Lanes).Fill(1);
    }

    /// <summary>Queries added since the last <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Adds a query.</summary>
    /// <param name="query">d finite values, of any length: scores are inner products with rows of length 1.</param>
    /// <param name="threshold">Rows with a lower score are passed over.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    /// <exception cref="InvalidOperationException">There are 256 already.</exception>
    public void Add(ReadOnlySpan<float> query, float threshold = float.NegativeInfinity)
    {
        Shape.RequireSame(_rows.Columns, query.Length);
        if (Count == MostQueries)
        {
            throw new InvalidOperationException($"A scan takes {MostQueries} queries.");
        }
        if (Count == 0)
        {
            query.CopyTo(_one.Span(0, query.Length));
        }
        var lanes = _queries.Start + (long)(Count / Lanes) * Lanes * _rows.Columns + Count % Lanes;
        for (var k = 0; k < query.Length; k++)
        {
            lanes[k * Lanes] = float.IsFinite(query[k]) ? query[k] : throw new ArgumentException($"Value {k} of a query is {query[k]}; it must be finite.", nameof(query));
        }
        _thresholds.Start[Count++] = threshold;
    }

    /// <summary>Scores the rows at places <paramref name="from"/> to before <paramref name="to"/>, ascending; thresholds go on from where an earlier stretch left them.</summary>
    /// <param name="withOffsets">Adds to each score what <see cref="UnitRows.Offset"/> says.</param>
    public void Run(int from, int to, bool withOffsets, ScanHit hit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, _rows.Count);
        ArgumentNullException.ThrowIfNull(hit);
        var groups = (Count + Lanes - 1) / Lanes;
        for (var query = Count; query < groups * Lanes; query++)
        {
            _thresholds.Start[query] = float.PositiveInfinity;
        }
        for (var panel = from / Rows; Count > 0 && panel * Rows < to; panel++)
        {
            const int PanelsOfChunk = UnitRows.ChunkRows / Rows;
            var (chunk, at) = (_rows.ChunkAt(panel / PanelsOfChunk), panel % PanelsOfChunk);
            var halves = chunk.Halves.Start + (long)at * Rows * _rows.Columns;
            float* factors = chunk.Factors.Start + at * Rows, offsets = withOffsets ? chunk.Offsets.Start + at * Rows : _zeros.Start;
            var stretch = (Math.Max(from, panel * Rows), Math.Min(to, (panel + 1) * Rows));
            if (Count == 1)
            {
                if (HalfTiles.Multiply(_rows.Path, halves, _rows.Columns, _one.Start, factors, offsets, _thresholds.Start[0], _tile.Start))
                {
                    Tell(0, 1, panel * Rows, stretch, offsets, hit);
                }
            }
            else
            {
                HalfTiles.Expand(_rows.Path, halves, _rows.Columns, factors, _panel.Start);
                ScanPanel(groups, panel * Rows, stretch, offsets, hit);
            }
            GC.KeepAlive(chunk);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in new[] { _queries, _one, _thresholds, _panel, _tile, _ones, _zeros })
        {
            buffer.Dispose();
        }
    }

    private void ScanPanel(int groups, int first, (int From, int To) stretch, float* offsets, ScanHit hit)
    {
        for (var group = 0; group < groups; group++)
        {
            float* queries = _queries.Start + (long)group * Lanes * _rows.Columns, thresholds = _thresholds.Start + group * Lanes;
            if (SearchTiles.Begin(_rows.Path, queries, _panel.Start, _rows.Columns, _tile.Start, _ones.Start, offsets, thresholds))
            {
                Tell(group * Lanes, Math.Min(Lanes, Count - group * Lanes), first, stretch, offsets, hit);
            }
        }
    }

    private void Tell(int firstQuery, int queries, int first, (int From, int To) stretch, float* offsets, ScanHit hit)
    {
        for (var lane = 0; lane < queries; lane++)
        {
            ref var threshold = ref _thresholds.Start[firstQuery + lane];
            for (var place = stretch.From; place < stretch.To; place++)
            {
                var score = _tile.Start[lane * Rows + place - first] + offsets[place - first];
                if (score >= threshold)
                {
                    threshold = hit(firstQuery + lane, place, score);
                }
            }
        }
    }
}
