using Segue.Numerics;
using Segue.Numerics.Sparse;

namespace Segue.Evaluation.Planning;

/// <summary>Plays by a public recipe: item i is drawn with weight (i + 1)^-0.9, lengths of users' rows are log-normal with deviation 1, at most 5,000,
/// scaled to the size asked for; a user's items are distinct. Rows of items are shuffled, as ids are in life.</summary>
public static class SyntheticPlays
{
    private const int Longest = 5_000;
    private const double Exponent = -0.9;

    /// <param name="levels">Different weights: 1 makes all alike (4 bytes an interaction), more draw them evenly from 1, 2, … (5 bytes).</param>
    public static WeightedRows Make(int users, int items, long interactions, int levels, ulong seed = 1)
    {
        var starts = Starts(users, items, interactions, seed);
        var popularity = new AliasTable([.. Enumerable.Range(1, items).Select(rank => Math.Pow(rank, Exponent))]);
        var names = Enumerable.Range(0, items).ToArray();
        var shuffle = new SeededRandom(seed, 1);
        shuffle.Shuffle<int>(names);
        var heard = new HashSet<int>();
        float[] weights = [.. Enumerable.Range(1, levels).Select(level => (float)level)], targets = new float[levels];
        Array.Fill(targets, 1);
        return WeightedRows.Create(items, starts, new(weights, targets), (user, columns, codes) =>
        {
            var random = new SeededRandom(seed, 2, (ulong)user);
            heard.Clear();
            for (var n = 0; n < columns.Length;)
            {
                var item = names[popularity.Draw(ref random)];
                if (heard.Add(item))
                {
                    columns[n++] = item;
                }
            }
            columns.Sort();
            for (var n = 0; n < codes.Length; n++)
            {
                codes[n] = (byte)random.NextInt(levels);
            }
        });
    }

    private static long[] Starts(int users, int items, long interactions, ulong seed)
    {
        var sizes = new double[users];
        for (var user = 0; user < users; user++)
        {
            var random = new SeededRandom(seed, 0, (ulong)user);
            sizes[user] = Math.Exp(random.NextNormal());
        }
        var longest = Math.Min(Longest, items / 2);
        // The cap takes some away: scale until the sum is right.
        var scale = interactions / sizes.Sum();
        for (var round = 0; round < 50; round++)
        {
            scale *= interactions / sizes.Sum(size => Math.Min(longest, size * scale));
        }
        var starts = new long[users + 1];
        for (var user = 0; user < users; user++)
        {
            starts[user + 1] = starts[user] + Math.Max(1, (long)Math.Min(longest, sizes[user] * scale));
        }
        return starts;
    }
}
