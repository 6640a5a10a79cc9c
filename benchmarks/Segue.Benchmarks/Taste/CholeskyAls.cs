using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Numerics.Factors;
using Segue.Numerics.Sparse;

namespace Segue.Benchmarks.Taste;

/// <summary>Sweeps of exact rows by Cholesky, for comparison.</summary>
/// <remarks>Uses the tiled sums of outer products that the product folds listeners in with.</remarks>
internal sealed class CholeskyAls(ImplicitAlsOptions options, WeightedRows byUser, WeightedRows byItem, ulong seed)
{
    private readonly DenseMatrix _users = AlsFactors.Random(byUser.Rows, byUser.Columns, options, seed).Users.ToDense();
    private readonly DenseMatrix _items = new(byUser.Columns, options.Factors);

    public AlsFactors Factors() => AlsFactors.From(_users, _items);

    public void Sweep()
    {
        HalfStep(byItem, _users, _items);
        HalfStep(byUser, _items, _users);
    }

    private void HalfStep(WeightedRows rows, DenseMatrix side, DenseMatrix solved)
    {
        var d = options.Factors;
        var gram = side.Gram(1);
        using var system = new RowSystem(d);
        float[] weights = [], targets = [];
        for (var row = 0; row < rows.Rows; row++)
        {
            var count = rows.CountOf(row);
            var x = solved.Row(row);
            if (count == 0)
            {
                x.Clear();
                continue;
            }
            if (weights.Length < count)
            {
                (weights, targets) = (new float[count], new float[count]);
            }
            rows.Codebook.Decode(rows.CodesOf(row), weights.AsSpan(0, count), targets.AsSpan(0, count));
            system.Begin(gram.AsSpan(), (float)options.Alpha0, (float)(options.Lambda * Math.Pow(count + options.Alpha0 * side.Rows, options.Nu)));
            system.Add(side, rows.ColumnsOf(row), weights.AsSpan(0, count), targets.AsSpan(0, count));
            if (!system.TrySolve(x))
            {
                throw new InvalidOperationException($"Row {row} of {rows.Rows} is not positive definite.");
            }
        }
    }
}
