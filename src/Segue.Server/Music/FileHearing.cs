using System.Collections.Concurrent;
using System.Security.Cryptography;
using Segue.Audio;
using Segue.Audio.Decoding;
using Segue.Audio.Decoding.Workers;
using Segue.Audio.Processes;
using Segue.Audio.Tags;
using Segue.Features.Sound;

namespace Segue.Server.Music;

/// <summary>What became of a file that a worker had in hand.</summary>
/// <param name="Sound">Row of its content; null where it could not be read.</param>
internal readonly record struct HeardFile(long? Sound, bool WasAnalyzed);

/// <summary>Brings a file's content into the library: reads its bytes, and listens to them unless they are known. Safe for several threads with an analyzer each.</summary>
internal sealed class FileHearing(SoundLibrary library, TrackAnalyzers analyzers, bool again, long scan)
{
    private const string Failed = "the analysis failed";
    private const string Changing = "it was changed while it was heard; the next scan hears it";
    private const int BlockBytes = 1 << 20;
    private readonly ConcurrentDictionary<string, bool> _heard = new(StringComparer.Ordinal);   // in this scan, where all is heard again

    /// <exception cref="OperationCanceledException">Cancelled; nothing was kept of the file.</exception>
    public HeardFile Hear(WalkedFile walked, FileAnalyzer analyzer, CancellationToken cancellation)
    {
        var (file, before) = (walked.File, FolderWalk.Look(walked.File.Root, new(walked.File.Path)));
        var (sha256, fault) = walked.Fault is null ? Hash(file.Path, cancellation) : (null, walked.Fault);
        if (sha256 is null)
        {
            library.KeepUnreadable(file, fault!, scan);
            return default;
        }
        if (library.FindSound(sha256, analyzers.Version) is { } known && (!again || _heard.ContainsKey(Convert.ToHexString(sha256))))
        {
            library.Attach(file, known.Id, scan);
            return new(known.Id, false);
        }
        var result = Analyze(file.Path, analyzer, cancellation);
        var tags = result.Outcome == AudioOutcome.Ok ? ReadTags(file.Path, analyzer, cancellation) : AudioTags.None;
        if (FolderWalk.Look(file.Root, new(file.Path)) != before)   // what was heard may not be what was hashed
        {
            library.KeepUnreadable(file, Changing, scan);
            return default;
        }
        // What is not the file's own fault may be mended by the next scan: under another version it is heard again.
        var isPassing = result.Fault is { } why && (why.StartsWith(AudioDecoders.NoDecoder, StringComparison.Ordinal) || why.StartsWith(DecodeWorkerLink.BrokeOff, StringComparison.Ordinal) || why.StartsWith(Failed, StringComparison.Ordinal));
        var sound = library.Keep(file, new(sha256, result, tags, isPassing ? analyzers.Version + "?" : analyzers.Version), scan);
        _heard.TryAdd(Convert.ToHexString(sha256), true);
        return new(sound, true);
    }

    // Nor do tags stop a scan.
    private static AudioTags ReadTags(string path, FileAnalyzer analyzer, CancellationToken cancellation)
    {
        try
        {
            return analyzer.ReadTags(path, cancellation);
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or ProgramMissingException)
        {
            return AudioTags.None;
        }
    }

    // An analyzer tells all that a file can do to it; should one fail all the same, the scan of the others goes on, and the file says so.
    private static TrackAnalysis Analyze(string path, FileAnalyzer analyzer, CancellationToken cancellation)
    {
        try
        {
            return analyzer.Analyze(path, cancellation);
        }
        catch (Exception fault) when (fault is not OperationCanceledException and not OutOfMemoryException)
        {
            return new(AudioOutcome.Corrupt, $"{Failed}: {fault.Message}", TimeSpan.Zero, null);
        }
    }

    private static (byte[]? Sha256, string? Fault) Hash(string path, CancellationToken cancellation)
    {
        try
        {
            using var stream = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var block = new byte[BlockBytes];
            for (int read; (read = stream.Read(block)) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(block, 0, read);
            }
            return (hash.GetHashAndReset(), null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return (null, fault.Message);
        }
    }
}
