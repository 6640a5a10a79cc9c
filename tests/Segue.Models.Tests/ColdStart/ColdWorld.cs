using Segue.Models.ColdStart;
using Segue.Numerics;

namespace Segue.Models.Tests.ColdStart;

/// <summary>Two styles whose sound tells which is which. What an artist tells beyond the style, and what sound does, is set.</summary>
/// <remarks>Track n is of artist n / 8 and of album n / 4; artists of even number are of style 0. A track's factors are those of style, artist and itself; its sound is those of its
/// style and noise.</remarks>
internal sealed record ColdWorld(double ArtistTells, double SoundNoise)
{
    public const int Tracks = 400, Dimensions = 6, SoundDimensions = 12, TracksOfArtist = 8, TracksOfAlbum = 4;
    private static readonly ColdFactorsOptions Options = new() { HeldOut = 1000 };

    public DenseMatrix Factors { get; } = new(Tracks, Dimensions);
    public DenseMatrix Sounds { get; } = new(Tracks, SoundDimensions);

    public static int StyleOf(int track) => track / TracksOfArtist % 2;

    public ColdWorld Make()
    {
        for (var track = 0; track < Tracks; track++)
        {
            var (own, artist) = (new SeededRandom(5, 1, (ulong)track), new SeededRandom(5, 2, (ulong)(track / TracksOfArtist)));
            for (var f = 0; f < Dimensions; f++)
            {
                Factors.Row(track)[f] = (float)((f == StyleOf(track) ? 1 : 0) + ArtistTells * artist.NextNormal() + 0.1 * own.NextNormal());
            }
            for (var f = 0; f < SoundDimensions; f++)
            {
                Sounds.Row(track)[f] = (float)((f == StyleOf(track) ? 1 : 0) + SoundNoise * own.NextNormal());
            }
        }
        return this;
    }

    public ColdStartData Data() => new()
    {
        Factors = Factors,
        Listens = [.. Enumerable.Range(0, Tracks).Select(track => 10 + track % 50)],
        Artists = [.. Enumerable.Range(0, Tracks).Select(track => track / TracksOfArtist)],
        Albums = [.. Enumerable.Range(0, Tracks).Select(track => track / TracksOfAlbum)],
        Sounds = Sounds,
    };

    public static ColdFactors Fit(ColdStartData data, int threads = 1) => ColdFactors.Fit(data, Options, new(1, threads));

    /// <summary>A sound of a style, without noise.</summary>
    public static float[] SoundOf(int style)
    {
        var sound = new float[SoundDimensions];
        sound[style] = 1;
        return sound;
    }
}
