namespace Segue.Audio.Descriptors;

/// <summary>Integrated loudness with gates, and loudness range, from the power of weighted frames.</summary>
/// <remarks>ITU-R BS.1770-4: blocks of 0.4 s, those below −70 LUFS and those more than 10 below the mean of the rest left out. Range as EBU
/// Tech 3342 has it, but of these blocks: 10th to 95th percentile of what lies within 20 of the mean. Blocks are kept as counts and energies by
/// steps of 0.1 dB, so memory is fixed and a gate is exact to a step.</remarks>
internal sealed class LoudnessMeter
{
    /// <summary>What silence measures.</summary>
    public const float Floor = -70;

    private const double Offset = -0.691, Step = 0.1, Highest = 10;
    private const int FramesOfBlock = 8;
    private readonly long[] _counts = new long[(int)((Highest - Floor) / Step) + 1];
    private readonly double[] _energies = new double[(int)((Highest - Floor) / Step) + 1];

    /// <summary>|H(f)|² of the weighting: a shelf that lifts what lies above 2 kHz by 4 dB, and a high pass at 38 Hz (its filters at 48 kHz, tables 1 and 2).</summary>
    public static double Weight(double hertz)
        => Response(hertz, 1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
            * Response(hertz, 1, -2, 1, -1.99004745483398, 0.99007225036621);

    /// <summary>Hears a stretch.</summary>
    /// <param name="powers">Weighted mean square of each frame, 50 ms apart.</param>
    public void Add(ReadOnlySpan<float> powers)
    {
        var length = Math.Min(FramesOfBlock, powers.Length);
        for (var from = 0; length > 0 && from + length <= powers.Length; from += FramesOfBlock / 4)
        {
            var energy = 0.0;
            for (var frame = from; frame < from + length; frame++)
            {
                energy += powers[frame];
            }
            energy /= length;
            var loudness = Loudness(energy);
            if (loudness > Floor)
            {
                var step = StepOf(loudness);
                _counts[step]++;
                _energies[step] += energy;
            }
        }
    }

    /// <summary>Loudness in LUFS and range in dB of all that was heard since the last call.</summary>
    public (float Loudness, float Range) Finish()
    {
        var loudness = Math.Clamp(Loudness(MeanFrom(StepOf(Loudness(MeanFrom(0)) - 10))), Floor, Highest);
        var range = Range(StepOf(Loudness(MeanFrom(0)) - 20));
        Array.Clear(_counts);
        Array.Clear(_energies);
        return ((float)loudness, (float)range);
    }

    private static double Loudness(double energy) => energy > 0 ? Offset + 10 * Math.Log10(energy) : double.NegativeInfinity;

    private int StepOf(double loudness) => loudness <= Floor ? 0 : (int)Math.Min(_counts.Length - 1, (loudness - Floor) / Step);

    private double MeanFrom(int step)
    {
        var (energy, count) = (0.0, 0L);
        for (var i = step; i < _counts.Length; i++)
        {
            energy += _energies[i];
            count += _counts[i];
        }
        return count == 0 ? 0 : energy / count;
    }

    private double Range(int from)
    {
        var total = 0L;
        for (var i = from; i < _counts.Length; i++)
        {
            total += _counts[i];
        }
        return total == 0 ? 0 : (Percentile(from, total, 0.95) - Percentile(from, total, 0.10)) * Step;
    }

    private int Percentile(int from, long total, double share)
    {
        var seen = 0L;
        for (var i = from; ; i++)
        {
            seen += _counts[i];
            if (seen >= Math.Max(1, share * total))
            {
                return i;
            }
        }
    }

    private static double Response(double hertz, double b0, double b1, double b2, double a1, double a2)
    {
        var (cos1, cos2) = (Math.Cos(2 * Math.PI * hertz / 48_000), Math.Cos(4 * Math.PI * hertz / 48_000));
        return (b0 * b0 + b1 * b1 + b2 * b2 + 2 * b1 * (b0 + b2) * cos1 + 2 * b0 * b2 * cos2)
            / (1 + a1 * a1 + a2 * a2 + 2 * a1 * (1 + a2) * cos1 + 2 * a2 * cos2);
    }
}
