using System.Diagnostics.CodeAnalysis;
using Segue.Features;
using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Retrieval.Nearest;
using Segue.Retrieval.People;

namespace Segue.Retrieval;

/// <summary>Something the listener did in this sitting, or a seed that the sitting began with.</summary>
/// <param name="Strength">Above 0 kept or asked for, below 0 skipped or voted down; 1 is one track heard to its end.</param>
/// <param name="IsSeed">Asked for at the start, not heard.</param>
public readonly record struct SessionSignal(int Track, float Strength, bool IsSeed);

/// <summary>What trends where the listener is.</summary>
/// <param name="Place">Its narrowest name; null: the whole world.</param>
/// <param name="Tracks">Rows of the catalogue with their decayed counts, heaviest first, each once.</param>
public sealed record LocalTrend(string? Place, IReadOnlyList<ScoredItem> Tracks);

/// <summary>How the factors of a listener are put together.</summary>
/// <param name="Skip">How much the factors of what was skipped are subtracted from those of what was kept, at least 0.</param>
/// <param name="Taste">How much of the long-term factors goes with the sitting's into <see cref="ListenerContext.SessionQuery"/>, at least 0.</param>
public readonly record struct TasteMix(float Skip, float Taste = 0);

/// <summary>All that the funnel knows of a listener at one moment.</summary>
public sealed class ListenerContext
{
    // The tenth track back still says a tenth of what the last one says; older ones cost time and tell nothing.
    private const int MostCoListenAnchors = 10;
    private const float CoListenDecay = 0.8f;

    private readonly TasteMix _mix;

    /// <param name="nearest">An index over the item factors of the models.</param>
    /// <param name="history">Long-term listening; empty for a new listener.</param>
    /// <param name="signals">This sitting so far, oldest first; empty at its start, and for lists outside any sitting.</param>
    /// <param name="excluded">Rows that must not be offered.</param>
    /// <param name="people">What people like the listener like; null: nothing is said of who has no history.</param>
    /// <param name="taste">Long-term factors where they are known already, as <see cref="Taste"/> has them.</param>
    public ListenerContext(
        CatalogueIndex catalogue,
        ModelSet models,
        TasteIndex nearest,
        UserHistory history,
        IReadOnlyList<SessionSignal> signals,
        ExcludedTracks excluded,
        TasteMix mix,
        PeopleTaste? people = null,
        float[]? taste = null)
    {
        (Catalogue, Models, Nearest, History, Signals, Excluded, _mix) = (catalogue, models, nearest, history, signals, excluded, mix);
        People = people;
        Taste = taste ?? (people is not null && history.Items.Count == 0 ? people.Taste : TasteOf(models, history));
    }

    public CatalogueIndex Catalogue { get; }
    public ModelSet Models { get; }
    public TasteIndex Nearest { get; }
    public UserHistory History { get; }
    public IReadOnlyList<SessionSignal> Signals { get; }
    public ExcludedTracks Excluded { get; }

    /// <summary>Items of the history that are liked, the latest last.</summary>
    public IEnumerable<int> LikedItems => History.Items.Where((_, n) => History.Strengths[n] > 0);

    /// <summary>What a sitting keeps of foldings from list to list; null: nothing is kept.</summary>
    public SittingFolds? Folds { get; init; }

    /// <summary>What was kept or asked for in the sitting, folded in.</summary>
    public FoldedTaste Kept => field ??= Fold(sign: 1);

    /// <summary>What was skipped in the sitting, folded in as if it had been kept.</summary>
    public FoldedTaste Skipped => field ??= Fold(sign: -1);

    /// <summary>The history folded in.</summary>
    public FoldedTaste Past => field ??= Folds is { } folds ? folds.Past ??= Models.Taste.Fold(History) : Models.Taste.Fold(History);

    /// <summary>Long-term factors, length d; those of people like the listener, or zero, for a new one.</summary>
    public float[] Taste { get; }

    /// <summary>The sitting's factors, length d: what was kept folded in, minus what was skipped; null while nothing happened.</summary>
    public float[]? SessionTaste => Signals.Count == 0 ? null : field ??= FoldSession();

    /// <summary>Where the sitting looks: its factors with some of the long-term ones, length d; null while nothing happened.</summary>
    public float[]? SessionQuery
    {
        get
        {
            if (SessionTaste is not { } session)
            {
                return null;
            }
            float[] query = [.. session];
            Vectors.AddScaled(query, Taste, _mix.Taste);
            return query;
        }
    }

    /// <summary>What others heard around the newest tracks of this sitting, minus around what was skipped; around the last tracks of the
    /// history while nothing was kept. By track; the excluded ones are in it too.</summary>
    public CoListening CoListen => field ??= new(Models.Neighbors, CoListenAnchors);

    /// <summary>The tracks of each genre, most played first.</summary>
    [field: MaybeNull]
    public GenreCharts Charts
    {
        get => field ??= new(Catalogue, Models.Popular);
        init;
    }

    /// <summary>The nearest of single genres; null where nobody can tell.</summary>
    public GenreIndex? Genres { get; init; }

    /// <summary>What searches found at an earlier moment of the sitting: a hint of where to look, which changes nothing of what is found.</summary>
    public IReadOnlyList<ScoredItem[]> FoundBefore { get; init; } = [];

    /// <summary>Null where nobody asked.</summary>
    public PeopleTaste? People { get; }

    /// <summary>Null where nobody told what came lately.</summary>
    public NewReleases? Releases { get; init; }

    /// <summary>Null where trends are not counted.</summary>
    public LocalTrend? Trending { get; init; }

    /// <summary>Null where the radio has not listened to its tracks.</summary>
    public DirectionIndex? Sounds { get; init; }

    /// <summary>Null where the models know no tags.</summary>
    public DirectionIndex? Tags { get; init; }

    private static float[] TasteOf(ModelSet models, UserHistory history)
        => history.Row is { } row && row < models.Users ? models.Taste.UserFactors(row) : models.Taste.FoldIn(history);

    /// <summary>The tracks that <see cref="CoListen"/> looks around, with what each weighs: the newest first.</summary>
    public IReadOnlyList<(int Track, float Weight)> CoListenAnchors => field ??= Anchors();

    private List<(int Track, float Weight)> Anchors()
    {
        var kept = Signals.Any(signal => signal.Strength > 0);
        int[] liked = kept ? [] : [.. LikedItems.TakeLast(MostCoListenAnchors)];
        var anchors = new List<(int, float)>(MostCoListenAnchors);
        for (var age = 0; age < Math.Min(MostCoListenAnchors, kept ? Signals.Count : liked.Length); age++)
        {
            var (track, strength) = kept ? (Signals[^(age + 1)].Track, Signals[^(age + 1)].Strength) : (liked[^(age + 1)], 1);
            anchors.Add((track, strength * MathF.Pow(CoListenDecay, age)));
        }
        return anchors;
    }

    private float[] FoldSession()
    {
        float[] session = [.. Kept.Factors];
        Vectors.AddScaled(session, Skipped.Factors, -_mix.Skip);
        return session;
    }

    private FoldedTaste Fold(int sign)
    {
        var (tracks, strengths) = (new int[Signals.Count], new float[Signals.Count]);
        var count = 0;
        foreach (var signal in Signals)
        {
            if (signal.Strength * sign > 0)
            {
                (tracks[count], strengths[count]) = (signal.Track, signal.Strength * sign);
                count++;
            }
        }
        return Folds?.Of(sign, Models.Taste, tracks.AsSpan(0, count), strengths.AsSpan(0, count))
            ?? Models.Taste.Fold(tracks[..count], strengths.AsSpan(0, count));
    }
}
