using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segue.Core;
using Segue.Features.Matrices;
using Segue.Numerics;

namespace Segue.Benchmarks.Taste;

/// <summary>A stream of what listeners did by a public recipe: item i is drawn with weight (i + 1)^-0.9, a user with a log-normal weight of deviation 1;
/// four of five are listens, the rest skips, votes and additions to playlists; ages are even over a year. In no order, pairs repeat.</summary>
/// <remarks>Written to a file first, 20 bytes each, so that a build that reads it is measured without the drawing.</remarks>
internal sealed class SyntheticOccurrences(int users, int items, long count, ulong seed)
{
    private const double Exponent = -0.9;
    private const float Days = 365;
    private const int Block = 1 << 14;
    private readonly AliasTable _users = new([.. Enumerable.Range(0, users).Select(user =>
    {
        var random = new SeededRandom(seed, 0, (ulong)user);
        return Math.Exp(random.NextNormal());
    })]);
    private readonly AliasTable _items = new([.. Enumerable.Range(1, items).Select(rank => Math.Pow(rank, Exponent))]);

    public OccurrenceSource Write(string path)
    {
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            foreach (var block in All().Chunk(Block))
            {
                file.Write(MemoryMarshal.AsBytes(block.AsSpan()));
            }
        }
        return new(Read(path), $"synthetic {users} {items} {count} {seed}", count);
    }

    private IEnumerable<Occurrence> All()
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

    private static async IAsyncEnumerable<Occurrence> Read(string path)
    {
        using var file = File.OpenHandle(path);
        var block = new byte[Block * Unsafe.SizeOf<Occurrence>()];
        long at = 0;
        while (await RandomAccess.ReadAsync(file, block, at) is > 0 and var read)
        {
            at += read;
            for (var from = 0; from < read; from += Unsafe.SizeOf<Occurrence>())
            {
                yield return MemoryMarshal.Read<Occurrence>(block.AsSpan(from));
            }
        }
    }
}
