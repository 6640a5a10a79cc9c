namespace Segue.Audio.Descriptors;

/// <summary>How far the level moves within a second: syllables and pauses move it by 8 dB and more, music mostly by 2 to 5.</summary>
/// <remarks>An old mark of speech: Scheirer and Slaney, "Construction and Evaluation of a Robust Multifeature Speech/Music Discriminator", ICASSP 1997,
/// have it as the share of frames of low energy and as the energy of modulation near 4 Hz. Here it is the standard deviation of the level in dB over a
/// second, the mean over all seconds.</remarks>
internal sealed class LevelMovement
{
    // Frames are 50 ms apart; what is 60 dB below the loudest frame of a stretch is silence.
    private const int FramesOfSecond = 20;
    private const double Range = 1e-6, Silence = 1e-12;

    private readonly List<double> _levels = [];
    private double _sum;
    private long _count;

    /// <summary>Hears a stretch.</summary>
    /// <param name="powers">Mean square of each frame.</param>
    public void Add(ReadOnlySpan<float> powers)
    {
        var least = Silence;
        foreach (var power in powers)
        {
            least = Math.Max(least, power * Range);
        }
        _levels.Clear();
        foreach (var power in powers)
        {
            _levels.Add(10 * Math.Log10(Math.Max(power, least)));
        }
        for (var from = 0; from + FramesOfSecond <= _levels.Count; from += FramesOfSecond / 2)
        {
            _sum += Deviation(from);
            _count++;
        }
    }

    /// <summary>In dB, of all that was heard since the last call; 0 of less than a second.</summary>
    public double Finish()
    {
        var mean = _count == 0 ? 0 : _sum / _count;
        (_sum, _count) = (0, 0);
        return mean;
    }

    private double Deviation(int from)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var frame = from; frame < from + FramesOfSecond; frame++)
        {
            sum += _levels[frame];
            squares += _levels[frame] * _levels[frame];
        }
        var mean = sum / FramesOfSecond;
        return Math.Sqrt(Math.Max(0, squares / FramesOfSecond - mean * mean));
    }
}
