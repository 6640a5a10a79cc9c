using Segue.Numerics;
using Segue.Ranking.Rules;

namespace Segue.Ranking.Tests.Rules;

public sealed class ListPickerTests
{
    [Fact]
    public void Lists_are_those_of_looking_at_every_candidate_for_every_place()
    {
        for (ulong world = 0; world < 300; world++)
        {
            var random = new SeededRandom(61, world);
            var scene = RuleScene.Of(Enumerable.Range(0, 1 + random.NextInt(40)).Select(track => (track, Score: MathF.Round(4 * (float)random.NextNormal()) / 2)).OrderByDescending(r => r.Score));
            ListRule[] Rules() => [.. Enumerable.Range(0, (int)(world % 4)).Select(n => new ChanceRule(world * 10 + (ulong)n, scene.Ranking.Count, yields: n != 1)), .. world % 5 < 3 ? [new FallingRule(world, scene.Ranking.Count)] : Array.Empty<ListRule>()];
            var count = 1 + random.NextInt(12);

            var picked = ListPicker.Pick(scene, Rules(), count).Tracks.Select(track => track.Track);

            Assert.Equal(Plainly(scene, Rules(), count), picked);
        }
    }

    private static List<int> Plainly(ListScene scene, ListRule[] rules, int count)
    {
        var left = Enumerable.Range(0, scene.Ranking.Count).ToList();
        var picked = new List<int>();
        while (picked.Count < count)
        {
            var allowed = left.Where(candidate => rules.All(rule => rule.Yields || rule.Allows(candidate))).ToList();
            if (allowed.Count == 0)
            {
                break;
            }
            var best = allowed
                .OrderBy(candidate => rules.Count(rule => rule.Yields && !rule.Allows(candidate)))
                .ThenByDescending(candidate => rules.Aggregate(scene.Ranking[candidate].Score, (score, rule) => score + rule.Change(candidate)))
                .First();
            picked.Add(scene.Track(best));
            left.Remove(best);
            Array.ForEach(rules, rule => rule.Take(best));
        }
        return picked;
    }

    /// <summary>Takes something off some candidates, more of them after each track that is taken.</summary>
    private sealed class FallingRule(ulong seed, int candidates) : ListRule
    {
        private readonly float[] _changes = new float[candidates];
        private ulong _taken;

        public override string Name => "falling";
        public override bool OnlyFalls => true;
        public override float Change(int candidate) => _changes[candidate];

        public override void Take(int candidate)
        {
            var random = new SeededRandom(seed, ++_taken);
            for (var n = 0; n < candidates; n++)
            {
                _changes[n] -= random.NextBool(0.4) ? MathF.Round(4 * (float)random.NextDouble()) / 4 : 0;
            }
        }
    }

    /// <summary>Allows and changes by chance, anew after each track that is taken.</summary>
    private sealed class ChanceRule(ulong seed, int candidates, bool yields) : ListRule
    {
        private readonly bool[] _allows = new bool[candidates];
        private readonly float[] _changes = new float[candidates];
        private ulong _taken;

        public override string Name => "chance";
        public override bool Yields => yields;
        public override float MostAdded => 1;

        public override bool Allows(int candidate)
        {
            Draw();
            return _allows[candidate];
        }

        public override float Change(int candidate)
        {
            Draw();
            return _changes[candidate];
        }

        public override void Take(int candidate) => _taken++;

        private void Draw()
        {
            var random = new SeededRandom(seed, _taken);
            for (var n = 0; n < candidates; n++)
            {
                (_allows[n], _changes[n]) = (random.NextBool(0.8), MathF.Round(4 * (1 - 3 * (float)random.NextDouble())) / 4);
            }
        }
    }
}
