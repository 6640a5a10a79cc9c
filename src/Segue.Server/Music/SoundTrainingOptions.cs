using Segue.Audio.Embedding;
using Segue.Numerics;

namespace Segue.Server.Music;

/// <summary>What a training of the sound model may vary.</summary>
public sealed record SoundTrainingOptions
{
    /// <summary>Steps of the encoder, 1 to 1,000,000; null: 800 where it begins anew, 200 where it goes on.</summary>
    public int? Steps { get; init; }

    /// <summary>Windows of a step, 8 to 4096.</summary>
    public int Batch { get; init; } = 96;

    /// <summary>Bytes of spectra that are learnt from at most; of more a sample is drawn.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Begin with new weights, though there are published ones.</summary>
    public bool Anew { get; init; }

    /// <summary>An ONNX model whose layer is a part of the vectors (see <see cref="Audio.Embedding.Backbone"/>); null: the published model's, unless it is left or all begins anew.</summary>
    public string? BackboneFile { get; init; }

    /// <summary>Do without the backbone of the published model.</summary>
    public bool LeaveBackbone { get; init; }

    /// <summary>Train an autoencoder of the same windows beside, and judge it, a network that learnt nothing and each part of the model alone; about twice the work.</summary>
    public bool Challengers { get; init; }

    public ulong Seed { get; init; } = 1;
    public int Threads { get; init; } = Workers.Default;

    /// <summary>The phases of so many steps: half of them on crops of one track, then albums, and where it is known what is heard together, that.</summary>
    public static IReadOnlyList<(Likeness Likeness, int Steps)> Phases(int steps, bool knowsListening)
    {
        var (tracks, albums) = (steps / 2, knowsListening ? steps / 4 : steps - steps / 2);
        return [(Likeness.SameTrack, tracks), (Likeness.SameAlbum, albums), (Likeness.CoListened, steps - tracks - albums)];
    }
}
