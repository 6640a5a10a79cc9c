using Segue.Core;

namespace Segue.Ranking.Rules;

/// <summary>Groups of tracks; a track belongs to it by any entry.</summary>
/// <param name="Genres">Whatever their case.</param>
/// <param name="Tags">Whatever their case.</param>
public sealed record TrackGroups(IReadOnlyList<string> Genres, IReadOnlyList<ArtistId> Artists, IReadOnlyList<string> Tags)
{
    public static TrackGroups None { get; } = new([], [], []);
}

/// <summary>What one number of a track's sound is to be.</summary>
/// <param name="Min">Tracks below do not come; null: no bound.</param>
/// <param name="Max">Tracks above do not come; null: no bound.</param>
/// <param name="Target">Tracks nearer to it come first; null: none.</param>
public sealed record SoundWish(float? Min, float? Max, float? Target)
{
    public static SoundWish None { get; } = new(null, null, null);

    public float? Max { get; } = Min > Max
        ? throw new ArgumentException($"The least, {Min}, lies above the most, {Max}: nothing could come.", nameof(Max))
        : Max;

    /// <summary>Whether a track of unknown sound cannot be said to keep it.</summary>
    public bool IsBound => Min is not null || Max is not null;

    public bool Allows(float value) => !(value < Min) && !(value > Max);
}

/// <summary>What a listener asks of the lists of a sitting; nothing unless set.</summary>
public sealed record ListWishes
{
    public static ListWishes None { get; } = new();

    /// <summary>From -1, what the listener knows, to 1, what is new; 0 leaves the order alone.</summary>
    public float Discovery { get; init; }

    /// <summary>1 − λ of <see cref="Rules.Diversity"/>: 0 leaves the order alone, 0.9 is the most.</summary>
    public float Diversity { get; init; }

    /// <summary>Few but sure: tracks come that will more surely be taken than this, by 2p − 1 of a learnt ranker's probability p; in [-1, 1], -1 leaves all. Without a learnt ranker nothing is sure.</summary>
    public float Sureness { get; init; } = -1;

    /// <summary>How much neighbors are to be alike in energy and tempo, in [0, 1].</summary>
    public float Smoothness { get; init; }

    /// <summary>Whether <see cref="WebRadioRule"/> holds.</summary>
    public bool IsWebRadio { get; init; }

    /// <summary>Whether tracks rest as <see cref="RestWindow"/> has it for the listener, and not as long as for all.</summary>
    public bool RestsByHabit { get; init; }

    /// <summary>Of each sort that has entries a track must match one.</summary>
    public TrackGroups Include { get; init; } = TrackGroups.None;

    /// <summary>A track that matches any entry does not come.</summary>
    public TrackGroups Exclude { get; init; } = TrackGroups.None;

    /// <summary>Shorter tracks do not come, nor do those of unknown length; null: no bound.</summary>
    public TimeSpan? MinLength { get; init; }

    /// <summary>Longer tracks do not come, nor do those of unknown length; null: no bound.</summary>
    public TimeSpan? MaxLength { get; init; }

    /// <summary>In [0, 1].</summary>
    public SoundWish Energy { get; init; } = SoundWish.None;

    /// <summary>In beats a minute; half and double of a tempo are other tempos.</summary>
    public SoundWish Tempo { get; init; } = SoundWish.None;

    /// <summary>In LUFS.</summary>
    public SoundWish Loudness { get; init; } = SoundWish.None;

    /// <summary>In Hz: the mean of the power spectrum over frequency.</summary>
    public SoundWish Brightness { get; init; } = SoundWish.None;
}
