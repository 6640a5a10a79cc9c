using System.Numerics;

namespace Segue.Numerics;

/// <summary>Random numbers that depend on a seed and on names of streams alone, never on threads or on the order of the work.</summary>
/// <remarks>
/// xoshiro256** of Blackman and Vigna ("Scrambled Linear Pseudorandom Number Generators", 2021), its state filled by
/// SplitMix64 from a hash of (seed, streams). Give each unit of parallel work its own stream, for example
/// <c>new SeededRandom(seed, user, session)</c>, and any number of threads draws the same numbers.
/// A mutable struct: pass it by <c>ref</c>. Not for secrets.
/// </remarks>
public struct SeededRandom
{
    private ulong _s0, _s1, _s2, _s3;
    private double _spareNormal = double.NaN;

    public SeededRandom(ulong seed, params ReadOnlySpan<ulong> streams)
    {
        var hash = Mix(seed + 0x9E3779B97F4A7C15UL);
        foreach (var stream in streams)
        {
            hash = Mix(BitOperations.RotateLeft(hash, 23) ^ (stream + 0x9E3779B97F4A7C15UL));
        }
        _s0 = Mix(hash += 0x9E3779B97F4A7C15UL);
        _s1 = Mix(hash += 0x9E3779B97F4A7C15UL);
        _s2 = Mix(hash += 0x9E3779B97F4A7C15UL);
        _s3 = Mix(hash + 0x9E3779B97F4A7C15UL);
    }

    /// <summary>A stable 64-bit hash of one number: SplitMix64's finalizer.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A stable 64-bit hash of text (FNV-1a over its UTF-16 units): the same on every machine and in every process.</summary>
    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in text)
        {
            hash = unchecked((hash ^ unit) * 1099511628211UL);
        }
        return hash;
    }

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var range = (uint)bound;
        var product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            var threshold = unchecked(0u - range) % range;
            while ((uint)product < threshold)
            {
                product = (NextUInt64() >> 32) * range;
            }
        }
        return (int)(product >> 32);
    }

    /// <summary>Normal with mean 0 and deviation 1 (Marsaglia's polar method).</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            var spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }
        while (true)
        {
            var u = 2 * NextDouble() - 1;
            var v = 2 * NextDouble() - 1;
            var s = u * u + v * v;
            if (s is > 0 and < 1)
            {
                var scale = Math.Sqrt(-2 * Math.Log(s) / s);
                _spareNormal = v * scale;
                return u * scale;
            }
        }
    }

    /// <summary>True with probability <paramref name="probability"/>.</summary>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>Puts <paramref name="items"/> into a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
