using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Audio.Tags;

namespace Segue.Server.Music;

/// <summary>How files are listened to.</summary>
/// <param name="Version">Kind and version of the analysis, with its plan; files that were analyzed under another one are analyzed anew.</param>
/// <param name="Create">Makes an analyzer: one for each worker, for an analyzer hears one file at a time.</param>
public sealed record TrackAnalyzers(string Version, Func<FileAnalyzer> Create)
{
    /// <summary>Tells what is missing to read tags by, before files are listened to.</summary>
    /// <exception cref="Audio.Processes.ProgramMissingException">A program is not there.</exception>
    public Action RequireTags { get; init; } = () => { };
}

/// <summary>One worker's analyzer.</summary>
/// <param name="analyze">Told the path of a file that exists, and the backbone that makes a layer of it; nothing that a file holds makes it throw.</param>
/// <param name="readTags">What a file says of itself; <see cref="AudioTags.None"/> where it says nothing.</param>
/// <param name="owned">Disposed of with it.</param>
public sealed class FileAnalyzer(
    Func<string, Backbone?, CancellationToken, TrackAnalysis> analyze, Func<string, CancellationToken, AudioTags> readTags, IDisposable? owned = null) : IDisposable
{
    /// <summary>One that makes no layers.</summary>
    public FileAnalyzer(Func<string, CancellationToken, TrackAnalysis> analyze, Func<string, CancellationToken, AudioTags> readTags) : this((path, _, cancellation) => analyze(path, cancellation), readTags)
    {
    }

    /// <exception cref="Audio.Onnx.OnnxException">The backbone failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrackAnalysis Analyze(string path, CancellationToken cancellation, Backbone? backbone = null) => analyze(path, backbone, cancellation);

    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public AudioTags ReadTags(string path, CancellationToken cancellation) => readTags(path, cancellation);

    /// <summary>What makes it slower than it could be, for the one who runs it; null as long as nothing is known.</summary>
    public Func<string?> Doubt { get; init; } = () => null;

    public void Dispose() => owned?.Dispose();
}
