using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Models.Factorization;

/// <summary>What a run of <see cref="RatingFactorization"/> may vary.</summary>
/// <param name="Factors">d, 1 to 1024.</param>
/// <param name="Sweeps">Passes over all ratings.</param>
/// <param name="Rate">Step width of the first sweep, above 0.</param>
/// <param name="Decay">What a sweep's step width is of the one before, in (0, 1].</param>
/// <param name="Lambda">L2 penalty λ ≥ 0 of factors and biases.</param>
/// <param name="Deviation">Of a factor at the start, before the division by √d.</param>
public sealed record RatingOptions(
    int Factors = 64, int Sweeps = 30, double Rate = 0.02, double Decay = 0.95, double Lambda = 0.05, double Deviation = 0.1);

/// <summary>Learns to predict explicit ratings: the classic biased matrix factorization, often called SVD.</summary>
/// <remarks>
/// <see cref="BiasedFactors"/> has formula and papers. A sweep takes the users in a seeded random order and each user's ratings in theirs, on one thread: each step
/// needs the result of the one before, so the same seed gives the same numbers on any machine of one vector width. It learns from what was rated alone and says nothing of what nobody
/// rated: for plays, where every observed pair is a liking, take <see cref="ImplicitAlsTrainer"/> or <see cref="BprTrainer"/>.
/// </remarks>
public sealed class RatingFactorization
{
    private readonly RatingOptions _options;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public RatingFactorization(RatingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Factors, 1, nameof(options.Factors));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Factors, 1024, nameof(options.Factors));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sweeps, 0, nameof(options.Sweeps));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Lambda, 0, nameof(options.Lambda));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Rate, nameof(options.Rate));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Decay, nameof(options.Decay));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Decay, 1, nameof(options.Decay));
        _options = options;
    }

    /// <param name="ratings">Users × items; every stored value, zero or negative too, is a rating.</param>
    /// <param name="told">Told sweep (from 0) and root mean square error met in it; null for nobody.</param>
    /// <exception cref="ModelDivergedException">The numbers left the finite range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BiasedFactors Train(CsrMatrix ratings, ulong seed, Action<int, double>? told = null, CancellationToken cancellation = default)
    {
        var factors = new BiasedFactors(ratings.Rows, ratings.Columns, _options.Factors, Mean(ratings), _options.Deviation, seed);
        try
        {
            var order = Enumerable.Range(0, ratings.Rows).ToArray();
            for (var sweep = 0; sweep < _options.Sweeps; sweep++)
            {
                cancellation.ThrowIfCancellationRequested();
                var random = new SeededRandom(seed, 2, (ulong)sweep);
                random.Shuffle(order.AsSpan());
                var error = Sweep(factors, ratings, order, sweep);
                told?.Invoke(sweep, error);
            }
            return factors;
        }
        catch
        {
            factors.Dispose();
            throw;
        }
    }

    /// <summary>One pass over the ratings of the users in <paramref name="order"/>.</summary>
    /// <returns>The root mean square error met.</returns>
    /// <exception cref="ModelDivergedException">The numbers left the finite range.</exception>
    public double Sweep(BiasedFactors factors, CsrMatrix ratings, ReadOnlySpan<int> order, int sweep)
    {
        var rate = (float)(_options.Rate * Math.Pow(_options.Decay, sweep));
        double squares = 0;
        foreach (var user in order)
        {
            var row = ratings.Row(user);
            squares += factors.Sweep(user, row.Columns, row.Values, rate, (float)_options.Lambda);
        }
        var error = Math.Sqrt(squares / Math.Max(1, ratings.Count));
        return double.IsFinite(error)
            ? error
            : throw new ModelDivergedException($"The rating factorization left the finite range in sweep {sweep}; lower the rate, {_options.Rate}.");
    }

    private static float Mean(CsrMatrix ratings)
    {
        double sum = 0;
        for (var user = 0; user < ratings.Rows; user++)
        {
            foreach (var rating in ratings.Row(user).Values)
            {
                sum += rating;
            }
        }
        return (float)(sum / Math.Max(1, ratings.Count));
    }
}
