using Segue.Audio;
using Segue.Audio.Tags;
using Segue.Core;

namespace Segue.Features.Sound;

/// <summary>A file as its folder shows it.</summary>
/// <param name="Root">The scanned folder, a full path.</param>
/// <param name="Path">Full path.</param>
/// <param name="ModifiedAt">The file system's own time; compared for equality alone.</param>
public sealed record MusicFile(string Root, string Path, long Bytes, DateTimeOffset ModifiedAt);

/// <summary>What the library knows of a file.</summary>
/// <param name="Sound">Row of its content; null where that could not be read.</param>
/// <param name="Analysis">What kind of analysis its content had; null: none.</param>
/// <param name="NeedsTrack">Its sound is known, but which track it is was not decided yet.</param>
public sealed record KnownFile(long Bytes, DateTimeOffset ModifiedAt, bool IsGone, long? Sound, FileOutcome Outcome, string? Fault, string? Analysis, bool NeedsTrack);

/// <summary>What was found in the bytes of a file, whatever its name.</summary>
/// <param name="Sha256">Of all bytes; 32.</param>
/// <param name="Analysis">Kind and version of the analysis; another one makes all files be analyzed anew.</param>
public sealed record SoundContent(byte[] Sha256, TrackAnalysis Result, AudioTags Tags, string Analysis);

/// <summary>A content and what is decided of it.</summary>
/// <param name="Id">Row of the content; never used for another.</param>
/// <param name="Track">Null until it is decided, and where the outcome is not ok.</param>
/// <param name="IsOwn">The track's catalogue entry was made from its files, and follows their tags.</param>
/// <param name="FirstFile">Full path of its first file that is there, with the root of it; null when all are gone.</param>
/// <param name="IsDescribed">False where title, artist and album are still to be set.</param>
public sealed record KnownSound(
    long Id, byte[] Sha256, AudioOutcome Outcome, TimeSpan Duration, AudioTags Tags, TrackId? Track, bool IsOwn, bool IsDescribed, MusicFile? FirstFile);

/// <summary>What is said of a content's track: from tags, and from the file's name where tags are silent.</summary>
/// <param name="IsOwn">The catalogue entry is made from the file.</param>
/// <param name="AlbumKey">Equal for tracks of one album; null where no album is known.</param>
public sealed record SoundDescription(TrackId Track, bool IsOwn, string Title, string Artist, string? Album, string? AlbumKey);

/// <summary>A track that can be played.</summary>
/// <param name="Sound">Row of the content that stands for it.</param>
/// <param name="Path">Full path of its first file.</param>
/// <param name="AlbumKey">Equal for tracks of one album; null where no album is known.</param>
public sealed record LibraryTrack(
    TrackId Track, long Sound, string Title, string Artist, string? Album, string? AlbumKey, AudioTags Tags, TimeSpan Duration, string Path, bool IsOwn);

/// <summary>A track's descriptors.</summary>
/// <param name="Sound">Row of the content: vectors made of it are kept under this number.</param>
public readonly record struct TrackDescriptors(TrackId Track, long Sound, float[] Values);

/// <summary>A track's spectra, in the layout of <see cref="TrackFeatures.Spectra"/>.</summary>
/// <inheritdoc cref="TrackDescriptors"/>
public readonly record struct TrackSpectra(TrackId Track, long Sound, byte[] Values);

/// <summary>A track's vector.</summary>
/// <inheritdoc cref="TrackDescriptors"/>
public readonly record struct TrackVector(TrackId Track, long Sound, Half[] Values);

/// <summary>A track and the content that stands for it.</summary>
/// <param name="Sound">Row of the content: what is made of it is kept under this number.</param>
public readonly record struct TrackContent(TrackId Track, long Sound);

/// <summary>A backbone's layer to be kept.</summary>
/// <param name="Sound">Row of the content.</param>
public readonly record struct SoundLayer(long Sound, float[] Values);

/// <summary>A vector to be kept.</summary>
/// <param name="Sound">As the descriptors or spectra it was made of tell it.</param>
public readonly record struct SoundVector(long Sound, Half[] Values);

/// <summary>A file that is not <see cref="FileOutcome.Ok"/>.</summary>
/// <param name="Id">Ascending; where the next page begins.</param>
public sealed record FaultyFile(long Id, string Path, FileOutcome Outcome, string Fault);

/// <summary>Files that are no longer there.</summary>
/// <param name="Contents">Rows of the contents that they had.</param>
public readonly record struct GoneFiles(int Count, IReadOnlyList<long> Contents);

/// <summary>How much there is.</summary>
/// <param name="Files">Files that are there, by outcome; an outcome that none has is absent.</param>
/// <param name="Gone">Files that were there once.</param>
/// <param name="Tracks">Tracks that can be played.</param>
/// <param name="SpectraBytes">Bytes of the spectra kept.</param>
public sealed record LibraryCounts(IReadOnlyDictionary<FileOutcome, long> Files, long Gone, long Tracks, long SpectraBytes);
