using Segue.Core;
using Segue.Numerics;

namespace Segue.Features.Interactions;

/// <summary>A number for each user and each item that follows from the set of its interactions: another number, other interactions.</summary>
/// <remarks>Sums of 32-bit hashes, the same in any order and process; a change goes unseen by a chance of 2⁻³². Not thread-safe.</remarks>
public sealed class RowFingerprints
{
    private readonly List<uint> _users, _items;

    internal RowFingerprints()
        : this([], [])
    {
    }

    public RowFingerprints(IEnumerable<uint> users, IEnumerable<uint> items) => (_users, _items) = ([.. users], [.. items]);

    /// <summary>By user row; rows beyond have no interaction.</summary>
    public IReadOnlyList<uint> Users => _users;

    /// <summary>By item row; rows beyond have no interaction.</summary>
    public IReadOnlyList<uint> Items => _items;

    /// <summary>The rows whose interactions are others than before, new rows among them.</summary>
    /// <param name="users">For each user the row before; -1 for a new one.</param>
    /// <param name="items">The same of items.</param>
    public (List<int> Users, List<int> Items) ChangedSince(RowFingerprints before, int[] users, int[] items)
        => (Changed(_users, before._users, users), Changed(_items, before._items, items));

    /// <summary>The same without what a user's number tells.</summary>
    public RowFingerprints WithoutUser(int row) => new(_users.Select((hash, user) => user == row ? 0 : hash), _items);

    private static List<int> Changed(List<uint> now, List<uint> before, int[] rows)
        => [.. Enumerable.Range(0, rows.Length).Where(row => rows[row] < 0 || At(now, row) != At(before, rows[row]))];

    private static uint At(List<uint> sums, int row) => row < sums.Count ? sums[row] : 0;

    internal void Add(int user, int item, in Interaction interaction)
    {
        var what = SeededRandom.Mix((ulong)BitConverter.DoubleToInt64Bits(interaction.Value) ^ SeededRandom.Mix((ulong)(interaction.Time?.UtcTicks ?? -1) + (ulong)interaction.Action));
        Add(_users, user, (uint)SeededRandom.Mix(what ^ SeededRandom.Hash(interaction.Item)));
        Add(_items, item, (uint)SeededRandom.Mix(what ^ SeededRandom.Hash(interaction.User)));
    }

    private static void Add(List<uint> sums, int row, uint hash)
    {
        while (sums.Count <= row)
        {
            sums.Add(0);
        }
        sums[row] = unchecked(sums[row] + hash);
    }
}
