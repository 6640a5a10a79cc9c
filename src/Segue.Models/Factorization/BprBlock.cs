using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Models.Factorization;

/// <summary>The steps of one block of pairs; <see cref="BprTrainer"/> says what they follow.</summary>
/// <param name="users">X; rows of the block's users are written.</param>
/// <param name="items">Y; rows of the block's items are written.</param>
/// <param name="biases">b, likewise.</param>
internal sealed class BprBlock(BprOptions options, DenseMatrix users, DenseMatrix items, float[] biases, float rate)
{
    private readonly float _keep = (float)(1 - rate * options.Lambda);

    public void Learn(PairStrata strata, int userPart, int itemPart, SeededRandom random)
    {
        var block = strata.Of(userPart, itemPart);
        var others = strata.ItemsOf(itemPart);
        for (int from = 0, to; from < block.Users.Length; from = to)
        {
            var user = block.Users[from];
            to = from + 1;
            while (to < block.Users.Length && block.Users[to] == user)
            {
                to++;
            }
            LearnUser(users.Row(user), block.Items[from..to], block.Strengths[from..to], others, ref random);
        }
        GC.KeepAlive(this);
    }

    /// <param name="pairs">The user's items of the block, ascending.</param>
    private void LearnUser(Span<float> x, ReadOnlySpan<int> pairs, ReadOnlySpan<float> strengths, ReadOnlySpan<int> others, ref SeededRandom random)
    {
        var refusals = Refusals(pairs, strengths);
        for (var n = 0; n < pairs.Length; n++)
        {
            if (strengths[n] <= 0)
            {
                continue;
            }
            var refused = refusals.Length == 0 ? -1 : refusals[random.NextInt(refusals.Length)];
            if (Contender(x, others, pairs, refused, ref random) is >= 0 and var other)
            {
                Step(x, pairs[n], other);
            }
        }
    }

    private static int[] Refusals(ReadOnlySpan<int> pairs, ReadOnlySpan<float> strengths)
    {
        var refusals = new List<int>();
        for (var n = 0; n < pairs.Length; n++)
        {
            if (strengths[n] < 0)
            {
                refusals.Add(pairs[n]);
            }
        }
        return [.. refusals];
    }

    // The best scored of some items that the user said nothing of, and of one that the user refused; -1 when there is none.
    private int Contender(ReadOnlySpan<float> x, ReadOnlySpan<int> others, ReadOnlySpan<int> pairs, int refused, ref SeededRandom random)
    {
        var (best, score) = (refused, refused < 0 ? float.NegativeInfinity : Score(x, refused));
        for (var n = 0; n < options.Candidates; n++)
        {
            var item = others[random.NextInt(others.Length)];
            if (pairs.BinarySearch(item) < 0 && Score(x, item) is var its && its > score)
            {
                (best, score) = (item, its);
            }
        }
        return best;
    }

    private void Step(Span<float> x, int liked, int other)
    {
        var unsettled = PairSteps.Unsettled(Score(x, liked) - Score(x, other));
        PairSteps.Step(x, items.Row(liked), items.Row(other), rate * unsettled, _keep);
        biases[liked] = _keep * biases[liked] + rate * unsettled;
        biases[other] = _keep * biases[other] - rate * unsettled;
    }

    private float Score(ReadOnlySpan<float> x, int item) => biases[item] + Vectors.Dot(x, items.Row(item));
}
