using System.Buffers;
using System.Text.Json;
using Segue.Audio.Decoding;
using Segue.Audio.Decoding.Workers;
using Segue.Audio.Processes;

namespace Segue.Audio.Tags;

/// <summary>Reads tags by FFmpeg's libraries in a worker process, or else by ffprobe, as a process of limited time and memory.</summary>
/// <remarks>Some milliseconds of processor time a file in a worker that runs; by ffprobe about 0.1 s, most of it the program's start. For one file at a time where there is a worker.</remarks>
public sealed class AudioTagReader
{
    private const int MostBytes = 4 << 20;   // a file may bring whole lyrics, or a hostile one anything
    private static readonly ProcessLimits Limits = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10), 512L << 20);
    private readonly string _program = ProgramPath.Require("ffprobe", "to read tags");
    private readonly DecodeWorkerLink? _worker;

    /// <param name="worker">Reads them where it has FFmpeg's libraries; null leaves all to ffprobe. Stays the caller's.</param>
    /// <exception cref="ProgramMissingException">ffprobe is not there.</exception>
    public AudioTagReader(DecodeWorkerLink? worker = null) => _worker = worker;

    /// <summary>Whether ffprobe is there.</summary>
    public static bool IsPresent => ProgramPath.Find("ffprobe") is not null;

    /// <summary>What a file says of itself; <see cref="AudioTags.None"/> where nothing is made of it, or not within the limits.</summary>
    /// <param name="path">A full path.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ProgramMissingException">ffprobe cannot be started any more.</exception>
    public AudioTags Read(string path, CancellationToken cancellation)
    {
        byte[]? told = null;
        var isAnswered = false;
        if (_worker is not null && _worker.Has(WorkerLibraries.Libav, cancellation))
        {
            (told, var wasLost) = _worker.ReadTags(path, Limits with { Memory = DecodeLimits.Memory }, cancellation);
            isAnswered = !wasLost;
        }
        told ??= isAnswered ? null : Probe(path, cancellation);
        try
        {
            var tags = told is null ? AudioTags.None : ProbeReport.Parse(told);
            return tags is { Codec: not null, RecordingMbid: null } ? tags with { RecordingMbid = ProbeReport.Mbid(Id3RecordingId.Read(path)) } : tags;
        }
        catch (JsonException)
        {
            return AudioTags.None;
        }
    }

    private byte[]? Probe(string path, CancellationToken cancellation)
    {
        // "file:" before the path: no name is taken for an address, and no list of parts leads elsewhere than to files.
        using var process = LimitedProcess.Start(
            _program,
            [
                "-v", "quiet", "-protocol_whitelist", "file", "-format_whitelist", FfmpegProbe.Formats, "-print_format", "json=compact=1",
                "-show_entries", "format=format_name,duration:format_tags:stream=codec_type,codec_name,duration:stream_tags", "-i", "file:" + path,
            ],
            Limits, cancellation);
        var printed = ReadAll(process.Output);
        if (printed is null)
        {
            process.Kill();
        }
        var (end, code) = process.WaitForEnd();
        return printed is not null && end == ProcessEnd.Exited && code == 0 ? printed : null;
    }

    private static byte[]? ReadAll(Stream stream)
    {
        var bytes = new ArrayBufferWriter<byte>();
        for (int read; (read = stream.Read(bytes.GetSpan(64 << 10))) > 0;)
        {
            bytes.Advance(read);
            if (bytes.WrittenCount > MostBytes)
            {
                return null;
            }
        }
        return bytes.WrittenSpan.ToArray();
    }
}
