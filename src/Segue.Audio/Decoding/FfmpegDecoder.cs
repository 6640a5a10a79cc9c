using Segue.Audio.Processes;

namespace Segue.Audio.Decoding;

/// <summary>Reads what ffmpeg reads: one limited ffprobe and one limited ffmpeg a file.</summary>
/// <remarks>
/// ffmpeg opens the file once a window, goes there, takes the mean of the channels (<c>pan</c>: <c>-ac 1</c> would be 3 dB louder) and writes floats at the file's own rate;
/// resampling is ours, so that windows do not depend on the decoder. It may read files and pipes only, no network, and none of the formats that name other files. Each program costs some 0.1 s
/// of processor time to start. Memory: ffmpeg's own, at most <see cref="DecodeLimits.Memory"/>.
/// </remarks>
public sealed class FfmpegDecoder : IAudioDecoder
{
    private readonly string _ffmpeg;
    private readonly string _ffprobe;

    /// <exception cref="ProgramMissingException">ffmpeg or ffprobe is not there.</exception>
    public FfmpegDecoder()
    {
        _ffmpeg = ProgramPath.Require("ffmpeg", "to decode files");
        _ffprobe = ProgramPath.Require("ffprobe", "to decode files");
    }

    /// <summary>Whether the programs are there.</summary>
    public static bool IsPresent => ProgramPath.Find("ffmpeg") is not null && ProgramPath.Find("ffprobe") is not null;

    public string Name => "ffmpeg";

    /// <summary>Resident bytes of an ffmpeg at their highest, as far as looked at.</summary>
    public long PeakMemory { get; private set; }

    public DecodeReport Decode(string path, WindowPlan plan, Action<AudioWindow> take, CancellationToken cancellation)
    {
        var (probe, known) = FfmpegProbe.Run(_ffprobe, path, cancellation, out var fault);
        if (probe is null)
        {
            var isAudio = !known && FileKinds.Of(path) != FileKind.NoAudio && (FileKinds.Of(path) != FileKind.Unknown || FileKinds.IsNamedAudio(path));
            return new(isAudio || fault!.StartsWith("Decoding", StringComparison.Ordinal) ? AudioOutcome.Corrupt : AudioOutcome.Unsupported, fault, TimeSpan.Zero);
        }
        var frames = (long?)((probe.Duration ?? Count(path, probe, cancellation))?.TotalSeconds * probe.Rate);
        var reader = new WindowReader(take, cancellation);
        using var source = new FfmpegSource(_ffmpeg, path, probe.Rate, probe.Channels, frames, plan, cancellation);
        reader.ReadAll(source, plan);
        fault = source.End(path);
        PeakMemory = Math.Max(PeakMemory, source.PeakMemory);
        var duration = source.IsWhole ? WindowReader.DurationOf(reader.Read, probe.Rate) : probe.Duration ?? WindowReader.DurationOf(frames ?? reader.Read, probe.Rate);
        return reader.Read == 0 ? new(AudioOutcome.Corrupt, fault ?? "It holds no sound that can be decoded.", TimeSpan.Zero)
            : fault is not null && source.WasStopped ? new(AudioOutcome.Corrupt, fault, duration)
            : reader.IsDamaged ? new(AudioOutcome.Corrupt, $"{reader.Damaged} of {reader.Read} samples are no numbers that sound could have.", duration)
            : new(AudioOutcome.Ok, null, duration);
    }

    public void Dispose()
    {
        // A child ends with its file.
    }

    /// <summary>A file's name that ffmpeg takes for nothing else: no option, no protocol.</summary>
    internal static string Url(string path) => "file:" + Path.GetFullPath(path);

    /// <summary>The last complaint of one of ffmpeg's programs, without the file's own name; null where there is none.</summary>
    internal static string? LastLine(string errors, string path)
        => errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()?.Replace(Url(path) + ": ", "", StringComparison.Ordinal);

    // A stream without a length is read once to learn it, unless all of it is wanted anyway.
    private TimeSpan? Count(string path, FfmpegProbe probe, CancellationToken cancellation)
    {
        using var source = new FfmpegSource(_ffmpeg, path, probe.Rate, probe.Channels, null, WindowPlan.Whole, cancellation);
        source.Seek(0, long.MaxValue);
        var piece = new float[Resampler.MaxPiece];
        long frames = 0;
        for (int got; (got = source.Read(piece)) > 0;)
        {
            frames += got;
        }
        cancellation.ThrowIfCancellationRequested();
        return frames == 0 ? null : TimeSpan.FromSeconds((double)frames / probe.Rate);
    }
}
