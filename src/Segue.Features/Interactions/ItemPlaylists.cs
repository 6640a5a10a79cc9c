using System.Runtime.InteropServices;
using Segue.Core;

namespace Segue.Features.Interactions;

/// <summary>Which items stand together on users' playlists. Whose a playlist is, is known by the user's row alone; what it is called is not kept.</summary>
/// <remarks>A playlist of fewer than <see cref="FewestItems"/> items says nothing, one of more than <see cref="MostItems"/> is a library and says little: both are left out.
/// Ordered by user and then by what is in them, so that equal playlists come in the same order whatever they are called and whenever they were made. Memory: 4 bytes an item on a playlist, 8 a
/// playlist.</remarks>
public sealed class ItemPlaylists
{
    public const int FewestItems = 2, MostItems = 500;
    private readonly int[] _starts, _items, _users;

    private ItemPlaylists(int[] starts, int[] items, int[] users) => (_starts, _items, _users) = (starts, items, users);

    public int Count => _users.Length;

    /// <summary>The items of a playlist, ascending, each once.</summary>
    public ReadOnlySpan<int> this[int playlist] => _items.AsSpan(_starts[playlist].._starts[playlist + 1]);

    /// <summary>The row of the user whose playlist it is; ascending.</summary>
    public int UserOf(int playlist) => _users[playlist];

    /// <param name="playlists">In any order, with items in any order; an item that is named twice counts once.</param>
    /// <returns>Null where no playlist is neither too short nor too long.</returns>
    public static ItemPlaylists? Of(IEnumerable<(int User, IReadOnlyList<int> Items)> playlists)
    {
        var kept = new List<(int User, int[] Items)>();
        foreach (var (user, items) in playlists)
        {
            int[] distinct = [.. items.Distinct().Order()];
            if (distinct.Length is >= FewestItems and <= MostItems)
            {
                kept.Add((user, distinct));
            }
        }
        if (kept.Count == 0)
        {
            return null;
        }
        kept.Sort(static (a, b) => a.User != b.User ? a.User.CompareTo(b.User) : a.Items.AsSpan().SequenceCompareTo(b.Items));
        var starts = new int[kept.Count + 1];
        for (var n = 0; n < kept.Count; n++)
        {
            starts[n + 1] = checked(starts[n] + kept[n].Items.Length);
        }
        return new(starts, [.. kept.SelectMany(playlist => playlist.Items)], [.. kept.Select(playlist => playlist.User)]);
    }
}

/// <summary>Gathers the adds to playlists while interactions are read: 4 to 8 bytes an add, and the name of each playlist.</summary>
internal sealed class PlaylistAdds
{
    private readonly Dictionary<(int User, string Playlist), List<int>> _items = [];

    public void Add(int user, int item, in Interaction interaction)
    {
        if (interaction is { Action: InteractionAction.PlaylistAdd, Playlist: { } playlist, Value: > 0 })
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_items, (user, playlist), out _) ??= []).Add(item);
        }
    }

    public ItemPlaylists? Build() => ItemPlaylists.Of(_items.Select(playlist => (playlist.Key.User, (IReadOnlyList<int>)playlist.Value)));
}
