using Segue.Audio.Decoding.Workers;
using Segue.Audio.Processes;

namespace Segue.Audio.Decoding;

/// <summary>Decodes any file: by its first bytes, not its name, the cheapest decoder that reads it is asked first, and ffmpeg where that one gives up. One for each thread.</summary>
public sealed class AudioDecoders : IAudioDecoder
{
    /// <summary>What a fault begins with where another decoder, once it is installed, may read the file.</summary>
    public const string NoDecoder = "No decoder for it is installed";

    private readonly WaveDecoder _wave = new();
    private readonly WorkerDecoder? _sndfile, _libav;
    private readonly FfmpegDecoder? _ffmpeg;

    /// <param name="worker">Program and arguments of the worker process (<see cref="DecodeWorkerLink"/>); null does without libsndfile and FFmpeg's libraries.</param>
    /// <param name="withFfmpeg">False does without ffmpeg, which is also left out where it is not installed.</param>
    public AudioDecoders((string Program, IReadOnlyList<string> Arguments)? worker, bool withFfmpeg = true)
    {
        if (worker is { } command)
        {
            Worker = new(command.Program, command.Arguments);
            (_sndfile, _libav) = (WorkerDecoder.Sndfile(Worker), WorkerDecoder.Libav(Worker));
        }
        _ffmpeg = withFfmpeg && FfmpegDecoder.IsPresent ? new() : null;
    }

    /// <summary>The decoder that the last file was given to last.</summary>
    public string Name { get; private set; } = "none";

    /// <summary>The worker process, which also reads tags; null where there is to be none. Disposed of with this.</summary>
    public DecodeWorkerLink? Worker { get; }

    /// <summary>Whether ffmpeg is used.</summary>
    public bool HasFfmpeg => _ffmpeg is not null;

    /// <inheritdoc/>
    /// <exception cref="ProgramMissingException">The worker's program is not there.</exception>
    public DecodeReport Decode(string path, WindowPlan plan, Action<AudioWindow> take, CancellationToken cancellation)
    {
        FileKind kind;
        Name = "none";
        try
        {
            kind = FileKinds.Of(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new(AudioOutcome.Corrupt, $"It cannot be read: {failure.Message}", TimeSpan.Zero);
        }
        if (kind is FileKind.Empty)
        {
            return new(FileKinds.IsNamedAudio(path) ? AudioOutcome.Corrupt : AudioOutcome.Unsupported, "It holds no byte.", TimeSpan.Zero);
        }
        return kind is FileKind.NoAudio
            ? new(AudioOutcome.Unsupported, "It is no audio by its first bytes.", TimeSpan.Zero)
            : Try(kind, path, plan, take, cancellation);
    }

    public void Dispose()
    {
        Worker?.Dispose();
        _ffmpeg?.Dispose();
    }

    private DecodeReport Try(FileKind kind, string path, WindowPlan plan, Action<AudioWindow> take, CancellationToken cancellation)
    {
        var taken = 0;
        DecodeReport? report = null;
        foreach (var decoder in For(kind, cancellation))
        {
            Name = decoder.Name;
            var next = decoder.Decode(path, plan, window => { taken++; take(window); }, cancellation);
            // What a later decoder says counts where it knows the file for audio.
            report = report is { Outcome: AudioOutcome.Corrupt } && next.Outcome != AudioOutcome.Ok ? report : next;
            if (next.Outcome == AudioOutcome.Ok || taken > 0 || next.Fault == FfmpegProbe.NoStream)
            {
                return next;
            }
        }
        return report switch
        {
            null => new(AudioOutcome.Unsupported, $"{NoDecoder}{(HasFfmpeg ? "" : "; ffmpeg would read more formats")}.", TimeSpan.Zero),
            { Outcome: AudioOutcome.Unsupported, Fault: { } fault } when fault != FfmpegProbe.NoStream && !fault.StartsWith(NoDecoder, StringComparison.Ordinal)
                && kind is FileKind.Sndfile or FileKind.Ogg or FileKind.Wave && (HasFfmpeg || Worker?.HasLibav == true) => report with { Outcome = AudioOutcome.Corrupt },
            _ => report,
        };
    }

    // libsndfile goes to the very sample in MP3 and decodes FLAC faster; FFmpeg's libraries decode Vorbis and Opus faster. ffmpeg as a child has the same codecs as those, and a start more.
    private IEnumerable<IAudioDecoder> For(FileKind kind, CancellationToken cancellation)
    {
        if (kind is FileKind.Wave)
        {
            yield return _wave;
        }
        var (hasSndfile, hasLibav) = (Worker?.Has(WorkerLibraries.Sndfile, cancellation) == true, Worker?.Has(WorkerLibraries.Libav, cancellation) == true);
        if (kind is FileKind.Sndfile && hasSndfile)
        {
            yield return _sndfile!;
        }
        if (hasLibav)
        {
            yield return _libav!;
        }
        if (kind is FileKind.Ogg && hasSndfile)
        {
            yield return _sndfile!;
        }
        if (_ffmpeg is not null && !hasLibav)
        {
            yield return _ffmpeg;
        }
    }
}
