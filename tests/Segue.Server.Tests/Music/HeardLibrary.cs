using System.Security.Cryptography;
using System.Text;
using Segue.Audio;
using Segue.Audio.Descriptors;
using Segue.Audio.Tags;
using Segue.Core;
using Segue.Features.Sound;
using Segue.Numerics;

namespace Segue.Server.Tests.Music;

/// <summary>Fills a library with tracks as a scan would: tracks of one style have like descriptors and like spectra.</summary>
internal sealed class HeardLibrary(SoundLibrary library, string folder)
{
    /// <summary>Adds a track with a file of its own.</summary>
    /// <param name="hasSpectra">False: they are not kept, and the file has to be heard again.</param>
    public string Add(TrackId track, int style, string? album = null, string artist = "Artist", bool hasSpectra = true, double seconds = 200, float speech = 0)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, track.Value + ".flac");
        File.WriteAllText(path, track.Value);
        var features = Features(track, style);
        features.Descriptors[^1] = speech;
        var content = new SoundContent(
            SHA256.HashData(Encoding.UTF8.GetBytes(track.Value)),
            new(AudioOutcome.Ok, null, TimeSpan.FromSeconds(seconds), hasSpectra ? features : features with { Spectra = [] }), AudioTags.None, "test/1");
        var sound = library.Keep(new(folder, path, 10, DateTimeOffset.UnixEpoch), content, scan: 1);
        library.Describe(sound, new(track, IsOwn: true, "Title " + track.Value, artist, album, album));
        return path;
    }

    public static TrackFeatures Features(TrackId track, int style)
    {
        var random = new SeededRandom(SeededRandom.Hash(track.Value));
        var descriptors = new float[SoundDescriptors.Length];
        for (var n = 0; n < descriptors.Length; n++)
        {
            descriptors[n] = (float)(3 * new SeededRandom(2, (ulong)style, (ulong)n).NextNormal() + random.NextNormal());
        }
        var spectra = new byte[TrackFeatures.WindowBytes];
        for (var n = 0; n < spectra.Length; n++)
        {
            spectra[n] = (byte)(60 + random.NextInt(60) + (n % TrackFeatures.Bands / 8 % 8 == style % 8 ? 80 : 0));
        }
        return new(descriptors, spectra);
    }
}
