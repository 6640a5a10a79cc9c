namespace Segue.Audio.Descriptors;

/// <summary>The key whose profile fits a chroma best.</summary>
/// <remarks>Krumhansl and Kessler's probe-tone profiles ("Tracing the dynamic changes in perceived tonal organization", Psychological Review 1982),
/// correlated with the chroma in all twelve positions: Krumhansl, "Cognitive Foundations of Musical Pitch", 1990, chapter 4.</remarks>
internal static class KeySearch
{
    private static readonly float[] Major = [6.35f, 2.23f, 3.48f, 2.33f, 4.38f, 4.09f, 2.52f, 5.19f, 2.39f, 3.66f, 2.29f, 2.88f];
    private static readonly float[] Minor = [6.33f, 2.68f, 3.52f, 5.38f, 2.60f, 3.53f, 2.54f, 4.75f, 3.98f, 2.69f, 3.34f, 3.17f];

    /// <summary>Tonic (0 is C), mode, and their correlation in [-1, 1]; C minor with 0 where all classes are alike.</summary>
    public static (int Key, bool IsMajor, float Strength) Find(ReadOnlySpan<float> chroma)
    {
        var best = (Key: 0, IsMajor: false, Strength: 0f);
        for (var key = 0; key < 12; key++)
        {
            foreach (var major in (ReadOnlySpan<bool>)[true, false])
            {
                var strength = Correlation(chroma, major ? Major : Minor, key);
                if (strength > best.Strength)
                {
                    best = (key, major, strength);
                }
            }
        }
        return best;
    }

    private static float Correlation(ReadOnlySpan<float> chroma, float[] profile, int key)
    {
        double product = 0, squares = 0, profileSquares = 0, mean = 0, profileMean = 0;
        for (var i = 0; i < 12; i++)
        {
            mean += chroma[i] / 12;
            profileMean += profile[i] / 12;
        }
        for (var i = 0; i < 12; i++)
        {
            var (x, y) = (chroma[(i + key) % 12] - mean, profile[i] - profileMean);
            product += x * y;
            squares += x * x;
            profileSquares += y * y;
        }
        return squares > 1e-12 ? (float)(product / Math.Sqrt(squares * profileSquares)) : 0;
    }
}
