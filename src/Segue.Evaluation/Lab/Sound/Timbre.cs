namespace Segue.Evaluation.Lab.Sound;

/// <summary>How the level of a tone goes: times in seconds, of exponential curves the time in which they fall to 1/e.</summary>
/// <param name="Attack">Straight up from 0.</param>
/// <param name="Decay">From the end of the attack.</param>
/// <param name="Release">From the end of the note.</param>
/// <param name="Edge">How fast the brighter part of the tone fades.</param>
/// <param name="Vibrato">Deviation of the frequency, as a share of it.</param>
internal readonly record struct Envelope(float Attack, float Decay, float Release, float Edge, float Vibrato);

/// <summary>A musical instrument: one period of its sound for each octave, with what its attack adds, made when first needed and read at the pitch of the note.</summary>
/// <remarks>A sample costs four multiplications and two table entries: no sine is computed while playing. For one thread.</remarks>
internal sealed class Timbre
{
    private const int PeriodBits = 10, Period = 1 << PeriodBits, Chunk = 256;
    private const int Octaves = 7;
    private const float LowestOctave = 40, Highest = 9_500, VibratoHz = 5.3f;
    private const float FractionOf = 1f / (1 << (32 - PeriodBits));

    private static readonly float[] Sine = [.. Enumerable.Range(0, Period).Select(n => (float)Math.Sin(2 * Math.PI * n / Period))];

    private readonly Cell[]?[] _tables = new Cell[Octaves][];
    private readonly Func<int, float, float> _steady, _edge;

    /// <param name="steady">Level of harmonic k ≥ 1 of a tone of a frequency in Hz, while it is held.</param>
    /// <param name="edge">What the attack adds to it.</param>
    public Timbre(Func<int, float, float> steady, Func<int, float, float> edge) => (_steady, _edge) = (steady, edge);

    /// <summary>Sine of a phase, whose 2³² values are one turn.</summary>
    public static float SineOf(uint phase) => Sine[phase >> (32 - PeriodBits)];

    /// <summary>Samples that a note takes with its release.</summary>
    public static int LengthOf(int length, in Envelope envelope) => length + (int)(4 * envelope.Release * LabSound.SampleRate);

    /// <summary>Writes a note of velocity 1.</summary>
    /// <param name="length">Samples until it is let go.</param>
    /// <param name="frequency">Hz.</param>
    /// <param name="target">Receives it; as long as <see cref="LengthOf"/> says, or shorter.</param>
    public void Play(int length, float frequency, in Envelope envelope, Span<float> target)
    {
        var octave = Math.Clamp((int)MathF.Floor(MathF.Log2(frequency / LowestOctave)), 0, Octaves - 1);
        var table = _tables[octave] ??= Create(octave);
        length = Math.Min(length, target.Length);
        var attack = Math.Min(length, Math.Max(32, (int)(envelope.Attack * LabSound.SampleRate)));
        var tone = new Tone
        {
            Step = PhaseStep(frequency), Vibrato = envelope.Vibrato, Edge = 1, EdgeFactor = Fall(envelope.Edge),
            Rise = 1f / attack, Factor = 1,
        };
        Run(table, ref tone, target[..attack]);
        (tone.Rise, tone.Factor) = (0, Fall(envelope.Decay));
        Run(table, ref tone, target[attack..length]);
        tone.Factor = Fall(envelope.Release);
        Run(table, ref tone, target[length..]);
    }

    /// <summary>The phase that a frequency in Hz advances in one sample.</summary>
    public static uint PhaseStep(double frequency) => (uint)(frequency / LabSound.SampleRate * 4294967296.0);

    /// <summary>The factor of one sample of a curve that falls to 1/e in a time.</summary>
    public static float Fall(float seconds) => MathF.Exp(-1 / (seconds * LabSound.SampleRate));

    private static void Run(Cell[] table, ref Tone tone, Span<float> target)
    {
        for (var from = 0; from < target.Length; from += Chunk)
        {
            var bend = 1 + tone.Vibrato * SineOf(tone.VibratoPhase);
            tone.VibratoPhase += Chunk * PhaseStep(VibratoHz);
            RunChunk(table, ref tone, (uint)(tone.Step * (double)bend), target[from..Math.Min(target.Length, from + Chunk)]);
        }
    }

    private static void RunChunk(Cell[] table, ref Tone tone, uint step, Span<float> target)
    {
        var (phase, level, edge) = (tone.Phase, tone.Level, tone.Edge);
        var (factor, rise, edgeFactor) = (tone.Factor, tone.Rise, tone.EdgeFactor);
        for (var i = 0; i < target.Length; i++)
        {
            ref readonly var cell = ref table[phase >> (32 - PeriodBits)];
            var fraction = (int)(phase & ((1u << (32 - PeriodBits)) - 1)) * FractionOf;
            target[i] = level * (cell.Value + fraction * cell.Slope + edge * (cell.Edge + fraction * cell.EdgeSlope));
            level = level * factor + rise;
            edge *= edgeFactor;
            phase += step;
        }
        (tone.Phase, tone.Level, tone.Edge) = (phase, level, edge);
    }

    // A table serves the octave below its top, so no harmonic of a note in it folds back.
    private Cell[] Create(int octave)
    {
        var top = LowestOctave * (2 << octave);
        var harmonics = Math.Clamp((int)(Highest / top), 1, 32);
        return Interleave(Sum(harmonics, top * 0.7f, _steady), Sum(harmonics, top * 0.7f, _edge));
    }

    private static float[] Sum(int harmonics, float frequency, Func<int, float, float> level)
    {
        var period = new float[Period];
        for (var k = 1; k <= harmonics; k++)
        {
            var amplitude = level(k, frequency);
            for (var n = 0; n < Period; n++)
            {
                period[n] += amplitude * Sine[k * n & Period - 1];
            }
        }
        return period;
    }

    private static Cell[] Interleave(float[] steady, float[] edge)
    {
        var cells = new Cell[Period];
        for (var n = 0; n < Period; n++)
        {
            var next = n + 1 & Period - 1;
            cells[n] = new(steady[n], steady[next] - steady[n], edge[n], edge[next] - edge[n]);
        }
        return cells;
    }

    private readonly record struct Cell(float Value, float Slope, float Edge, float EdgeSlope);

    private struct Tone
    {
        public uint Phase, Step, VibratoPhase;
        public float Level, Factor, Rise, Edge, EdgeFactor, Vibrato;
    }
}
