namespace Segue.Ranking.Rules;

/// <summary>Puts tracks first whose sound is near to what is asked for, and lets neighbors in the list be alike.</summary>
/// <remarks>
/// Distances lie in [0, 1]: energy by its difference, loudness by 20 dB, tempo and brightness by octaves, each cut at 1. A target takes
/// 4 · distance off the score; smoothness takes off 4 · s · the mean distance of energy and tempo to the track before, where half and double of a
/// tempo are the same, for nobody can tell which of them a pulse has. What is unknown counts as half of the whole distance.
/// </remarks>
public sealed class SoundTargets : ListRule
{
    private const float Weight = 4, UnknownDistance = 0.5f, DecibelsApart = 20;
    private readonly ListScene _scene;
    private readonly float _smoothness;
    private readonly float[] _changes;
    private TrackSound? _before;

    public SoundTargets(ListScene scene, ListWishes wishes)
    {
        (_scene, _smoothness) = (scene, wishes.Smoothness);
        _before = scene.Before.Count > 0 ? scene.FactsOf(scene.Before[^1]).Sound : null;
        _changes = [.. Enumerable.Range(0, scene.Ranking.Count).Select(candidate => -Weight * Distance(Sound(candidate), wishes))];
    }

    public override string Name => "the targets of sound";

    public override float Change(int candidate)
        => _changes[candidate] - (_smoothness > 0 && _before is { } before ? Weight * _smoothness * Step(before, Sound(candidate)) : 0);

    public override void Take(int candidate) => _before = Sound(candidate);

    private TrackSound? Sound(int candidate) => _scene.FactsOf(_scene.Track(candidate)).Sound;

    private static float Distance(TrackSound? sound, ListWishes wishes)
        => To(wishes.Energy, sound?.Energy, static (value, target) => Math.Abs(value - target))
            + To(wishes.Tempo, sound?.Tempo, Octaves)
            + To(wishes.Loudness, sound?.Loudness, static (value, target) => Math.Abs(value - target) / DecibelsApart)
            + To(wishes.Brightness, sound?.Brightness, Octaves);

    private static float To(SoundWish wish, float? value, Func<float, float, float> distance)
        => wish.Target is not { } target ? 0 : value is { } known ? Math.Min(1, distance(known, target)) : UnknownDistance;

    private static float Step(TrackSound before, TrackSound? next)
    {
        if (next is not { } sound)
        {
            return UnknownDistance;
        }
        var octaves = before.Tempo > 0 && sound.Tempo > 0 ? Math.Abs(MathF.Log2(sound.Tempo / before.Tempo)) % 1 : UnknownDistance / 2;
        return (Math.Abs(sound.Energy - before.Energy) + 2 * Math.Min(octaves, 1 - octaves)) / 2;
    }

    // 0 where no pulse was found, or nothing sounded.
    private static float Octaves(float value, float target)
        => value > 0 && target > 0 ? Math.Abs(MathF.Log2(value / target)) : UnknownDistance;
}
