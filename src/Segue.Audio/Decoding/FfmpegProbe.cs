using System.Globalization;
using System.Text.Json;
using Segue.Audio.Processes;

namespace Segue.Audio.Decoding;

/// <summary>What ffprobe tells of a file's first audio stream.</summary>
/// <param name="Duration">Null where it is not told.</param>
internal sealed record FfmpegProbe(int Rate, int Channels, TimeSpan? Duration)
{
    /// <summary>What is said of a file without sound.</summary>
    public const string NoStream = "It holds no audio stream.";

    private const int MaxChannels = 64;

    /// <summary>Demuxers that may be used: containers of sound, none that names other files (playlists, concat lists).</summary>
    public const string Formats =
        "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,flac,flv,iff,loas,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,oma,ogg,rm,shn,tak,tta,voc,w64,wav,wv,xwma";

    /// <summary>Runs ffprobe.</summary>
    /// <param name="fault">What is wrong; null where a probe is given.</param>
    /// <returns>Null where there is no stream of sound that can be read; whether ffprobe knew the file's format.</returns>
    public static (FfmpegProbe? Probe, bool Known) Run(string program, string path, CancellationToken cancellation, out string? fault)
    {
        using var process = LimitedProcess.Start(
            program,
            ["-v", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", Formats, "-select_streams", "a:0", "-show_entries", "stream=sample_rate,channels,duration:format=duration", "-of", "json", "-i", FfmpegDecoder.Url(path)],
            DecodeLimits.Probe, cancellation);
        var text = ReadSome(process.Output);
        var (end, code) = process.WaitForEnd();
        fault = DecodeLimits.Fault(end, DecodeLimits.Probe);
        if (fault is not null)
        {
            return (null, true);
        }
        if (code != 0)
        {
            fault = FfmpegDecoder.LastLine(process.Errors, path) ?? $"ffprobe ended with code {code}.";
            return (null, false);
        }
        return (Parse(text, out fault), true);
    }

    private static FfmpegProbe? Parse(byte[] text, out string? fault)
    {
        fault = NoStream;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (!json.RootElement.TryGetProperty("streams", out var streams) || streams.GetArrayLength() == 0)
            {
                return null;
            }
            var stream = streams[0];
            var rate = stream.TryGetProperty("sample_rate", out var told) && int.TryParse(told.GetString(), CultureInfo.InvariantCulture, out var number) ? number : 0;
            var channels = stream.TryGetProperty("channels", out var count) ? count.GetInt32() : 0;
            if (rate is < Resampler.MinRate or > Resampler.MaxRate || channels is < 1 or > MaxChannels)
            {
                fault = $"Its audio stream has {channels} channels and {rate} samples a second; allowed are 1 to {MaxChannels}, and {Resampler.MinRate} to {Resampler.MaxRate}.";
                return null;
            }
            fault = null;
            return new(rate, channels, DurationOf(stream) ?? (json.RootElement.TryGetProperty("format", out var format) ? DurationOf(format) : null));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            fault = "ffprobe's answer cannot be read.";
            return null;
        }
    }

    private static TimeSpan? DurationOf(JsonElement element)
        => element.TryGetProperty("duration", out var told) && double.TryParse(told.GetString(), CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e7
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static byte[] ReadSome(Stream stream)
    {
        var text = new byte[64 << 10];
        return text[..stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)];
    }
}
