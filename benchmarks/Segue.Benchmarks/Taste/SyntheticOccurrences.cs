using Segue.Core;
using Segue.Features.Matrices;
using Segue.Numerics;

namespace Segue.Benchmarks.Taste;

/// <summary>A stream of what listeners did by a public recipe: item i is drawn with weight (i + 1)^-0.9, a user with a log-normal weight of deviation 1;
/// four of five are listens, the rest skips, votes and additions to playlists; ages are even over a year. In no order, pairs repeat.</summary>
internal sealed class SyntheticOccurrences(int users, int items, long count, ulong seed)
{
    private const double Exponent = -0.9;
    private const float Days = 365;
    private readonly AliasTable _users = new([.. Enumerable.Range(0, users).Select(user =>
    {
        var random = new SeededRandom(seed, 0, (ulong)user);
        return Math.Exp(random.NextNormal());
    })]);
    private readonly AliasTable _items = new([.. Enumerable.Range(1, items).Select(rank => Math.Pow(rank, Exponent))]);

    public OccurrenceSource Source => new(Stream(), $"synthetic {users} {items} {count} {seed}", count);

    public IEnumerable<Occurrence> All()
    {
        var random = new SeededRandom(seed, 1);
        for (long n = 0; n < count; n++)
        {
            var action = random.NextInt(20) switch
            {
                < 16 => InteractionAction.Listen,
                < 18 => InteractionAction.Skip,
                18 => InteractionAction.VoteUp,
                _ => InteractionAction.PlaylistAdd,
            };
            yield return new(_users.Draw(ref random), _items.Draw(ref random), action, 1, (float)random.NextDouble() * Days);
        }
    }

    private async IAsyncEnumerable<Occurrence> Stream()
    {
        await Task.CompletedTask;
        foreach (var occurrence in All())
        {
            yield return occurrence;
        }
    }
}
