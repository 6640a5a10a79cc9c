using System.Text;
using Segue.Core;
using Segue.Events.Log;
using Segue.Events.Wire;

namespace Segue.Events.Tests.Wire;

/// <summary>Nothing that anybody sends makes a reader throw. Seeded: a failure comes again.</summary>
public class FuzzTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SEGUE_LONG_TESTS") == "1" ? 1_000_000 : 34_000;

    private static readonly byte[][] Bits =
        [.. new[] { "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "NaN", "1e400", "-", "\\ud800", "\\u0000", "\0", "\u0085", "true", "\"private\":true," }
            .Select(Encoding.UTF8.GetBytes), [0xC3], [0xED, 0xA0, 0x80], [0xFF], [0xEF, 0xBB, 0xBF]];

    private readonly WireDoors _doors = new();

    [Fact]
    public void Any_bytes_get_a_verdict_from_the_event_reader()
        => Fuzz(1, Examples(), body =>
        {
            var batch = new EventBatch();
            var verdict = _doors.Events.Read(body.Span, batch);
            Check(verdict);
            Assert.Equal(verdict.Kind == VerdictKind.Accepted ? 1 : 0, batch.Count);
            Assert.True(batch.Count == 0 || batch[0].Listener.Value.Length == 32);   // its record can be read
        });

    [Fact]
    public void Any_bytes_get_verdicts_from_the_batch_reader()
        => Fuzz(2, [.. Examples().Select(example => Encoding.UTF8.GetBytes($"[{Encoding.UTF8.GetString(example)}]")), .. Examples()],
            body => Check(_doors.Events.ReadBatch(body, new())));

    [Fact]
    public void Any_bytes_get_verdicts_from_the_ListenBrainz_reader()
    {
        var listener = new ListenerId("someone");
        Fuzz(3, [Encoding.UTF8.GetBytes(ListenBrainz.ListenBrainzReaderTests.Import), Encoding.UTF8.GetBytes(ListenBrainz.ListenBrainzReaderTests.Line)],
            body =>
            {
                if (body.Span.IndexOf("payload"u8) >= 0)
                {
                    Check(_doors.ListenBrainz.ReadSubmission(body, listener, new()));
                }
                else
                {
                    Check(_doors.ListenBrainz.ReadExported(body, listener, new()));
                }
            });
    }

    [Fact]
    public void Hostile_sizes_are_answered_soon()
    {
        string[] bodies =
        [
            new('[', 4_000_000), new('{', 4_000_000), "[" + new string(' ', 4_000_000), "\"" + new string('\\', 4_000_001),
            $"[{string.Join(',', Enumerable.Repeat("1", 2_000_000))}]",
            "{" + string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"{i}\":1")) + "}",
            string.Concat(Enumerable.Repeat("{\"a\":", 600_000)),
        ];

        Assert.All(bodies.Select(Encoding.UTF8.GetBytes), body =>
        {
            Check(_doors.Events.Read(body, new()));
            Check(_doors.Events.ReadBatch(body, new()));
            Check(_doors.ListenBrainz.ReadSubmission(body, new Segue.Core.ListenerId("someone"), new()));
        });
    }

    private static byte[][] Examples() => [.. Contract.Examples().Select(Encoding.UTF8.GetBytes)];

    private static void Fuzz(int seed, byte[][] good, Action<ReadOnlyMemory<byte>> read)
    {
        var chance = new Chance((ulong)seed);
        for (var round = 0; round < Rounds; round++)
        {
            var body = Mutated(good[chance.Next(good.Length)], chance);
            try
            {
                read(body);
            }
            catch (Exception broken) when (broken is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Round {round}: {broken} on {Convert.ToHexString(body)}");
            }
        }
    }

    private static byte[] Mutated(byte[] good, Chance chance)
    {
        if (chance.Next(20) == 0)
        {
            return [.. Enumerable.Range(0, chance.Next(200)).Select(_ => (byte)chance.Next(256))];
        }
        var body = good.ToList();
        for (var changes = 1 + chance.Next(3); changes > 0; changes--)
        {
            var at = chance.Next(body.Count + 1);
            var length = Math.Min(chance.Next(12), body.Count - at);
            switch (chance.Next(5))
            {
                case 0:
                    body.RemoveRange(at, length);
                    break;
                case 1:
                    body.InsertRange(at, Bits[chance.Next(Bits.Length)]);
                    break;
                case 2:
                    body.InsertRange(chance.Next(body.Count + 1), body.GetRange(at, length));
                    break;
                case 3 when at < body.Count:
                    body[at] = (byte)chance.Next(256);
                    break;
                default:
                    body.RemoveRange(at, chance.Next(4) == 0 ? body.Count - at : 0);
                    break;
            }
        }
        return [.. body];
    }

    private static void Check(BatchResult batch)
    {
        Assert.True(batch.Fault is null || batch.Items.Count == 0);
        foreach (var item in batch.Items)
        {
            Check(item.Verdict);
        }
    }

    private static void Check(Verdict verdict)
    {
        var isWhole = verdict.Kind switch
        {
            VerdictKind.Rejected => verdict is { Fault: { Reason.Length: > 0, Detail.Length: > 0 and < 400 } },
            _ => verdict.Fault is null,
        };
        Assert.True(isWhole, $"{verdict.Kind} {verdict.Fault}");
    }

    /// <summary>SplitMix64: small, and the same on every machine.</summary>
    private sealed class Chance(ulong seed)
    {
        private ulong _state = seed;

        /// <summary>A number from 0 to below <paramref name="below"/>.</summary>
        public int Next(int below)
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return below == 0 ? 0 : (int)((z ^ (z >> 31)) % (ulong)below);
        }
    }
}
