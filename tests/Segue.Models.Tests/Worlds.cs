using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Tests;

/// <summary>Small training sets whose right answers are known.</summary>
internal static class Worlds
{
    /// <summary>Even users play even items, odd users odd ones; a user's own number is held back, so it is the answer.</summary>
    public static TrainingSet TwoTastes(int size)
        => new(CsrMatrix.FromTriplets(size, size,
        [
            .. from user in Enumerable.Range(0, size)
               from item in Enumerable.Range(0, size)
               where item % 2 == user % 2 && item != user
               select (user, item, 2f),
        ]));

    /// <summary>Strengths of both signs, users without any, items that nobody has; all but the last item have tags, and some users playlists of the others.</summary>
    public static TrainingSet Chance(ulong seed, int users, int items, bool ordered)
    {
        var random = new SeededRandom(seed, (ulong)users, (ulong)items);
        var elements = new List<(int, int, float)>();
        var sequences = new int[users][];
        for (var user = 0; user < users; user++)
        {
            var sequence = new List<int>();
            for (var n = random.NextInt(12); n > 0; n--)
            {
                var item = random.NextInt(items - 1);   // nobody has the last item
                if (random.NextBool(0.2) && !ordered)
                {
                    elements.Add((user, item, -0.5f - (float)random.NextDouble()));
                }
                else
                {
                    elements.Add((user, item, 1 + random.NextInt(5)));
                    sequence.Add(item);
                }
            }
            sequences[user] = [.. sequence];
        }
        var tags = new ItemTags(["odd", "even", "third", "fifth"], CsrMatrix.FromTriplets(items, 4,
            [.. Enumerable.Range(0, items - 1).SelectMany(item => new[] { (item, item % 2, 2f), (item, 2, item % 3 == 0 ? 1f : 0.5f), (item, 3, 1 + item % 5) })]));
        return new(CsrMatrix.FromTriplets(users, items, elements), ordered ? sequences : null) { Tags = tags, Playlists = Playlists(seed, users, items) };
    }

    /// <summary>None to three playlists a user, each of 2 to 7 items near each other; nobody has the last item.</summary>
    public static ItemPlaylists? Playlists(ulong seed, int users, int items)
    {
        var random = new SeededRandom(seed, 77);
        var playlists = new List<(int, IReadOnlyList<int>)>();
        for (var user = 0; user < users; user++)
        {
            for (var n = random.NextInt(4); n > 0; n--)
            {
                var (first, length) = (random.NextInt(items - 1), 2 + random.NextInt(6));
                var list = new int[length];
                for (var place = 0; place < length; place++)
                {
                    list[place] = (first + random.NextInt(8)) % (items - 1);
                }
                playlists.Add((user, list));
            }
        }
        return ItemPlaylists.Of(playlists);
    }

    public static byte[] Bytes(IRecommenderModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    public static float[] Scores(IRecommenderModel model, UserHistory user)
    {
        var scores = new float[model.Items];
        model.Score(user, scores);
        return scores;
    }
}
