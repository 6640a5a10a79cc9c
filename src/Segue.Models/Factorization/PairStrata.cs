using Segue.Numerics;

namespace Segue.Models.Factorization;

/// <summary>The pairs of a matrix, dealt into parts × parts blocks of which those on a diagonal share no user and no item: so they can be learnt at once, by
/// any number of threads, with the result of one.</summary>
/// <remarks>After Gemulla, Nijkamp, Haas and Sismanis, "Large-Scale Matrix Factorization with Distributed Stochastic Gradient Descent", KDD 2011. Users and items are
/// dealt anew for each sweep, so that every item meets every other. 12 bytes a pair; O(pairs) a deal.</remarks>
internal sealed class PairStrata
{
    private const int MostParts = 8, LeastOfPart = 256;
    private readonly CsrMatrix _strengths;
    private readonly int[] _users, _items, _partOfItem;
    private readonly Hand[] _hands;

    public PairStrata(CsrMatrix strengths)
    {
        // By the data alone, not by the threads: another number of parts is another order of steps.
        Parts = Math.Clamp(Math.Min(strengths.Rows, strengths.Columns) / LeastOfPart, 1, MostParts);
        _strengths = strengths;
        _users = [.. Enumerable.Range(0, strengths.Rows)];
        _items = [.. Enumerable.Range(0, strengths.Columns)];
        _partOfItem = new int[strengths.Columns];
        _hands = [.. Enumerable.Range(0, Parts).Select(_ => new Hand(Parts))];
    }

    /// <summary>Parts of the users, and of the items.</summary>
    public int Parts { get; }

    /// <summary>Deals anew: the users in a random order, each user's pairs together in every block.</summary>
    public void Deal(ulong seed, int sweep, int threads)
    {
        var random = new SeededRandom(seed, 2, (ulong)sweep);
        random.Shuffle(_users.AsSpan());
        random.Shuffle(_items.AsSpan());
        for (var part = 0; part < Parts; part++)
        {
            foreach (var item in ItemsOf(part))
            {
                _partOfItem[item] = part;
            }
        }
        Workers.For(Parts, threads, part => _hands[part].Take(_users.AsSpan(Start(_users, part), Start(_users, part + 1) - Start(_users, part)), _strengths, _partOfItem));
    }

    /// <summary>The items of a part, in a random order.</summary>
    public ReadOnlySpan<int> ItemsOf(int part) => _items.AsSpan(Start(_items, part), Start(_items, part + 1) - Start(_items, part));

    /// <summary>The pairs of a part of the users with a part of the items.</summary>
    public Stratum Of(int userPart, int itemPart) => _hands[userPart].Of(itemPart);

    private int Start(int[] all, int part) => (int)((long)all.Length * part / Parts);

    /// <summary>Pairs one beside the other; those of one user are together.</summary>
    internal readonly ref struct Stratum(ReadOnlySpan<int> users, ReadOnlySpan<int> items, ReadOnlySpan<float> strengths)
    {
        public ReadOnlySpan<int> Users { get; } = users;
        public ReadOnlySpan<int> Items { get; } = items;
        public ReadOnlySpan<float> Strengths { get; } = strengths;
    }

    private sealed class Hand(int parts)
    {
        private readonly int[] _starts = new int[parts + 1], _next = new int[parts];
        private int[] _users = [], _items = [];
        private float[] _strengths = [];

        public Stratum Of(int part)
        {
            var (from, length) = (_starts[part], _starts[part + 1] - _starts[part]);
            return new(_users.AsSpan(from, length), _items.AsSpan(from, length), _strengths.AsSpan(from, length));
        }

        public void Take(ReadOnlySpan<int> users, CsrMatrix strengths, int[] partOfItem)
        {
            Array.Clear(_starts);
            foreach (var user in users)
            {
                foreach (var item in strengths.Row(user).Columns)
                {
                    _starts[partOfItem[item] + 1]++;
                }
            }
            for (var part = 0; part < parts; part++)
            {
                _starts[part + 1] += _starts[part];
                _next[part] = _starts[part];
            }
            if (_items.Length < _starts[parts])
            {
                (_users, _items, _strengths) = (new int[_starts[parts]], new int[_starts[parts]], new float[_starts[parts]]);
            }
            foreach (var user in users)
            {
                var row = strengths.Row(user);
                for (var n = 0; n < row.Count; n++)
                {
                    var at = _next[partOfItem[row.Columns[n]]]++;
                    (_users[at], _items[at], _strengths[at]) = (user, row.Columns[n], row.Values[n]);
                }
            }
        }
    }
}
