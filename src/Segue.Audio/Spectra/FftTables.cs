namespace Segue.Audio.Spectra;

/// <summary>What a Fourier transform of N real samples needs besides them; made once, read by any number of threads.</summary>
/// <remarks>The N samples are taken as H = N/2 complex ones, transformed, and split: X[k] from Z[k] and Z[H − k].</remarks>
internal sealed class FftTables
{
    public FftTables(int length)
    {
        (Length, Half) = (length, length / 2);
        // Half of the window: the split halves sums, and here it costs nothing.
        Window = Fill(length, i => 0.5 * (0.5 - 0.5 * Math.Cos(2 * Math.PI * i / length)));
        Split = Fill(2 * (Half / 2 + 1), i => Turn(i / 2, length, i % 2));
        Twiddles = Fill(TwiddlesBelow(Half), _ => 0);
        for (var n = Half; n > 4; n /= 4)
        {
            var at = TwiddlesBelow(n) - 6 * (n / 4);
            for (var i = 0; i < 6 * (n / 4); i++)
            {
                Twiddles.Span[at + i] = (float)Turn((i / 6L) * (i % 6 / 2 + 1), n, i % 2);
            }
        }
        Places = [.. Enumerable.Range(0, Half).Select(k => Place(k, Half))];
    }

    /// <summary>Samples N of a frame.</summary>
    public int Length { get; }

    /// <summary>Complex samples H = N/2.</summary>
    public int Half { get; }

    /// <summary>Half of a periodic Hann window, length N.</summary>
    public AlignedFloats Window { get; }

    /// <summary>cos and sin of −2πk/N, for k in [0, H/2].</summary>
    public AlignedFloats Split { get; }

    /// <summary>For each size n = H, H/4, … above 4, the smallest first: for j below n/4, cos and sin of −2πj/n, −4πj/n and −6πj/n.</summary>
    public AlignedFloats Twiddles { get; }

    /// <summary>Where the transform leaves Z[k].</summary>
    public int[] Places { get; }

    /// <summary>How many floats the twiddles of sizes up to n take: those of size 4n begin there.</summary>
    public static int TwiddlesBelow(int n) => n <= 4 ? 0 : TwiddlesBelow(n / 4) + 6 * (n / 4);

    private static int Place(int k, int n) => n == 1 ? 0 : n == 2 ? k : k % 4 * (n / 4) + Place(k / 4, n / 4);

    private static double Turn(long k, int n, int part)
    {
        var angle = -2 * Math.PI * k / n;
        return part == 0 ? Math.Cos(angle) : Math.Sin(angle);
    }

    private static AlignedFloats Fill(int length, Func<int, double> value)
    {
        var floats = new AlignedFloats(length);
        for (var i = 0; i < length; i++)
        {
            floats.Span[i] = (float)value(i);
        }
        return floats;
    }
}
