using Segue.Numerics.Memory;
using Segue.Numerics.Sparse;

namespace Segue.Numerics.Factors;

/// <summary>Row problems min_x Σ_k w_k (t_k − x·v_k)² + xᵀSx + λ'|x|², S diagonal, by conjugate gradients.</summary>
/// <remarks>
/// The basis is the one in which the Gram matrix of the fixed side is diagonal (<see cref="FactorTable.Rotate"/>), so S + λ'I needs no d × d product
/// and is an exact preconditioner of all but the row's own entries. The rows v_k are gathered once, as bfloat16, into a buffer that the cache
/// holds; longer rows are gathered again in each step. n entries and m steps cost (2 m + 1) n d multiply-adds. Warm start:
/// x on entry. One instance a thread; it keeps 1 MiB of buffer, or what 512 rows need if that is more.
/// </remarks>
public sealed unsafe class RotatedCg : IDisposable
{
    private const long BufferBytes = 1 << 20;
    private readonly FactorTable _side;
    private readonly VectorPath _path;
    private readonly int _stride;
    private readonly int _capacity;
    private readonly NativeBuffer<uint> _packed;
    private readonly NativeBuffer<float> _entries;
    private readonly NativeBuffer<float> _vectors;
    private readonly RowsAhead* _ahead;
    private readonly NativeBuffer<RowsAhead> _aheadMemory = new(1);
    private readonly float* _s, _d, _inverse, _gradient, _direction, _product, _unpacked;

    /// <param name="side">The fixed side, in the basis of <paramref name="spectrum"/>; kept.</param>
    /// <param name="spectrum">S, length d, each at least 0.</param>
    public RotatedCg(FactorTable side, ReadOnlySpan<float> spectrum)
        : this(side, spectrum, side.Path, BufferBytes)
    {
    }

    internal RotatedCg(FactorTable side, ReadOnlySpan<float> spectrum, VectorPath path, long bufferBytes)
    {
        Shape.RequireSame(side.Columns, spectrum.Length);
        (_side, _path, _stride) = (side, path, side.Stride);
        _capacity = (int)Math.Max(8, Math.Max(bufferBytes, bufferBytes == BufferBytes ? 512L * 2 * _stride : 0) / (2 * _stride)) / 4 * 4;
        _packed = new((long)_capacity * _stride / 2);
        _entries = new(2L * _capacity);
        _vectors = new(7L * _stride);
        _ahead = _aheadMemory.Start;
        _ahead->Table = side.FirstWord;
        _ahead->Stride = _stride;
        _s = _vectors.Start;
        _d = _s + _stride;
        _inverse = _d + _stride;
        _gradient = _inverse + _stride;
        _direction = _gradient + _stride;
        _product = _direction + _stride;
        _unpacked = _product + _stride;
        spectrum.CopyTo(_vectors.Span(0, _stride));
    }

    private float* Weights => _entries.Start;
    private float* Targets => _entries.Start + _capacity;

    public static long BytesOf(int columns) => Math.Max(BufferBytes, 512L * 2 * columns) + (64 << 10);

    /// <summary>Takes some steps from where x is.</summary>
    /// <param name="columns">Rows of the fixed side, inside it.</param>
    /// <param name="codes">As in <see cref="WeightedRows.CodesOf"/>.</param>
    /// <param name="penalty">λ', above 0.</param>
    /// <param name="steps">At least 1; fewer are taken when float32 can follow the gradient no further.</param>
    /// <param name="x">Length <see cref="FactorTable.Stride"/>, zero beyond d.</param>
    /// <param name="next">The columns of the row that will be solved next: its factors come into the cache while this one is computed.</param>
    /// <returns>False when a number left the finite range, or the system is not positive definite; x is then undefined.</returns>
    public bool Solve(ReadOnlySpan<int> columns, ReadOnlySpan<byte> codes, WeightCodebook codebook, float penalty, int steps, Span<float> x, ReadOnlySpan<int> next = default)
    {
        Shape.RequireSame(_stride, x.Length);
        var entries = new Entries(columns, codes, codebook, default, default);
        fixed (float* at = x)
        fixed (int* ahead = next)
        {
            // What does not fit the buffer would be gone from the cache before its turn.
            _ahead->Next = ahead;
            _ahead->End = ahead + (next.Length <= _capacity ? next.Length : 0);
            FactorVectors.Prepare(_s, penalty, at, _d, _inverse, _gradient, _stride);
            if (columns.Length <= _capacity)
            {
                Gather(entries);
            }
            AddEntries(entries, at, 1, _gradient);
            var solved = Descend(entries, steps, 0, at) && FactorVectors.IsFinite(at, _stride);
            _ahead->End = _ahead->Next;
            return solved;
        }
    }

    /// <summary>Solves a row to float32's precision: gradients from float32 factors, descent along bfloat16 ones.</summary>
    /// <remarks>Iterative refinement: each round takes the gradient exactly and then as many cheap steps as bring it down a hundredfold. Ends
    /// when the error of x, in the norm of the system, is below 1e-5 of x.</remarks>
    /// <param name="gram">The Gram matrix to weigh in instead of S, which is its diagonal, [d × d], scaled as S is: what rotation left beside the
    /// diagonal counts here.</param>
    /// <returns>Whether it got there; if not, x is the best that was found, or undefined when it is not finite.</returns>
    /// <inheritdoc cref="Solve"/>
    public bool SolveExactly(
        ReadOnlySpan<int> columns, ReadOnlySpan<float> weights, ReadOnlySpan<float> targets, ReadOnlySpan<float> gram, float penalty, Span<float> x)
    {
        const int Rounds = 10, StepsARound = 12;
        Shape.RequireSame(_stride, x.Length);
        var entries = new Entries(columns, default, null, weights, targets);
        var correction = stackalloc float[_stride];
        fixed (float* at = x)
        {
            if (columns.Length <= _capacity)
            {
                Gather(entries);
            }
            for (var round = 0; round < Rounds; round++)
            {
                FactorVectors.Prepare(_s, penalty, at, _d, _inverse, _gradient, _stride);
                var size = AddExactly(entries, gram, penalty, at);
                var error = FactorVectors.Start(_gradient, _inverse, _direction, _stride);
                if (!float.IsFinite(error) || error <= 1e-10f * size)
                {
                    return float.IsFinite(error) && FactorVectors.IsFinite(at, _stride);
                }
                new Span<float>(correction, _stride).Clear();
                if (!Descend(entries, StepsARound, 1e-4f, correction))
                {
                    return false;
                }
                FactorVectors.AddScaled(at, correction, 1, _stride);
            }
        }
        return false;
    }

    public void Dispose()
    {
        _aheadMemory.Dispose();
        _packed.Dispose();
        _entries.Dispose();
        _vectors.Dispose();
    }

    // From the gradient in _gradient; stops early when its norm² falls to a share of what it was.
    private bool Descend(Entries entries, int steps, float share, float* x)
    {
        var size = FactorVectors.Start(_gradient, _inverse, _direction, _stride);
        if (!float.IsFinite(size))
        {
            return false;
        }
        // Below that float32 holds no digit of the gradient, and further steps would follow noise.
        var enough = Math.Max(size * Math.Max(share, 1e-13f), 1e-30f);
        FactorVectors.Scale(_d, _direction, _product, _stride);
        for (var step = 1; size > enough; step++)
        {
            if (step == steps)
            {
                var last = FactorVectors.Energy(_d, _direction, _stride) + EnergyOfEntries(entries, _direction);
                FactorVectors.AddScaled(x, _direction, size / last, _stride);
                return last > 0 && float.IsFinite(last);
            }
            AddEntries(entries, _direction, 0, _product);
            var energy = FactorVectors.Dot(_direction, _product, _stride);
            if (!(energy > 0) || !float.IsFinite(energy))
            {
                return false;
            }
            var next = FactorVectors.Step(x, _direction, _gradient, _product, _inverse, size / energy, _stride);
            FactorVectors.Turn(_direction, _inverse, _gradient, next / size, _d, _product, _stride);
            size = next;
        }
        return !float.IsNaN(size);
    }

    private void AddEntries(Entries entries, float* p, float share, float* o)
    {
        if (entries.Count <= _capacity)
        {
            PackedRows.Accumulate(_path, _packed.Start, Padded(entries.Count), _stride, p, Weights, Targets, share, o, _ahead);
            return;
        }
        for (var from = 0; from < entries.Count; from += _capacity)
        {
            var part = entries.Part(from, Math.Min(_capacity, entries.Count - from));
            Gather(part);
            PackedRows.Accumulate(_path, _packed.Start, Padded(part.Count), _stride, p, Weights, Targets, share, o, _ahead);
        }
    }

    private float EnergyOfEntries(Entries entries, float* p)
    {
        if (entries.Count <= _capacity)
        {
            return PackedRows.Energy(_path, _packed.Start, Padded(entries.Count), _stride, p, Weights);
        }
        double sum = 0;
        for (var from = 0; from < entries.Count; from += _capacity)
        {
            var part = entries.Part(from, Math.Min(_capacity, entries.Count - from));
            Gather(part);
            sum += PackedRows.Energy(_path, _packed.Start, Padded(part.Count), _stride, p, Weights);
        }
        return (float)sum;
    }

    private void Gather(Entries entries)
    {
        var (count, padded) = (entries.Count, Padded(entries.Count));
        _side.Gather(entries.Columns, _packed.Start);
        entries.Decode(new(Weights, count), new(Targets, count));
        for (var n = count; n < padded; n++)
        {
            (Weights[n], Targets[n]) = (0, 0);
            new Span<uint>(_packed.Start + (long)n * (_stride / 2), _stride / 2).Clear();
        }
    }

    // The gradient with float32 factors, in float64 over blocks of entries; returns xᵀb, about the size of x in the system's norm.
    private float AddExactly(Entries entries, ReadOnlySpan<float> gram, float penalty, float* x)
    {
        const int Block = 1024;
        Span<double> sum = stackalloc double[_stride];
        ReadOnlySpan<float> point = new(x, _side.Columns);
        for (var f = 0; f < _side.Columns; f++)
        {
            sum[f] = (double)penalty * x[f] + Vectors.Dot(gram.Slice(f * point.Length, point.Length), point);
        }
        double size = 0;
        Span<float> block = new(_gradient, _stride);
        for (var from = 0; from < entries.Count; from += Block)
        {
            block.Clear();
            for (var n = from; n < Math.Min(entries.Count, from + Block); n++)
            {
                SplitRow.Unpack(_side.RowStart(entries.Columns[n]), _unpacked, _stride);
                var dot = FactorVectors.Dot(_unpacked, x, _stride);
                size += (double)entries.Weights[n] * entries.Targets[n] * dot;
                FactorVectors.AddScaled(_gradient, _unpacked, entries.Weights[n] * (dot - entries.Targets[n]), _stride);
            }
            for (var f = 0; f < _stride; f++)
            {
                sum[f] += block[f];
            }
        }
        for (var f = 0; f < _stride; f++)
        {
            block[f] = (float)sum[f];
        }
        return (float)Math.Abs(size);
    }

    private static int Padded(int count) => (count + 3) & ~3;

    /// <summary>The entries of one row, with weights by code or as they are.</summary>
    private readonly ref struct Entries(
        ReadOnlySpan<int> columns, ReadOnlySpan<byte> codes, WeightCodebook? codebook, ReadOnlySpan<float> weights, ReadOnlySpan<float> targets)
    {
        private readonly ReadOnlySpan<byte> _codes = codes;
        private readonly WeightCodebook? _codebook = codebook;

        public ReadOnlySpan<int> Columns { get; } = columns;
        public ReadOnlySpan<float> Weights { get; } = weights;
        public ReadOnlySpan<float> Targets { get; } = targets;
        public int Count => Columns.Length;

        public Entries Part(int from, int count) => new(
            Columns.Slice(from, count),
            _codes.IsEmpty ? default : _codes.Slice(from, count),
            _codebook,
            Weights.IsEmpty ? default : Weights.Slice(from, count),
            Targets.IsEmpty ? default : Targets.Slice(from, count));

        public void Decode(Span<float> weights, Span<float> targets)
        {
            if (_codebook is not null)
            {
                _codebook.Decode(_codes, weights, targets);
                return;
            }
            Weights.CopyTo(weights);
            Targets.CopyTo(targets);
        }
    }
}
