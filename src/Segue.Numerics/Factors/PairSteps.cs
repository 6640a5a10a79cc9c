using System.Numerics;
using System.Runtime.InteropServices;

namespace Segue.Numerics.Factors;

/// <summary>The step of pairwise ranking: a user is drawn to one item and pushed off another.</summary>
public static class PairSteps
{
    /// <summary>x ← keep·x + pull·(y − z), y ← keep·y + pull·x, z ← keep·z − pull·x, with x as it was before on every right side.</summary>
    /// <param name="x">The user's factors, length d.</param>
    /// <param name="liked">y, length d.</param>
    /// <param name="other">z, length d; another place than <paramref name="liked"/>.</param>
    /// <param name="keep">1 − rate · λ.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void Step(Span<float> x, Span<float> liked, Span<float> other, float pull, float keep)
    {
        Shape.RequireSame(x.Length, liked.Length);
        Shape.RequireSame(x.Length, other.Length);
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(liked);
        ref var c = ref MemoryMarshal.GetReference(other);
        var (pulls, keeps) = (new Vector<float>(pull), new Vector<float>(keep));
        nuint n = 0;
        for (; n + (nuint)Vector<float>.Count <= (nuint)x.Length; n += (nuint)Vector<float>.Count)
        {
            Vector<float> user = Vector.LoadUnsafe(ref a, n), y = Vector.LoadUnsafe(ref b, n), z = Vector.LoadUnsafe(ref c, n);
            var drawn = user * pulls;
            Vector.FusedMultiplyAdd(pulls, y - z, user * keeps).StoreUnsafe(ref a, n);
            Vector.FusedMultiplyAdd(keeps, y, drawn).StoreUnsafe(ref b, n);
            Vector.FusedMultiplyAdd(keeps, z, -drawn).StoreUnsafe(ref c, n);
        }
        for (var f = (int)n; f < x.Length; f++)
        {
            var (user, y, z) = (x[f], liked[f], other[f]);
            x[f] = keep * user + pull * (y - z);
            liked[f] = keep * y + pull * user;
            other[f] = keep * z - pull * user;
        }
    }

    /// <summary>σ(−margin) = 1 / (1 + e^margin): how much a pair whose scores lie <paramref name="margin"/> apart is still to be drawn apart, in [0, 1].</summary>
    public static float Unsettled(float margin) => 1 / (1 + MathF.Exp(margin));
}
