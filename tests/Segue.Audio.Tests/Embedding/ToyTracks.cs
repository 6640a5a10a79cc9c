using Segue.Audio.Embedding;
using Segue.Numerics;

namespace Segue.Audio.Tests.Embedding;

/// <summary>Tracks whose spectra are a few bands of their own; each window is louder or softer, and has noise.</summary>
internal static class ToyTracks
{
    /// <summary>A window of a track: its bands stand out by less than its level moves.</summary>
    public static byte[] Window(int track, int window)
    {
        var random = new SeededRandom(11, (ulong)track, (ulong)window);
        var level = 40 + 100 * random.NextDouble();
        var bytes = new byte[TrackFeatures.WindowBytes];
        for (var n = 0; n < bytes.Length; n++)
        {
            var band = n % TrackFeatures.Bands;
            bytes[n] = (byte)Math.Clamp(level + (band / 4 % 12 == track % 12 ? 40 : 0) + 10 * random.NextNormal(), 0, 255);
        }
        return bytes;
    }

    public static SoundExample Track(int track, int windows = 3, int album = -1, int artist = -1)
        => new(Enumerable.Range(0, windows).SelectMany(window => Window(track, window)).ToArray(), album, artist);

    /// <summary>A track of blank windows that begin with its number and theirs.</summary>
    public static SoundExample Numbered(int track, int windows = 3, int album = -1, int artist = -1)
    {
        var spectra = new byte[windows * TrackFeatures.WindowBytes];
        for (var window = 0; window < windows; window++)
        {
            (spectra[window * TrackFeatures.WindowBytes], spectra[window * TrackFeatures.WindowBytes + 1]) = ((byte)track, (byte)window);
        }
        return new(spectra, album, artist);
    }
}
