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

    /// <summary>Factors of an earlier training, such as yesterday's.</summary>
    public static AlsFactors From(DenseMatrix users, DenseMatrix items)
    {
        Shape.RequireSame(users.Columns, items.Columns);
        return new(FactorTable.FromDense(users), FactorTable.FromDense(items));
    }

    /// <summary>Factors of an earlier training for rows that may have moved: new items begin at zero, new users at random, as in <see cref="Random"/>.</summary>
    /// <param name="userRows">For each user the row in <paramref name="before"/>; -1 for a new one.</param>
    /// <param name="itemRows">The same of items.</param>
    /// <exception cref="ArgumentException">The earlier training had another number of dimensions.</exception>
    internal static AlsFactors From(ImplicitAlsModel before, ReadOnlySpan<int> userRows, ReadOnlySpan<int> itemRows, ImplicitAlsOptions options, ulong seed)
    {
        if (before.Factors != options.Factors)
        {
            throw new ArgumentException($"Factors of {before.Factors} dimensions are no beginning for {options.Factors}.", nameof(before));
        }
        var factors = Random(userRows.Length, itemRows.Length, options, seed);
        for (var user = 0; user < userRows.Length; user++)
        {
            if (userRows[user] >= 0)
            {
                factors.Users.Write(user, before.UserFactors(userRows[user]));
            }
        }
        for (var item = 0; item < itemRows.Length; item++)
        {
            if (itemRows[item] >= 0)
            {
                factors.Items.Write(item, before.ItemFactors.Row(itemRows[item]));
            }
        }
        GC.KeepAlive(before);
        return factors;
    }

    public void Dispose()
    {
        Users.Dispose();
        Items.Dispose();
    }
}
