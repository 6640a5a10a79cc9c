using Segue.Numerics.Memory;

namespace Segue.Numerics.Factors;

/// <summary>A rating as mean + bias of the user + bias of the item + inner product of their factors, and the steps by which these are learnt.</summary>
/// <remarks>
/// r̂ = μ + b_u + b_i + x_u·y_i, learnt by stochastic gradient descent on Σ (r − r̂)² + λ(|x_u|² + |y_i|² + b_u² + b_i²): Funk, "Netflix Update: Try
/// This at Home", 2006, with the biases of Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender Systems", IEEE Computer 2009. A step
/// costs O(d). Rows lie outside the collected heap, d rounded up to a multiple of 16. Steps write to the rows of items: one thread at a time.
/// </remarks>
public sealed unsafe class BiasedFactors : IDisposable
{
    private const int Block = 16;
    private readonly NativeBuffer<float> _users, _items, _userBiases, _itemBiases;
    private readonly VectorPath _path;

    /// <summary>Small random factors, biases of zero.</summary>
    /// <param name="mean">μ, the mean rating.</param>
    /// <param name="deviation">Of a factor at the start, before the division by √d.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or d is not positive.</exception>
    public BiasedFactors(int users, int items, int columns, float mean, double deviation, ulong seed)
        : this(users, items, columns, mean, deviation, seed, VectorPaths.Best)
    {
    }

    internal BiasedFactors(int users, int items, int columns, float mean, double deviation, ulong seed, VectorPath path)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(users);
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        (Users, Items, Columns, Mean, Stride, _path) = (users, items, columns, mean, (columns + Block - 1) / Block * Block, path);
        _users = new((long)users * Stride);
        _items = new((long)items * Stride);
        _userBiases = new(users);
        _itemBiases = new(items);
        Draw(_users, users, deviation, seed, 0);
        Draw(_items, items, deviation, seed, 1);
    }

    public int Users { get; }
    public int Items { get; }

    /// <summary>Latent dimensions d.</summary>
    public int Columns { get; }

    /// <summary>μ.</summary>
    public float Mean { get; }

    internal int Stride { get; }

    /// <summary>x_u, length d; valid while this is held.</summary>
    public Span<float> User(int user) => _users.Span((long)user * Stride, Columns);

    /// <summary>y_i, length d; valid while this is held.</summary>
    public Span<float> Item(int item) => _items.Span((long)item * Stride, Columns);

    /// <summary>b_u.</summary>
    public ref float UserBias(int user) => ref _userBiases.Span(user, 1)[0];

    /// <summary>b_i.</summary>
    public ref float ItemBias(int item) => ref _itemBiases.Span(item, 1)[0];

    /// <summary>r̂.</summary>
    public float Predict(int user, int item)
        => Mean + UserBias(user) + ItemBias(item) + Vectors.Dot(User(user), Item(item));

    /// <summary>One step for each rating of a user, in their order.</summary>
    /// <param name="items">What was rated; a repeated item is stepped as often.</param>
    /// <param name="ratings">r, one for each.</param>
    /// <param name="rate">Step width, above 0.</param>
    /// <param name="lambda">λ ≥ 0.</param>
    /// <returns>Σ (r − r̂)², each r̂ as it was before its step; NaN or infinite when the rate is too large.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The user or an item lies outside.</exception>
    /// <exception cref="ArgumentException">There are more or fewer ratings than items.</exception>
    public double Sweep(int user, ReadOnlySpan<int> items, ReadOnlySpan<float> ratings, float rate, float lambda)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)user, (uint)Users, nameof(user));
        Shape.RequireSame(items.Length, ratings.Length);
        foreach (var item in items)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)Items, nameof(items));
        }
        double squares;
        fixed (int* columns = items)
        fixed (float* values = ratings)
        {
            var sweep = new RatingSteps.Work(
                _users.Start + (long)user * Stride, _userBiases.Start + user, _items.Start, _itemBiases.Start, Stride, columns, values, items.Length, Mean, rate, lambda);
            squares = (_path, Stride) switch
            {
                (VectorPath.Vector512, 64) => RatingSteps.Run64(&sweep),
                (VectorPath.Scalar, _) => RatingSteps.RunScalar(&sweep),
                _ => RatingSteps.Run256(&sweep),
            };
        }
        GC.KeepAlive(this);
        return squares;
    }

    public void Dispose()
    {
        _users.Dispose();
        _items.Dispose();
        _userBiases.Dispose();
        _itemBiases.Dispose();
    }

    private void Draw(NativeBuffer<float> rows, int count, double deviation, ulong seed, ulong side)
    {
        var scale = deviation / Math.Sqrt(Columns);
        for (var row = 0; row < count; row++)
        {
            var random = new SeededRandom(seed, side, (ulong)row);
            foreach (ref var value in rows.Span((long)row * Stride, Columns))
            {
                value = (float)(random.NextNormal() * scale);
            }
        }
    }
}
