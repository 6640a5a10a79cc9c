using Segue.Numerics;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>One tone: start and length in samples, frequency in Hz, velocity in (0, 1].</summary>
internal readonly record struct Note(int Start, int Length, float Frequency, float Velocity);

/// <summary>One stroke of a drum: start in samples, velocity in (0, 1].</summary>
internal readonly record struct Hit(int Start, float Velocity);

/// <summary>The notes of a track: phrases of four bars in 4/4 that begin anew where they end.</summary>
/// <remarks>Traits decide how much of everything there is; the artist decides the figures that recur; key and melody are chance and say nothing of style.
/// A note enters with velocity 0 as a trait passes its threshold, so that near styles have near scores.</remarks>
internal sealed class SoundScore
{
    private const int StepsOfBar = 16, BarsOfPhrase = 4;
    private const double SlowestTempo = 66, TempoRange = 2.5, UsualSeconds = 20;

    private static readonly int[][] Modes =
    [
        [0, 1, 3, 5, 7, 8, 10], [0, 2, 3, 5, 7, 8, 10], [0, 2, 3, 5, 7, 9, 10], [0, 2, 4, 5, 7, 9, 10], [0, 2, 4, 5, 7, 9, 11], [0, 2, 4, 6, 7, 9, 11],
    ];

    /// <summary>Roots of the four bars as degrees of the scale, from plain to far-fetched.</summary>
    private static readonly int[][] Progressions =
    [
        [0, 0, 3, 0], [0, 3, 0, 4], [0, 3, 4, 0], [0, 5, 3, 4], [0, 4, 5, 3], [5, 3, 0, 4], [0, 2, 3, 1], [1, 4, 0, 5], [2, 5, 1, 4], [0, 6, 2, 5],
    ];

    private readonly SoundTraits _traits;
    private readonly double _step;
    private readonly int[] _scale, _roots;
    private readonly int _key;
    private readonly float[] _figure = new float[StepsOfBar];

    public SoundScore(SoundTraits traits, ref SeededRandom artist, ref SeededRandom track)
    {
        _traits = traits;
        Tempo = SlowestTempo * Math.Pow(TempoRange, traits.Fast);
        _step = 60 / Tempo / 4 * LabSound.SampleRate;
        _scale = Modes[Math.Min(Modes.Length - 1, (int)(traits.Happy * Modes.Length))];
        var progression = traits.Complex * (Progressions.Length - 1) + (artist.NextDouble() - 0.5) * 2;
        _roots = Progressions[Math.Clamp((int)Math.Round(progression), 0, Progressions.Length - 1)];
        for (var step = 0; step < StepsOfBar; step++)
        {
            _figure[step] = (float)artist.NextDouble();
        }
        _key = 45 + track.NextInt(12);
        Bars = BarsOfPhrase * Math.Max(1, (int)Math.Round(UsualSeconds / (BarsOfPhrase * StepsOfBar * _step / LabSound.SampleRate)));
        Length = (int)Math.Round(Bars * StepsOfBar * _step);
        WriteChords();
        WriteRhythm();
        WriteMelody(ref track);
    }

    /// <summary>Beats a minute, in (66, 165).</summary>
    public double Tempo { get; }

    public int Bars { get; }

    /// <summary>Samples of the whole, 13 to 27 s.</summary>
    public int Length { get; }

    public List<Note> Chords { get; } = [];
    public List<Note> Plucks { get; } = [];
    public List<Note> Bass { get; } = [];
    public List<Note> Melody { get; } = [];
    public List<Hit> Kicks { get; } = [];
    public List<Hit> Snares { get; } = [];
    public List<Hit> Hats { get; } = [];

    private void WriteChords()
    {
        var octave = _traits.Anthemic > 0.5f ? 12 : 0;
        for (var bar = 0; bar < Bars; bar++)
        {
            var (start, length, root) = (At(bar, 0), (int)(StepsOfBar * _step), _roots[bar % BarsOfPhrase]);
            for (var tone = 0; tone < 3; tone++)
            {
                Chords.Add(new(start, length, Pitch(root + 2 * tone, 12), 0.8f));
            }
            AddFaint(Chords, start, length, Pitch(root + 6, 12), _traits.Complex - 0.3f);
            AddFaint(Chords, start, length, Pitch(root, 12 + octave) * 1.004f, _traits.Lush - 0.2f);   // beats against the first
        }
    }

    private void WriteRhythm()
    {
        var density = 0.55f * _traits.Energetic + 0.45f * _traits.Driving;
        for (var bar = 0; bar < Bars; bar++)
        {
            var root = _roots[bar % BarsOfPhrase];
            for (var step = 0; step < StepsOfBar; step++)
            {
                var at = At(bar, step);
                var syncopation = _traits.Syncopated - 0.35f - 0.5f * _figure[step];
                Strike(Kicks, at, Accent(step, step == 0 ? 1 : step == 8 ? 0.9f : step % 4 == 0 ? _traits.Urban - 0.3f : step % 2 == 0 ? syncopation : -1));
                Strike(Snares, at, Accent(step, step is 4 or 12 ? _traits.Energetic + 0.1f : step % 2 == 1 ? 0.4f * syncopation : -1));
                Strike(Hats, at, Accent(step, density - (step % 4 == 2 ? 0.15f : step % 4 == 0 ? 0.3f : 0.5f + 0.2f * _figure[step])));
                WritePluck(at, step, root, density);
                WriteBass(at, step, root);
            }
        }
    }

    private void WritePluck(int at, int step, int root, float density)
    {
        var threshold = step % 4 == 0 ? 0.05f : step % 2 == 0 ? 0.1f + 0.4f * _figure[step] : 0.45f + 0.5f * _figure[step];
        var tone = (int)(_figure[(step * 5 + 3) % StepsOfBar] * (3 + 2 * _traits.Complex));
        AddFaint(Plucks, at, (int)(2 * _step), Pitch(root + 2 * tone, _traits.Anthemic > 0.6f ? 24 : 12), Accent(step, 2 * (density - threshold)));
    }

    private void WriteBass(int at, int step, int root)
    {
        var threshold = step switch { 0 => -1f, 8 => 0.25f, 4 or 12 => 0.45f, _ => step % 2 == 0 ? 0.6f : 2 };
        var steps = _traits.Driving > 0.6f ? 2 : _traits.Driving > 0.45f ? 4 : _traits.Driving > 0.25f ? 8 : StepsOfBar;
        AddFaint(Bass, at, (int)(0.95 * steps * _step), Pitch(root, root > 3 ? -12 : 0), 4 * (_traits.Driving - threshold));
    }

    private void WriteMelody(ref SeededRandom random)
    {
        var degree = 7 + random.NextInt(5);
        var leap = 1 + 4 * _traits.Complex;
        for (var bar = 0; bar < Bars; bar++)
        {
            for (var step = 0; step < StepsOfBar;)
            {
                var (rest, stride, lean, offBeat) = (random.NextDouble(), random.NextDouble(), random.NextNormal(), random.NextDouble());
                var steps = Math.Min(StepsOfBar - step, stride < 0.25 + 0.5 * _traits.Energetic ? 2 : stride < 0.9 ? 4 : 8);
                degree = Math.Clamp(degree + (int)Math.Round(lean * leap * 0.7), 5, 14);
                if (rest < 0.75)
                {
                    var late = offBeat < 0.7 * _traits.Syncopated - 0.2 && steps > 2 ? 1 : 0;
                    var pitch = Pitch(degree, _traits.Anthemic > 0.4f ? 12 : 0);
                    Melody.Add(new(At(bar, step + late), (int)((steps - late) * _step * 0.9), pitch, 0.6f + 0.4f * Math.Max(0, Accent(step, 0.4f))));
                }
                step += steps;
            }
        }
    }

    private static void AddFaint(List<Note> notes, int start, int length, float frequency, float velocity)
    {
        if (velocity > 0.01f)
        {
            notes.Add(new(start, length, frequency, Math.Min(1, velocity)));
        }
    }

    private static void Strike(List<Hit> hits, int start, float velocity)
    {
        if (velocity > 0.01f)
        {
            hits.Add(new(start, Math.Min(1, velocity)));
        }
    }

    // Beats are stressed, the more the softer the music.
    private float Accent(int step, float level)
        => level * (step % 8 == 0 ? 1 : step % 4 == 0 ? 0.7f + 0.3f * _traits.Loud : 0.35f + 0.55f * _traits.Loud);

    // Every second sixteenth comes late in music that swings.
    private int At(int bar, int step)
        => (int)((bar * StepsOfBar + step + (step % 2 == 1 ? 0.33 * (1 - _traits.Urban) : 0)) * _step);

    private float Pitch(int degree, int above)
    {
        var octave = Math.DivRem(degree, _scale.Length, out var rest);
        var midi = _key + above + 12 * octave + _scale[rest];
        return 440 * MathF.Pow(2, (midi - 69) / 12f);
    }
}
