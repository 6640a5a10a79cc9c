using System.Numerics;
using System.Text.Json;
using Segue.Audio.Decoding;
using Segue.Audio.Processes;

namespace Segue.Audio.Fingerprints;

/// <summary>Fingerprints that stay nearly the same when a recording is encoded otherwise, by <c>fpcalc</c> of Chromaprint where that is installed.</summary>
/// <remarks>A fingerprint has 32 bits for each eighth of a second of the first two minutes; each tells how energy moves between pitch classes about that time (Jang et al., "Pairwise Boosted Audio
/// Fingerprint", IEEE TIFS 2009). Measured on 14 tracks: copies as MP3 of 128 kbit/s agree in 0.991 to 0.999 of the bits, copies of 64 kbit/s that lack their first 1.7 s
/// in 0.955 to 0.981, different tracks in at most 0.590.</remarks>
public static class Chromaprint
{
    /// <summary>Share of equal bits from which two files hold one recording.</summary>
    public const double SameRecording = 0.8;

    // Ten seconds: as long as a beginning may be that one copy lacks.
    private const int FurthestOffset = 80;
    private const int MostBytes = 1 << 20;
    private static readonly string? Program = ProgramPath.Find("fpcalc");
    private static readonly ProcessLimits Limits = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10), DecodeLimits.Memory);

    /// <summary>Whether <c>fpcalc</c> was in a folder of the PATH when this process asked first.</summary>
    public static bool IsPresent => Program is not null;

    /// <summary>The fingerprint of a file: about 0.3 s of processor time.</summary>
    /// <param name="path">A file that a decoder here has read: <c>fpcalc</c> itself would take a playlist, too.</param>
    /// <returns>Null where there is none: a file that cannot be read, that is silent or too short, that takes too long; or no <c>fpcalc</c>.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static uint[]? Read(string path, CancellationToken cancellation)
    {
        if (Program is null)
        {
            return null;
        }
        try
        {
            using var process = LimitedProcess.Start(Program, ["-raw", "-json", "-length", "120", FfmpegDecoder.Url(path)], Limits, cancellation);
            var text = new byte[MostBytes];
            var length = process.Output.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return process.WaitForEnd().End == ProcessEnd.Exited ? Parse(text.AsMemory(0, length)) : null;   // a file's last frame is often a fault to it, and its exit code 3
        }
        catch (ProgramMissingException)
        {
            return null;   // it went meanwhile
        }
    }

    /// <summary>Share of equal bits over the best of offsets up to ten seconds, in [0, 1]: about 0.5 for different recordings.</summary>
    /// <returns>0 where one has nothing, or where at no such offset half of the shorter lies over the longer.</returns>
    public static double Agreement(ReadOnlySpan<uint> first, ReadOnlySpan<uint> second)
    {
        var (best, least) = (0.0, Math.Max(1, (Math.Min(first.Length, second.Length) + 1) / 2));
        for (var offset = -FurthestOffset; offset <= FurthestOffset; offset++)
        {
            var a = first[Math.Clamp(offset, 0, first.Length)..];
            var b = second[Math.Clamp(-offset, 0, second.Length)..];
            var length = Math.Min(a.Length, b.Length);
            if (length < least)
            {
                continue;
            }
            var equal = 0;
            for (var n = 0; n < length; n++)
            {
                equal += BitOperations.PopCount(~(a[n] ^ b[n]));
            }
            best = Math.Max(best, equal / (32.0 * length));
        }
        return best;
    }

    private static uint[]? Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            uint[] fingerprint = [.. json.RootElement.GetProperty("fingerprint").EnumerateArray().Select(item => item.GetUInt32())];
            return fingerprint.Length > 0 ? fingerprint : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }
}
