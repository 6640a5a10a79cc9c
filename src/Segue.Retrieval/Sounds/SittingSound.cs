using Segue.Numerics;

namespace Segue.Retrieval.Sounds;

/// <summary>How a sitting sounds: what it kept and asked for minus what it skipped, as one direction.</summary>
/// <remarks>E(t) = Σ strength · cos(track t, signal) ÷ (Σ |strength| + <see cref="Prior"/>), in (-1, 1) where signals say no more than one vote each: sim(kept) − sim(skipped), shrunk towards 0 while little was heard.
/// It is a sum over signals, so that each tells what it adds. Signals without sound say nothing.</remarks>
public sealed class SittingSound
{
    /// <summary>What is added below the line of E.</summary>
    public const float Prior = 1;

    private readonly SoundIndex _sounds;
    private readonly float _size;
    private readonly float[] _direction;

    private SittingSound(SoundIndex sounds, IReadOnlyList<SessionSignal> signals)
    {
        (_sounds, _direction, _size) = (sounds, new float[sounds.Dimensions], Prior);
        foreach (var signal in signals)
        {
            if (sounds.Vector(signal.Track) is { IsEmpty: false } vector)
            {
                Vectors.AddScaled(_direction, vector, signal.Strength);
                _size += Math.Abs(signal.Strength);
                HasKept |= signal.Strength > 0;
            }
        }
        foreach (ref var value in _direction.AsSpan())
        {
            value /= _size;
        }
    }

    /// <summary>Whether anything with sound was kept or asked for: else there is only something to turn from.</summary>
    public bool HasKept { get; }

    /// <summary>Null where no sounds are known, or nothing was heard yet.</summary>
    public static SittingSound? Of(SoundIndex? sounds, IReadOnlyList<SessionSignal> signals) => sounds is null || signals.Count == 0 ? null : new(sounds, signals);

    /// <summary>E of a track; 0 where it has no sound.</summary>
    public float Of(int track) => _sounds.Vector(track) is { IsEmpty: false } vector ? Vectors.Dot(_direction, vector) : 0;

    /// <summary>What a signal adds to E of a track.</summary>
    public float Adds(SessionSignal signal, int track)
        => _sounds.Vector(track) is { IsEmpty: false } vector && _sounds.Vector(signal.Track) is { IsEmpty: false } own ? signal.Strength * Vectors.Dot(own, vector) / _size : 0;

    /// <summary>The tracks of greatest E, best first.</summary>
    public ScoredItem[] Nearest(int count, ExcludedTracks excluded) => _sounds.Nearest(_direction, count, excluded);
}
