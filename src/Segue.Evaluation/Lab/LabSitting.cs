using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>One listener at the radio: tells how each track is taken. Not thread-safe; any number of sittings may run at once.</summary>
/// <remarks>
/// Luck is keyed by (seed, listener, number of the sitting, position, track), so two policies that play the same track at the same
/// position after the same tracks get the same answer, and mood, its drift and the length are the same for all policies.
/// </remarks>
public sealed class LabSitting
{
    private readonly LabTruth _truth;
    private readonly LabListener _listener;
    private readonly LabMood _mood;
    private readonly LabMemory _memory;
    private readonly DateTimeOffset _start;
    private readonly ulong _number;

    internal LabSitting(LabTruth truth, int listener, int number, DateTimeOffset at, DateTimeOffset start, LabMemory? past, int? length)
    {
        (_truth, _listener, _start, Now) = (truth, truth.Population.On(listener, (int)(at - start).TotalDays), start, at);
        _number = unchecked((ulong)number);
        _memory = past is null ? new LabMemory() : new LabMemory(past);
        var random = new SeededRandom(truth.Seed, LabStreams.Sitting, (ulong)listener, _number);
        var drawn = _listener.DrawSessionLength(ref random);
        Length = length ?? drawn;
        _mood = new LabMood(_listener, truth.Genres, truth.Catalogue.GenreShares, ref random);
    }

    /// <summary>Tracks the listener stays for, skipped ones included; from 1 to 200.</summary>
    public int Length { get; }

    /// <summary>Tracks played so far, skipped ones included; from 0 to <see cref="Length"/>.</summary>
    public int Heard { get; private set; }

    /// <summary>The simulated time at which the next track would start.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The genre that the mood is about. Truth, for reports and tests: a policy must not look.</summary>
    public string MoodGenre => LabGenres.Name(_mood.Genre);

    /// <summary>Plays a track: the listener hears it or skips it, tires a little, and the mood drifts.</summary>
    /// <param name="track">Index into <see cref="LabWorld.Catalogue"/>.</param>
    /// <exception cref="InvalidOperationException">The listener has left: <see cref="Length"/> tracks were played.</exception>
    public LabReaction React(int track)
    {
        if (Heard == Length)
        {
            throw new InvalidOperationException($"The listener has left after {Length} tracks.");
        }
        var random = new SeededRandom(
            _truth.Seed, LabStreams.Reaction, (ulong)_listener.Index, _number, (ulong)Heard, (ulong)track);
        var reaction = _truth.React(Utility(track), track, ref random);
        _memory.Add(track, Second);
        var drift = new SeededRandom(_truth.Seed, LabStreams.Drift, (ulong)_listener.Index, _number, (ulong)Heard);
        _mood.Drift(ref drift);
        Heard++;
        Now += reaction.Heard;
        return reaction;
    }

    /// <summary>The true probability, in (0, 1), that the track would not be skipped if played now. Changes nothing.</summary>
    /// <inheritdoc cref="React" path="/param"/>
    public double ChanceOfKeeping(int track) => LabTruth.Logistic(Utility(track));

    internal double Utility(int track)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(track);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(track, _truth.Catalogue.Tracks.Length);
        return _truth.Utility(_listener, _mood, _memory, track, Second);
    }

    private int Second => (int)(Now - _start).TotalSeconds;
}
