using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Core;
using Segue.Features;
using Segue.Features.Sound;
using Segue.Numerics;

namespace Segue.Server.Music;

/// <summary>What is known of a track's sound, and the number of its album; below 0 where none is known.</summary>
internal readonly record struct DescribedSound(TrackFeatures Features, int Album);

/// <summary>A track that an encoder learns from.</summary>
internal sealed record LearntSound(TrackId Track, DescribedSound Described, SoundExample Example);

/// <summary>A library as a training sees it.</summary>
internal sealed class SoundTrainingData
{
    // An album in so many is held out, where there are so many.
    private const int HoldOutEvery = 5, FewestAlbums = 10, MostHeldOut = 2_000;

    private SoundTrainingData(List<LearntSound> learnt, List<DescribedSound> fitted, List<DescribedSound> heldOut, int albums, string hash)
        => (Learnt, Fitted, HeldOut, Albums, Hash) = (learnt, fitted, heldOut, albums, hash);

    /// <summary>Tracks with spectra that are learnt from, by a draw that does not depend on which other tracks there are.</summary>
    public List<LearntSound> Learnt { get; }

    /// <summary>Tracks that descriptors are fitted to, those without spectra included.</summary>
    public List<DescribedSound> Fitted { get; }

    /// <summary>Tracks of albums that nothing is learnt from.</summary>
    public List<DescribedSound> HeldOut { get; }

    /// <summary>Albums known.</summary>
    public int Albums { get; }

    /// <summary>SHA-256 over tracks, albums and sounds.</summary>
    public string Hash { get; }

    /// <summary>Reads what a training needs, within its memory.</summary>
    /// <param name="backbone">SHA-256 of the backbone whose layers belong to it: a track without one is left out. Null: none.</param>
    public static SoundTrainingData Read(SoundLibrary library, SoundTrainingOptions options, string? backbone)
    {
        var (albumIds, artistIds) = (new IdMap(), new IdMap());
        var tracks = library.ReadTracks().ToDictionary(
            track => track.Track, track => (Album: track.AlbumKey is { } key ? albumIds.Add(key) : -1, Artist: artistIds.Add(track.Artist)));
        var sizes = tracks.Values.Where(track => track.Album >= 0).GroupBy(track => track.Album).ToDictionary(group => group.Key, group => group.Count());
        var holdsOut = sizes.Count(album => album.Value > 1) >= FewestAlbums;
        bool IsHeldOut(int album) => holdsOut && album >= 0 && sizes[album] > 1 && SeededRandom.Hash(albumIds[album]) % HoldOutEvery == 0;

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (learnt, fitted, heldOut) = (new List<LearntSound>(), new List<DescribedSound>(), new List<DescribedSound>());
        var drawn = Draw(library, tracks.Count, options);
        foreach (var (track, sound, descriptors) in library.ReadDescriptors())
        {
            var layer = backbone is null ? null : library.FindLayer(backbone, sound);
            if (backbone is not null && layer is not { Length: > 0 })
            {
                continue;
            }
            var (album, artist) = tracks.TryGetValue(track, out var known) ? known : (-1, -1);
            hash.AppendData(Encoding.UTF8.GetBytes($"{track.Value}\n{(album < 0 ? "" : albumIds[album])}\n"));
            hash.AppendData(MemoryMarshal.AsBytes(descriptors.AsSpan()));
            var needsSpectra = options.MemoryBytes > 0 && (drawn.Contains(track) || (IsHeldOut(album) && heldOut.Count < MostHeldOut));
            var features = new TrackFeatures(descriptors, needsSpectra ? library.FindSpectra(track)?.Values ?? [] : [], layer);
            if (IsHeldOut(album))
            {
                if (heldOut.Count < MostHeldOut)
                {
                    heldOut.Add(new(features, album));
                }
                continue;
            }
            fitted.Add(new(features with { Spectra = [] }, album));
            if (features.Windows > 0)
            {
                learnt.Add(new(track, new(features, album), new(features.Spectra, album, artist)));
            }
        }
        return new(learnt, fitted, heldOut, sizes.Count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // The tracks of the least hashes: a draw that new tracks hardly change, so that a warm start meets what it knows.
    private static HashSet<TrackId> Draw(SoundLibrary library, int tracks, SoundTrainingOptions options)
    {
        if (options.MemoryBytes == 0)
        {
            return [];
        }
        var room = (int)Math.Min(int.MaxValue, Math.Max(1, options.MemoryBytes / (6 * TrackFeatures.WindowBytes)));
        var ids = library.ReadTracks().Select(track => track.Track);
        return tracks <= room ? [.. ids] : [.. ids.OrderBy(track => SeededRandom.Mix(SeededRandom.Hash(track.Value) ^ options.Seed)).Take(room)];
    }
}
