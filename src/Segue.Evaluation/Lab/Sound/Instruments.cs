using Segue.Numerics;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>The four instruments of an artist, as the traits of a track color them.</summary>
internal sealed class Instruments
{
    private const int Partials = 33;

    private readonly SoundTraits _traits;
    private readonly float[] _character = new float[Partials];
    private readonly float _lowFormant, _highFormant;

    public Instruments(SoundTraits traits, ref SeededRandom artist)
    {
        _traits = traits;
        for (var k = 0; k < Partials; k++)
        {
            _character[k] = MathF.Exp(0.3f * (float)artist.NextNormal());
        }
        (_lowFormant, _highFormant) = (420 + 400 * (float)artist.NextDouble(), 1_000 + 1_300 * (float)artist.NextDouble());
        var (held, dreamy) = (traits.Electronic, 1 - traits.Driving);
        Chords = new(Steady, static (_, _) => 0);
        ChordEnvelope = new(0.01f + 0.35f * dreamy, 0.6f + 8 * held, 0.05f + 0.25f * dreamy, 1, 0);
        Plucks = new(Steady, Edge);
        PluckEnvelope = new(0.002f + 0.01f * dreamy, 0.12f + 0.5f * held, 0.05f + 0.1f * dreamy, 0.03f + 0.08f * held, 0);
        Melody = new(Sung, Edge);
        MelodyEnvelope = new(0.01f + 0.05f * traits.Vocal, 0.4f + 4 * traits.Vocal, 0.06f, 0.1f, 0.009f * traits.Vocal);
        Bass = new((k, frequency) => Steady(k, frequency) / MathF.Sqrt(k), Edge);
        BassEnvelope = new(0.006f, 0.5f + 2 * held, 0.03f, 0.05f, 0);
    }

    public Timbre Chords { get; }
    public Envelope ChordEnvelope { get; }
    public Timbre Plucks { get; }
    public Envelope PluckEnvelope { get; }
    public Timbre Melody { get; }
    public Envelope MelodyEnvelope { get; }
    public Timbre Bass { get; }
    public Envelope BassEnvelope { get; }

    // Harmonics fall as a power of k; electronic sound lacks the even ones, warm sound rests on the first.
    private float Steady(int k, float frequency)
    {
        var level = MathF.Pow(k, -2.3f + 1.4f * _traits.Bright) * _character[k];
        level *= k % 2 == 0 ? 1 - 0.85f * _traits.Electronic : 1;
        return k == 1 ? level * (1.7f - 1.2f * _traits.Cold) : level;
    }

    private float Edge(int k, float frequency) => k == 1 ? 0 : 0.8f * MathF.Pow(k, -1.2f + 0.6f * _traits.Bright) * _character[Partials - k];

    private float Sung(int k, float frequency)
    {
        var formants = Bell((k * frequency - _lowFormant) / 160) + 0.7f * Bell((k * frequency - _highFormant) / 220);
        return Steady(k, frequency) * (1 - 0.6f * _traits.Vocal) + 0.8f * _traits.Vocal * formants;
    }

    private static float Bell(float x) => MathF.Exp(-0.5f * x * x);
}
