namespace Segue.Evaluation.Lab;

/// <summary>One measured figure of a lab world beside what is published of real listening.</summary>
/// <param name="World">Shares lie in [0, 1]; lengths count plays.</param>
/// <param name="Published">The published figure or expected range as text; null where none is known.</param>
/// <param name="Source">Where the published figure stands, or what the figure means when there is none.</param>
public sealed record LabFigure(string Name, double World, string? Published, string Source);

/// <summary>How near a lab world comes to published figures, and how much room it leaves between bad and perfect policies.</summary>
public sealed record LabCalibration
{
    private const string TheSkip = "Lamere, The Skip, 2014 (Spotify)";

    /// <summary>Share of the history's plays held by the top 1 % of all artists. Beside it stands the share counted over the 17,632
    /// artists of the Last.fm set of HetRec 2011 (user_artists.dat): 51.9 %.</summary>
    public required LabFigure TopArtistsShare { get; init; }

    /// <summary>Gini coefficient of plays over all artists, in [0, 1).</summary>
    public required LabFigure ArtistGini { get; init; }

    /// <summary>Share of the history's plays that were heard to the end.</summary>
    public required LabFigure OwnChoicesKept { get; init; }
    public required LabFigure SkippedWithin5Seconds { get; init; }
    public required LabFigure SkippedWithin10Seconds { get; init; }
    public required LabFigure SkippedWithin30Seconds { get; init; }
    public required LabFigure SkippedBeforeEnd { get; init; }
    public required LabFigure SessionMedian { get; init; }
    public required LabFigure SessionTenth { get; init; }
    public required LabFigure SessionNinetieth { get; init; }
    public required LabFigure SessionNinetyNinth { get; init; }

    /// <summary>Share kept in sittings when tracks are drawn evenly from the catalogue.</summary>
    public required LabFigure RandomKept { get; init; }

    /// <summary>Share kept in sittings when tracks are drawn by popularity.</summary>
    public required LabFigure PopularKept { get; init; }

    /// <summary>Share kept in sittings by a greedy policy that knows the truth of up to 2,000 tracks of the catalogue.</summary>
    public required LabFigure OracleKept { get; init; }

    public IReadOnlyList<LabFigure> Figures =>
    [
        TopArtistsShare, ArtistGini, SkippedWithin5Seconds, SkippedWithin10Seconds, SkippedWithin30Seconds, SkippedBeforeEnd,
        SessionTenth, SessionMedian, SessionNinetieth, SessionNinetyNinth, OwnChoicesKept, RandomKept, PopularKept, OracleKept,
    ];

    /// <summary>Measures a world by its history and by some thousand sittings of its own, at most a few seconds' work.</summary>
    /// <param name="history">From <see cref="LabWorld.SimulateHistory"/> of the same world; not empty.</param>
    /// <exception cref="ArgumentException">The history is empty.</exception>
    public static LabCalibration Measure(LabWorld world, IReadOnlyList<LabListen> history, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(history);
        if (history.Count == 0)
        {
            throw new ArgumentException("The history is empty: nothing can be measured.", nameof(history));
        }
        var artists = PlaysByArtist(world, history);
        var sessions = SessionLengths(world, history);
        var popular = LabPolicies.Popular(world, cancellation);
        LabFigure Session(string name, double quantile, string? expected)
        {
            var plays = sessions[(int)(quantile * (sessions.Length - 1))];
            return new($"session length, {name}", plays, expected, expected is null ? "plays" : "plays; our own expectation");
        }

        return new LabCalibration
        {
            TopArtistsShare = new("plays of the top 1 % of artists", TopShare(artists), "0.52", "Last.fm HetRec 2011, counted"),
            ArtistGini = new("Gini of plays over artists", Gini(artists), null, "0 equal, 1 one artist alone"),
            OwnChoicesKept = new(
                "kept of own choices", history.Count(play => !play.Reaction.Skipped) / (double)history.Count, null, "history"),
            SkippedWithin5Seconds = new("skipped within 5 s", popular.SkippedWithin(5), "0.2414", TheSkip),
            SkippedWithin10Seconds = new("skipped within 10 s", popular.SkippedWithin(10), "0.2897", TheSkip),
            SkippedWithin30Seconds = new("skipped within 30 s", popular.SkippedWithin(30), "0.3505", TheSkip),
            SkippedBeforeEnd = new("skipped before the end", 1 - popular.Kept, "0.486", TheSkip),
            SessionTenth = Session("10 %", 0.10, null),
            SessionMedian = Session("median", 0.50, "2-9"),
            SessionNinetieth = Session("90 %", 0.90, null),
            SessionNinetyNinth = Session("99 %", 0.99, null),
            RandomKept = new("kept of random picks", LabPolicies.Even(world, cancellation).Kept, null, "sittings, the floor"),
            PopularKept = new("kept of picks by popularity", popular.Kept, "0.514", TheSkip),
            OracleKept = new("kept of an oracle's picks", LabPolicies.Oracle(world, cancellation).Kept, null, "sittings, the ceiling"),
        };
    }

    private static int[] PlaysByArtist(LabWorld world, IReadOnlyList<LabListen> history)
    {
        var plays = new int[world.Truth.Catalogue.ArtistCount];
        foreach (var play in history)
        {
            plays[world.Truth.Catalogue.Artists[play.Track]]++;
        }
        Array.Sort(plays);
        return plays;
    }

    private static double TopShare(int[] ascending)
        => ascending.AsEnumerable().TakeLast((ascending.Length + 99) / 100).Sum(plays => (double)plays)
            / ascending.Sum(plays => (double)plays);

    private static double Gini(int[] ascending)
    {
        double weighted = 0, sum = 0;
        for (var i = 0; i < ascending.Length; i++)
        {
            weighted += (i + 1.0) * ascending[i];
            sum += ascending[i];
        }
        return 2 * weighted / (ascending.Length * sum) - (ascending.Length + 1.0) / ascending.Length;
    }

    /// <summary>Plays of each session, ascending; a silence of half an hour ends one, as is usual for logs.</summary>
    private static int[] SessionLengths(LabWorld world, IReadOnlyList<LabListen> history)
    {
        var lengths = new List<int>();
        var open = new (DateTimeOffset EndsAt, int Plays)[world.Options.Listeners];
        foreach (var play in history)
        {
            ref var session = ref open[play.Listener];
            if (session.Plays > 0 && play.StartedAt - session.EndsAt > TimeSpan.FromMinutes(30))
            {
                lengths.Add(session.Plays);
                session.Plays = 0;
            }
            session = (play.StartedAt + play.Reaction.Heard, session.Plays + 1);
        }
        lengths.AddRange(open.Where(session => session.Plays > 0).Select(session => session.Plays));
        lengths.Sort();
        return [.. lengths];
    }
}
