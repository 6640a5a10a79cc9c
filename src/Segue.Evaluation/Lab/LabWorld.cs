using Segue.Core;
using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>A simulated world of listeners and tracks, in which a recommender can be proved before it has listeners.</summary>
/// <remarks>
/// All of it follows from <see cref="LabOptions.Seed"/> and the sizes, whatever the number of threads (processors of another
/// vector width may round otherwise). What is true of the
/// world (styles, tastes, moods) is hidden; a policy sees what a real one would: the catalogue, profiles, the log and reactions.
/// Safe for any number of readers at once.
/// </remarks>
public sealed class LabWorld
{
    /// <summary>Beyond it the clock of fatigue, which counts seconds in 32 bits, would overflow.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(20_000);

    private volatile LabMemory[]? _memories;

    private LabWorld(LabOptions options, LabTruth truth) => (Options, Truth) = (options, truth);

    public LabOptions Options { get; }

    /// <summary>The index of a track here is its lab index. The order says nothing of popularity.</summary>
    public IReadOnlyList<Track> Catalogue => Truth.Catalogue.Tracks;

    /// <summary>The index of a listener here is the lab index.</summary>
    public IReadOnlyList<ListenerProfile> Listeners => Truth.Population.Profiles;

    /// <summary>Midnight at which the history begins, the same for all worlds.</summary>
    public DateTimeOffset Start { get; } = FirstDay;

    /// <summary>When the history ends: <see cref="LabOptions.Days"/> after <see cref="Start"/>.</summary>
    public DateTimeOffset End => Start.AddDays(Options.Days);

    internal LabTruth Truth { get; }

    private static DateTimeOffset FirstDay { get; } = new(2025, 1, 6, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Creates the world, and solves it for the published share of skips.</summary>
    public static LabWorld Create(LabOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var genres = new LabGenres(options.Seed);
        var catalogue = new LabCatalogue(options, genres, FirstDay);
        var population = new LabPopulation(options, genres, catalogue.GenreShares);
        var truth = new LabTruth(options.Seed, genres, catalogue, population, intercept: 0, options.Statements);
        return new LabWorld(options, LabIntercept.Solve(truth, FirstDay, options.Threads));
    }

    /// <summary>The day on which a track appears, counted from <see cref="Start"/>; negative for the 97 % that are older.</summary>
    public int ReleaseDay(int track) => Truth.Catalogue.ReleaseDays[track];

    /// <summary>Names of a listener's tastes at the end of the history. Truth, for reports and tests: a policy must not look.</summary>
    public IReadOnlyList<string> TasteGenres(int listener)
        => [.. Truth.Population.On(listener, Options.Days).TasteGenres.Select(genre => LabGenres.Name(genre))];

    /// <summary>The chance that each track is kept by a rested listener at the end of the history, over the listener's moods. Truth, for reports and tests: a policy
    /// must not look.</summary>
    public float[] Likings(int listener)
    {
        var person = Truth.Population.On(listener, Options.Days);
        return [.. Enumerable.Range(0, Catalogue.Count).Select(track => (float)Truth.Liking(person, track))];
    }

    /// <summary>A track drawn by overall popularity: the pick of one who knows the charts and not the listener.</summary>
    public int DrawPopular(ref SeededRandom random) => Truth.Catalogue.DrawPopular(ref random);

    /// <summary>Lets all listeners listen for themselves, each play by own taste and mood, for all days of the world.</summary>
    /// <remarks>Takes one to three seconds per million plays on two processors. Later sittings start with the fatigue at its end.</remarks>
    /// <param name="progress">Told the share of listeners done, in [0, 1], from several threads.</param>
    /// <returns>The plays by time, then by listener; each begins and ends within the days.</returns>
    public IReadOnlyList<LabListen> SimulateHistory(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var history = new LabHistory(Truth, Options, Start);
        var listens = history.Simulate(progress, cancellation);
        _memories = history.Memories;
        return listens;
    }

    /// <summary>The playlists that listeners put together, by listener: each of one mood, from what they kept, the charts and the mood's genre.</summary>
    /// <param name="history">Plays of this world by time; a playlist holds what its listener knew when it was made.</param>
    public IReadOnlyList<LabPlaylist> Playlists(IEnumerable<LabListen> history) => new LabPlaylists(Truth, Options, Start).Make(history);

    /// <summary>Sits a listener down at the radio.</summary>
    /// <param name="listener">Index into <see cref="Listeners"/>.</param>
    /// <param name="number">Names the sitting: mood, length and luck follow from it. Not negative.</param>
    /// <param name="at">From <see cref="Start"/> to 20,000 days later. What was heard after it does not tire.</param>
    /// <param name="length">Tracks that the listener stays for, 1 to 200; null: as many as the listener is minded to. All else is the same.</param>
    public LabSitting Sit(int listener, int number, DateTimeOffset at, int? length = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(listener);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(listener, Options.Listeners);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfLessThan(at, Start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(at, Start + Horizon);
        return new LabSitting(Truth, listener, number, at.ToUniversalTime(), Start, _memories?[listener], length);
    }
}
