using Segue.Numerics;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>Lets the tracks of a lab world sound: short music whose character is the hidden style of the track, so that whoever learns from sound can be held against the truth.</summary>
/// <remarks>
/// Each dimension of the style decides one trait of the music, the one that its tag names: tempo, scale, harmony, density and syncopation of the rhythm, brightness, attack, bandwidth,
/// distortion, reverberation and so on (<see cref="SoundTraits"/> says how much of the style can be heard at most). Half of the traits lie in rhythm, scale and harmony, which the
/// mean spectrum hardly shows. Near styles sound near. Key, melody and loudness are chance. Artists have instruments and figures of their own.
/// All of it follows from the world's seed, whatever the number of threads (processors of another vector width may round otherwise). Safe for any number of threads.
/// A track is one loop of 13 to 27 s, computed in about 20 ms, that is repeated as long as the track lasts.
/// </remarks>
public sealed class LabSound
{
    /// <summary>Samples a second; mono.</summary>
    public const int SampleRate = 22_050;

    private readonly LabTruth _truth;
    private readonly LabWorld _world;

    public LabSound(LabWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        (_world, _truth) = (world, world.Truth);
    }

    /// <summary>An excerpt that nobody asked to be of another length.</summary>
    public static TimeSpan UsualLength { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Beats a minute of a track, in (66, 165). Truth, for reports and tests.</summary>
    /// <param name="track">Lab index.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such track.</exception>
    public double Tempo(int track) => Compose(track).Score.Tempo;

    /// <summary>The beginning of a track.</summary>
    /// <param name="track">Lab index.</param>
    /// <param name="length">10 to 30 s.</param>
    /// <returns>Mono, <see cref="SampleRate"/>, within ±1, root mean square 0.14 to 0.28.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such track, or the length is out of range.</exception>
    public float[] Samples(int track, TimeSpan length)
    {
        var count = CountOf(length);
        var loop = Loop(track);
        var samples = new float[count];
        for (var from = 0; from < count; from += loop.Length)
        {
            loop.AsSpan(0, Math.Min(loop.Length, count - from)).CopyTo(samples.AsSpan(from));
        }
        return samples;
    }

    /// <summary>The beginning of a track as a WAV file of 16 bits, with title, artist, album and genre in its RIFF INFO tags.</summary>
    /// <param name="track">Lab index.</param>
    /// <param name="length">10 to 30 s.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such track, or the length is out of range.</exception>
    public LabWave Wave(int track, TimeSpan length) => Wave(Known(track), CountOf(length));

    /// <summary>All of a track, as long as the catalogue says, as such a file.</summary>
    /// <param name="track">Lab index.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such track.</exception>
    public LabWave Wave(int track) => Wave(track, (int)(_truth.Catalogue.Lengths[Known(track)] * (long)SampleRate / 1000));

    /// <summary>The loop of a track as a file of so many samples.</summary>
    internal LabWave Wave(int track, int samples) => new(WaveFile.Header(_world.Catalogue[track], samples), WaveFile.ToPcm(Loop(track)), samples);

    private float[] Loop(int track)
    {
        var (traits, score, level) = Compose(track);
        var artist = new SeededRandom(_truth.Seed, LabStreams.SoundOfArtist, (ulong)_truth.Catalogue.Artists[track], 2);
        return LoopRenderer.Render(traits, score, level, ref artist);
    }

    private (SoundTraits Traits, SoundScore Score, float Level) Compose(int track)
    {
        Known(track);
        var artist = new SeededRandom(_truth.Seed, LabStreams.SoundOfArtist, (ulong)_truth.Catalogue.Artists[track], 1);
        var random = new SeededRandom(_truth.Seed, LabStreams.SoundOfTrack, (ulong)track);
        var level = 0.2f * MathF.Pow(10, Math.Clamp((float)random.NextNormal() * 1.5f, -3, 3) / 20);   // −14 dB, give or take 3
        var traits = new SoundTraits(_truth.Catalogue.Style(track), ref artist, ref random);
        return (traits, new SoundScore(traits, ref artist, ref random), level);
    }

    private int Known(int track) => track >= 0 && track < _world.Catalogue.Count
        ? track
        : throw new ArgumentOutOfRangeException(nameof(track), $"The track is {track:N0}; it must lie from 0 to {_world.Catalogue.Count - 1:N0}.");

    /// <summary>Samples of an excerpt.</summary>
    internal static int CountOf(TimeSpan length) => length.TotalSeconds is >= 10 and <= 30
        ? (int)Math.Round(length.TotalSeconds * SampleRate)
        : throw new ArgumentOutOfRangeException(nameof(length), $"The length is {length.TotalSeconds:0.###} s; it must lie from 10 to 30 s.");
}
