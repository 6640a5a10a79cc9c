using Segue.Core;
using Segue.Numerics;

namespace Segue.Features.Interactions;

/// <summary>What each action says about a liking; see <see cref="Dataset"/>.</summary>
public sealed record ActionWeights
{
    public float Listen { get; init; } = 1;
    public float Skip { get; init; } = -0.5f;
    public float VoteUp { get; init; } = 3;
    public float VoteDown { get; init; } = -5;
    public float PlaylistAdd { get; init; } = 3;
    public float Click { get; init; } = 0.2f;

    internal float Of(InteractionAction action) => action switch
    {
        InteractionAction.Listen => Listen,
        InteractionAction.Skip => Skip,
        InteractionAction.VoteUp => VoteUp,
        InteractionAction.VoteDown => VoteDown,
        InteractionAction.PlaylistAdd => PlaylistAdd,
        InteractionAction.Click => Click,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action."),
    };
}

/// <summary>Interactions with their ids turned into rows, ready for training and for serving.</summary>
/// <remarks>The strength of a pair is the sum over its interactions of value × the action's weight; above 0 it is a liking, below 0 a
/// refusal, capped at weight <see cref="MaxRefusal"/>. Item rows follow the catalogue, user rows the listeners and then the order of
/// first appearance. Where every interaction has a time, each user's listens are also kept in time order. Ages count from the newest interaction of all.</remarks>
public sealed class Dataset
{
    /// <summary>Largest weight of a refusal.</summary>
    public const float MaxRefusal = 3;

    private Dataset(IdMap users, CatalogueIndex catalogue, IReadOnlyList<ListenerProfile> listeners, TrainingSet training, RowFingerprints fingerprints)
        => (Users, Catalogue, Listeners, Training, Fingerprints) = (users, catalogue, listeners, training, fingerprints);

    public IdMap Users { get; }
    public CatalogueIndex Catalogue { get; }

    /// <summary>The profiles that were given; users beyond have none.</summary>
    public IReadOnlyList<ListenerProfile> Listeners { get; }
    public TrainingSet Training { get; }

    /// <summary>By which a later look tells the rows that changed.</summary>
    public RowFingerprints Fingerprints { get; }

    /// <param name="interactions">In any order; read once.</param>
    /// <param name="firstUsers">Ids of the first rows, for models that were trained in that order; null: the listeners' own order.</param>
    /// <exception cref="InvalidDataException">An interaction names an item that the catalogue lacks.</exception>
    public static Dataset Build(
        IReadOnlyList<Track> catalogue, IReadOnlyList<ListenerProfile> listeners, IEnumerable<Interaction> interactions, ActionWeights? weights = null,
        IReadOnlyList<string>? firstUsers = null)
    {
        weights ??= new();
        var index = new CatalogueIndex(catalogue);
        var users = new IdMap((firstUsers ?? []).Concat(listeners.Select(listener => listener.Id.Value)));
        var elements = new List<(int User, int Item, float Strength)>();
        var actions = new List<(int User, int Item, InteractionAction Action, float Amount, long? Time)>();
        var listens = new List<(int User, long Time, int Item)>();
        var timed = true;
        var fingerprints = new RowFingerprints();
        var playlists = new PlaylistAdds();
        foreach (var interaction in interactions)
        {
            var item = index.Find(new TrackId(interaction.Item))
                ?? throw new InvalidDataException($"An interaction names the item '{interaction.Item}', which the catalogue lacks.");
            var user = users.Add(interaction.User);
            elements.Add((user, item, (float)interaction.Value * weights.Of(interaction.Action)));
            fingerprints.Add(user, item, interaction);
            playlists.Add(user, item, interaction);
            if ((float)interaction.Value > 0)
            {
                actions.Add((user, item, interaction.Action, (float)interaction.Value, interaction.Time?.UtcTicks));
            }
            timed &= interaction.Time is not null;
            if (timed && interaction.Action == InteractionAction.Listen)
            {
                listens.Add((user, interaction.Time!.Value.UtcTicks, item));
            }
        }
        var strengths = CsrMatrix.FromTriplets(users.Count, index.Count, elements)
            .Map((_, strength) => Math.Max(strength, -MaxRefusal));
        var newest = actions.Max(action => action.Time) ?? 0;
        var rows = ActionRows.Gather(users.Count, actions.Select(told => (
            told.User, new PairAction(told.Item, told.Action, told.Amount, (float)((newest - (told.Time ?? newest)) / (double)TimeSpan.TicksPerDay)))));
        return new(users, index, listeners, new(strengths, timed && elements.Count > 0 ? Sequences(users.Count, listens) : null, rows, () => ItemTags.Of(catalogue)) { Playlists = playlists.Build() }, fingerprints);
    }

    /// <summary>The same with tracks behind that nobody heard yet; shares this one's memory.</summary>
    /// <exception cref="ArgumentException">A track is there already.</exception>
    public Dataset WithTracks(IReadOnlyList<Track> more)
    {
        var catalogue = new CatalogueIndex([.. Catalogue.Tracks, .. more]);
        return new(Users, catalogue, Listeners, Training.WithItems(catalogue.Count), Fingerprints);
    }

    /// <summary>All that is known of a user: each distinct item with its strength, the most lately heard last where time is known.</summary>
    public UserHistory History(int user)
    {
        var row = Training.Strengths.Row(user);
        var strengths = new Dictionary<int, float>(row.Count);
        for (var n = 0; n < row.Count; n++)
        {
            strengths.Add(row.Columns[n], row.Values[n]);
        }
        var items = new List<int>(row.Count);
        var sequence = Training.IsOrdered ? Training.Sequence(user) : [];
        var seen = new HashSet<int>();
        for (var n = sequence.Length - 1; n >= 0; n--)
        {
            if (seen.Add(sequence[n]))
            {
                items.Add(sequence[n]);
            }
        }
        items.Reverse();
        items.InsertRange(0, strengths.Keys.Where(item => !seen.Contains(item)));
        return new(user, items, [.. items.Select(item => strengths[item])], Training.Actions.Row(user).ToArray());
    }

    private static int[][] Sequences(int users, List<(int User, long Time, int Item)> listens)
    {
        var ordered = new List<int>[users];
        for (var user = 0; user < users; user++)
        {
            ordered[user] = [];
        }
        foreach (var (user, _, item) in listens.OrderBy(listen => listen.Time))   // a stable sort: equal times keep the order of the source
        {
            ordered[user].Add(item);
        }
        return [.. ordered.Select(items => items.ToArray())];
    }
}
