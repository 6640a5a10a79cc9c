using Segue.Audio;
using Segue.Audio.Descriptors;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Models.Sound;
using Segue.Numerics;

namespace Segue.Models.Tests.Sound;

/// <summary>A sound model of chance with one small encoder, and tracks of chance.</summary>
internal static class SoundWorld
{
    public const int Dimensions = 4;

    public static ContrastiveEncoder Encoder(ulong seed = 1) => new(new() { Channels = [2, 3, 2, 4], Projection = 5 }, seed);

    public static SoundModel Model(bool hasEncoder = true, ulong seed = 1, BackboneDescription? backbone = null)
    {
        IReadOnlyList<ISoundEncoder> encoders = hasEncoder ? [Encoder(seed)] : [];
        var (blocks, random) = (SoundModel.BlocksOf(encoders, backbone), new SeededRandom(seed, 9));
        var features = blocks.Sum();
        var directions = new DenseMatrix(Dimensions, features);
        for (var row = 0; row < Dimensions; row++)
        {
            Fill(directions.Row(row), ref random);
        }
        float[] Values(int count)
        {
            var values = new float[count];
            Fill(values, ref random);
            return values;
        }

        return new(encoders, new(Values(TrackFeatures.Bands), 1.5f), new(blocks, SoundModel.WeightsOf(encoders, backbone), Values(features), [.. Values(features).Select(Math.Abs)], Values(features), directions), backbone);
    }

    public static TrackFeatures Track(ulong seed)
    {
        var (descriptors, spectra, random) = (new float[SoundDescriptors.Length], new byte[2 * TrackFeatures.WindowBytes], new SeededRandom(seed, 4));
        Fill(descriptors, ref random);
        for (var n = 0; n < spectra.Length; n++)
        {
            spectra[n] = (byte)random.NextInt(200);
        }
        return new(descriptors, spectra);
    }

    public static byte[] Bytes(SoundModel model)
    {
        using var stream = new MemoryStream();
        SoundModelFile.Write(model, new Dictionary<string, double> { ["steps"] = 7 }, stream);
        return stream.ToArray();
    }

    public static (SoundModel Model, IReadOnlyDictionary<string, double> Settings) Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return SoundModelFile.Read(stream);
    }

    private static void Fill(Span<float> values, ref SeededRandom random)
    {
        foreach (ref var value in values)
        {
            value = (float)random.NextNormal();
        }
    }
}
