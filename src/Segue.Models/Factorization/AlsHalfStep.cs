using System.Collections.Concurrent;
using Segue.Numerics;
using Segue.Numerics.Factors;
using Segue.Numerics.Sparse;

namespace Segue.Models.Factorization;

/// <summary>One half-step: one side's factors from the other's.</summary>
/// <remarks>
/// The Gram matrix of the fixed side is decomposed and both tables are turned into its axes, where it is diagonal; scores stay as they were. Then the rows,
/// each by itself: the pieces that threads take are cut by the data alone, so any number of them gives equal bytes.
/// </remarks>
internal sealed class AlsHalfStep(ImplicitAlsOptions options, FactorTable fixedSide, FactorTable solved, TrainingRun run)
{
    // Beside its entries a row costs about as much as twelve of them.
    private const int CostOfRow = 12, CostOfPiece = 1 << 16;

    /// <summary>A few warm-started steps for each row.</summary>
    /// <exception cref="ModelDivergedException">A number left the finite range.</exception>
    public void Approach(WeightedRows rows)
        => Solve(rows.Rows, rows.Start, (_, solver, row, x) =>
            solver.Solve(rows.ColumnsOf(row), rows.CodesOf(row), rows.Codebook, PenaltyOf(rows.CountOf(row)), options.Steps, x,
                row + 1 < rows.Rows ? rows.ColumnsOf(row + 1) : []), exactly: false);

    /// <summary>Each row to float32's precision: what folding in gives.</summary>
    /// <param name="firstEntry">Entries before each row, and in all.</param>
    public void Finish(int rows, Func<int, long> firstEntry, IRowSource source)
        => Solve(rows, firstEntry, (gram, solver, row, x) =>
        {
            var count = (int)(firstEntry(row + 1) - firstEntry(row));
            var (weights, targets) = (new float[count], new float[count]);
            var columns = source.Read(row, weights, targets);
            return solver.SolveExactly(columns, weights, targets, gram, PenaltyOf(count), x)
                || SolveByCholesky(columns, weights, targets, gram, x);
        }, exactly: true);

    private delegate bool SolveRow(float[] gram, RotatedCg solver, int row, Span<float> x);

    private void Solve(int rows, Func<int, long> firstEntry, SolveRow solveRow, bool exactly)
    {
        var spectrum = TurnToAxes();
        var gram = exactly ? Array.ConvertAll(fixedSide.Gram(run.Threads), value => (float)(options.Alpha0 * value)) : [];
        var ends = Cut(rows, firstEntry);
        using var pool = new SolverPool(() => new(fixedSide, spectrum));
        Workers.For(ends.Count, run.Threads, piece =>
        {
            var solver = pool.Take();
            var x = new float[solved.Stride];
            for (var row = piece == 0 ? 0 : ends[piece - 1]; row < ends[piece]; row++)
            {
                if (firstEntry(row + 1) == firstEntry(row))
                {
                    x.AsSpan().Clear();
                }
                else
                {
                    solved.Read(row, x);
                    if (!solveRow(gram, solver, row, x))
                    {
                        throw Diverged($"the row {row}");
                    }
                }
                solved.Write(row, x);
            }
            pool.Return(solver);
        }, run.Cancellation);
    }

    private float PenaltyOf(int count) => options.PenaltyOf(count, fixedSide.Rows);

    // Returns the diagonal of α₀ times the Gram matrix in the new axes.
    private float[] TurnToAxes()
    {
        var gram = fixedSide.Gram(run.Threads);
        if (!Array.TrueForAll(gram, double.IsFinite))
        {
            throw Diverged("the Gram matrix");
        }
        run.Cancellation.ThrowIfCancellationRequested();
        var (values, vectors) = SymmetricEigen.Decompose(gram, run.Threads);
        var axes = Array.ConvertAll(vectors, value => (float)value);
        fixedSide.Rotate(axes, run.Threads);
        solved.Rotate(axes, run.Threads);
        return Array.ConvertAll(values, value => (float)(options.Alpha0 * Math.Max(0, value)));
    }

    // Where conjugate gradients stall, which takes a nearly singular system, elimination decides.
    private bool SolveByCholesky(ReadOnlySpan<int> columns, ReadOnlySpan<float> weights, ReadOnlySpan<float> targets, float[] gram, Span<float> x)
    {
        var d = fixedSide.Columns;
        var rows = new DenseMatrix(columns.Length, d);
        Span<float> row = new float[fixedSide.Stride];
        for (var n = 0; n < columns.Length; n++)
        {
            fixedSide.Read(columns[n], row);
            row[..d].CopyTo(rows.Row(n));
        }
        using var system = new RowSystem(d);
        system.Begin(gram, 1, PenaltyOf(columns.Length));
        system.Add(rows, Enumerable.Range(0, columns.Length).ToArray(), weights, targets);
        return system.TrySolve(x[..d]);
    }

    private static List<int> Cut(int rows, Func<int, long> firstEntry)
    {
        var ends = new List<int>();
        long begun = 0;
        for (var row = 0; row < rows; row++)
        {
            var cost = firstEntry(row + 1) + (long)CostOfRow * (row + 1);
            if (cost - begun >= CostOfPiece || row == rows - 1)
            {
                ends.Add(row + 1);
                begun = cost;
            }
        }
        return ends;
    }

    private static ModelDivergedException Diverged(string where)
        => new($"Implicit ALS left the finite range at {where} of a half-step, or met a system that is not positive definite; raise lambda, or lower the weights.");

    private sealed class SolverPool(Func<RotatedCg> create) : IDisposable
    {
        private readonly ConcurrentBag<RotatedCg> _free = [];

        public RotatedCg Take() => _free.TryTake(out var solver) ? solver : create();

        public void Return(RotatedCg solver) => _free.Add(solver);

        public void Dispose()
        {
            foreach (var solver in _free)
            {
                solver.Dispose();
            }
        }
    }
}

/// <summary>Rows with the weights that are fitted, at full precision.</summary>
internal interface IRowSource
{
    /// <param name="weights">Receives one for each entry.</param>
    /// <param name="targets">Receives one for each entry.</param>
    /// <returns>The columns.</returns>
    ReadOnlySpan<int> Read(int row, Span<float> weights, Span<float> targets);
}

/// <summary>The weights of the codebook.</summary>
internal sealed class CodedRows(WeightedRows rows) : IRowSource
{
    public ReadOnlySpan<int> Read(int row, Span<float> weights, Span<float> targets)
    {
        rows.Codebook.Decode(rows.CodesOf(row), weights, targets);
        return rows.ColumnsOf(row);
    }
}
