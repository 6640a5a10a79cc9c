using Segue.Core;
using Segue.Numerics;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>Writes tracks of a lab world as a folder of music, as a listener may have one: <c>Artist/Artist, 1990s/Title.wav</c>, tagged.</summary>
public static class LabMusic
{
    /// <summary>Whole artists one after the other, until there are enough tracks. A file is 44 kB a second.</summary>
    /// <param name="folder">Made where there is none; must be empty.</param>
    /// <param name="count">Tracks at most; not negative.</param>
    /// <param name="length">Of every file, 10 to 30 s.</param>
    /// <param name="progress">Told the share of files written, in [0, 1], from several threads.</param>
    /// <returns>The world's catalogue, in which the tracks that were written are as long as their files, so that a scan recognizes them.</returns>
    /// <exception cref="ArgumentException">The folder holds something.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static IReadOnlyList<Track> Write(
        LabWorld world, string folder, int count, TimeSpan length, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        LabSound.CountOf(length);
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new ArgumentException($"The folder {folder} is not empty: music is written into an empty one only.");
        }
        var sound = new LabSound(world);
        var artists = world.Truth.Catalogue.Artists;
        var chosen = Enumerable.Range(0, artists.Length).OrderBy(track => artists[track]).Take(count).ToArray();
        var files = Names(world, chosen);
        var written = 0;
        Workers.For(chosen.Length, world.Options.Threads, piece =>
        {
            WriteFile(Path.Combine(folder, files[piece]), sound.Wave(chosen[piece], length));
            progress?.Report(Interlocked.Increment(ref written) / (double)chosen.Length);
        }, cancellation);
        var catalogue = world.Catalogue.ToArray();
        foreach (var track in chosen)
        {
            var known = catalogue[track];
            catalogue[track] = new(known.Id, known.Title, known.Artist, known.Genre, known.Tags, length);
        }
        return catalogue;
    }

    private static string[] Names(LabWorld world, int[] chosen)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. chosen.Select(index =>
        {
            var track = world.Catalogue[index];
            var name = Path.Combine(track.Artist.Name, WaveFile.Album(track), track.Title);
            return (taken.Add(name) ? name : $"{name} ({track.Id.Value})") + ".wav";
        })];
    }

    // Beside, then renamed: no half file is ever found by a scan.
    private static void WriteFile(string path, LabWave wave)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = path + ".part";
        using (var file = File.Create(beside))
        using (var source = wave.Open())
        {
            source.CopyTo(file);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path);
    }
}
