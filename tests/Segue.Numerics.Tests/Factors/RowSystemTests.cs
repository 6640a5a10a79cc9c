using Segue.Numerics.Factors;

namespace Segue.Numerics.Tests.Factors;

public sealed class RowSystemTests
{
    [Fact]
    public void A_system_that_was_kept_solves_any_number_of_sides_as_a_new_one_solves_each_to_the_bit()
    {
        foreach (var d in (int[])[1, 5, 16, 33, 64])
        {
            var random = new SeededRandom((ulong)d, 5);
            var rows = new DenseMatrix(20, d);
            foreach (ref var value in rows.AsSpan())
            {
                value = (float)random.NextNormal();
            }
            int[] picked = [.. Enumerable.Range(0, 7)];
            float[] ones = [.. Enumerable.Repeat(1f, 7)];
            using var system = new RowSystem(d);
            void Begin(ReadOnlySpan<float> targets)
            {
                system.Begin(rows.Gram(1).AsSpan(), 0.1f, 0.5f);
                system.Add(rows, picked, ones, targets);
            }

            // One target at a time gives each row of the items as a right side.
            var alone = new float[7 * d];
            for (var n = 0; n < 7; n++)
            {
                float[] targets = [.. Enumerable.Range(0, 7).Select(other => other == n ? 1f : 0f)];
                Begin(targets);
                Assert.True(system.TrySolve(alone.AsSpan(n * d, d)));
            }
            Begin(ones);
            Assert.True(system.TryFactor());
            var kept = system.Keep();
            Begin(new float[7]);   // something else meanwhile
            system.Restore(kept);
            float[] together = [.. Enumerable.Range(0, 7).SelectMany(n => rows.Row(n).ToArray())];

            Assert.True(system.TrySolveEach(together));

            Assert.Equal(alone.Select(BitConverter.SingleToInt32Bits), together.Select(BitConverter.SingleToInt32Bits));
        }
    }
}
