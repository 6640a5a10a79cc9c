using System.Buffers.Binary;
using Segue.Retrieval;

namespace Segue.Ranking.Learnt;

/// <summary>What a ranker would have seen of a track at the moment when it was shown, as it is kept with the impression.</summary>
/// <param name="Features">Context features but the place, in the order of <see cref="RankingFeatures.Context"/>.</param>
/// <param name="Taste">The listener's factors x; empty unless this is the first track of its answer.</param>
/// <param name="Session">The sitting's factors s, of the same length; all zero while nothing happened.</param>
/// <remarks>
/// Packed: a byte for the format, 1; a byte for the number of features and as many float16; then, with the first track of an answer alone, because the others share them, x and s one
/// after the other as float16. 54 bytes a track, and 4 d more an answer. The track's factors are those of the model version that the impression names.
/// </remarks>
public sealed record Observation(float[] Features, float[] Taste, float[] Session)
{
    private const byte Format = 1;

    /// <summary>Observes the tracks of an answer.</summary>
    /// <param name="weighed">The tracks in their order, each with its hand-weighted score.</param>
    /// <returns>One packed observation for each track.</returns>
    public static IReadOnlyList<byte[]> OfAnswer(ListenerContext context, IReadOnlyList<RankedTrack> weighed)
    {
        var scene = new RankingScene(context);
        Span<float> features = stackalloc float[RankingFeatures.Context.Count];
        var packed = new byte[weighed.Count][];
        for (var n = 0; n < packed.Length; n++)
        {
            scene.Write(weighed[n], features);
            packed[n] = n == 0 ? Pack(features[..RankingFeatures.Kept], context.Taste, context.SessionTaste ?? new float[context.Taste.Length]) : Pack(features[..RankingFeatures.Kept], [], []);
        }
        return packed;
    }

    internal static byte[] Pack(ReadOnlySpan<float> features, ReadOnlySpan<float> taste, ReadOnlySpan<float> session)
    {
        var packed = new byte[2 + 2 * (features.Length + taste.Length + session.Length)];
        (packed[0], packed[1]) = (Format, (byte)features.Length);
        var rest = Write(packed.AsSpan(2), features);
        Write(Write(rest, taste), session);
        return packed;
    }

    /// <summary>Reads what was packed; null where there is nothing, or the bytes are not of this program's features: of an older one, say, or a newer.</summary>
    public static Observation? Unpack(ReadOnlySpan<byte> packed)
    {
        const int features = RankingFeatures.Kept;
        if (packed.Length < 2 + 2 * features || packed[0] != Format || packed[1] != features || packed.Length % 2 != 0)
        {
            return null;
        }
        var values = new float[packed.Length / 2 - 1];
        for (var n = 0; n < values.Length; n++)
        {
            values[n] = (float)BinaryPrimitives.ReadHalfLittleEndian(packed[(2 + 2 * n)..]);
            if (!float.IsFinite(values[n]))
            {
                return null;
            }
        }
        var factors = (values.Length - features) / 2;
        return (values.Length - features) % 2 == 0 ? new(values[..features], values[features..(features + factors)], values[(features + factors)..]) : null;
    }

    private static Span<byte> Write(Span<byte> at, ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            BinaryPrimitives.WriteHalfLittleEndian(at, (Half)value);
            at = at[sizeof(short)..];
        }
        return at;
    }
}
