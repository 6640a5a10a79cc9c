using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Models.Factorization;

/// <summary>Where a training stands: both tables of factors, and how many half-steps made them.</summary>
/// <remarks>Half-steps turn both tables into new axes; only inner products of the two mean anything.</remarks>
public sealed class AlsFactors : IDisposable
{
    internal AlsFactors(FactorTable users, FactorTable items, int halfSteps = 0)
        => (Users, Items, HalfSteps) = (users, items, halfSteps);

    /// <summary>User factors X, shape [users × d].</summary>
    public FactorTable Users { get; }

    /// <summary>Item factors Y, shape [items × d].</summary>
    public FactorTable Items { get; }

    /// <summary>Half-steps done; the even ones solved the items, the odd ones the users.</summary>
    public int HalfSteps { get; internal set; }

    /// <summary>Random users, and items still at zero: the first half-step solves them.</summary>
    public static AlsFactors Random(int users, int items, ImplicitAlsOptions options, ulong seed)
    {
        var factors = new AlsFactors(new(users, options.Factors), new(items, options.Factors));
        var scale = options.Deviation / Math.Sqrt(options.Factors);
        var x = new float[options.Factors];
        for (var row = 0; row < users; row++)
        {
            var random = new SeededRandom(seed, 0, (ulong)row);
            foreach (ref var value in x.AsSpan())
            {
                value = (float)(random.NextNormal() * scale);
            }
            factors.Users.Write(row, x);
        }
        return factors;
    }

    /// <summary>Factors of an earlier training, such as yesterday's, with zero rows for who is new.</summary>
    public static AlsFactors From(DenseMatrix users, DenseMatrix items)
    {
        Shape.RequireSame(users.Columns, items.Columns);
        return new(FactorTable.FromDense(users), FactorTable.FromDense(items));
    }

    public void Dispose()
    {
        Users.Dispose();
        Items.Dispose();
    }
}
