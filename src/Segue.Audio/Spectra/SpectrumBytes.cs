using System.Runtime.Intrinsics;

namespace Segue.Audio.Spectra;

/// <summary>Values log10(1 + 10⁴ S) as bytes: round(31.875 · v), at most 255; see <see cref="TrackFeatures.Spectra"/>.</summary>
/// <remarks>Steps of 0.0314 (0.31 dB of a loud S) up to 8, where S = 10⁴; full-scale sound reaches about 6.</remarks>
public static class SpectrumBytes
{
    /// <summary>Bytes to a unit of v.</summary>
    public const float Scale = 31.875f;

    /// <param name="values">At least 0 and finite.</param>
    /// <param name="bytes">Receives as many; halves go to the even neighbor.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Numerics.Shape.RequireSame(values.Length, bytes.Length);
        var i = 0;
        for (; i <= values.Length - 32; i += 32)
        {
            var (a, b) = (Rounded(values[i..]), Rounded(values[(i + 8)..]));
            var (c, d) = (Rounded(values[(i + 16)..]), Rounded(values[(i + 24)..]));
            Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).CopyTo(bytes[i..]);
        }
        for (; i < values.Length; i++)
        {
            bytes[i] = (byte)MathF.Round(Math.Min(255, Scale * values[i]));
        }
    }

    /// <summary>The reverse, within half a step.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Restore(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        Numerics.Shape.RequireSame(values.Length, bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            values[i] = bytes[i] / Scale;
        }
    }

    private static Vector256<uint> Rounded(ReadOnlySpan<float> values)
        => Vector256.ConvertToInt32(Vector256.Round(Vector256.Min(Vector256.Create(values) * Scale, Vector256.Create(255f)))).AsUInt32();
}
