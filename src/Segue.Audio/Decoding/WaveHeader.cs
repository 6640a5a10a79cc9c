using System.Buffers.Binary;

namespace Segue.Audio.Decoding;

/// <summary>How the samples of a WAVE file lie.</summary>
/// <param name="BytesOfSample">Of one channel: 1 to 4, or 8.</param>
/// <param name="DataStart">Where the samples begin, in bytes.</param>
/// <param name="Frames">Samples of a channel that the file really holds.</param>
internal sealed record WaveHeader(int Rate, int Channels, int BytesOfSample, bool IsFloat, long DataStart, long Frames)
{
    /// <summary>Channels at most.</summary>
    public const int MaxChannels = 32;

    private const int MaxChunks = 10_000;

    /// <summary>Reads the chunks before the samples. A size that lies beyond the end of the file means: to its end.</summary>
    /// <param name="fault">What is wrong; null where a header is given.</param>
    /// <returns>Null where there is none, with <see cref="AudioOutcome.Unsupported"/> for a code other than PCM and float.</returns>
    public static (WaveHeader? Header, AudioOutcome Outcome) Read(Stream file, out string? fault)
    {
        Span<byte> head = stackalloc byte[40];
        fault = null;
        if (file.ReadAtLeast(head[..12], 12, throwOnEndOfStream: false) < 12 || FileKinds.Of(head[..12]) != FileKind.Wave)
        {
            fault = "It does not begin as a WAVE file.";
            return (null, AudioOutcome.Unsupported);
        }
        var isLong = !head.StartsWith("RIFF"u8);
        long? longSize = null;
        (int Code, int Channels, uint Rate, int Block, int Bits)? format = null;
        long at = 12;
        for (var chunk = 0; chunk < MaxChunks && at + 8 <= file.Length; chunk++)
        {
            file.Position = at;
            if (file.ReadAtLeast(head[..8], 8, throwOnEndOfStream: false) < 8)
            {
                break;
            }
            long size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (head.StartsWith("data"u8))
            {
                var left = file.Length - at - 8;
                var told = isLong && size == uint.MaxValue ? longSize ?? left : size;
                return Judge(format, at + 8, told <= 0 || told > left ? left : told, out fault);
            }
            var isFormat = head.StartsWith("fmt "u8);
            var isSize = head.StartsWith("ds64"u8);
            if ((isFormat && size >= 16) || (isSize && size >= 24))
            {
                var content = head[..(int)Math.Min(size, 40)];
                if (file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length)
                {
                    break;
                }
                (format, longSize) = isFormat ? (FormatOf(content), longSize) : (format, (long?)BinaryPrimitives.ReadInt64LittleEndian(content[8..]));
            }
            at += 8 + size + (size & 1);
        }
        fault = "It ends before its samples begin.";
        return (null, AudioOutcome.Corrupt);
    }

    private static (int Code, int Channels, uint Rate, int Block, int Bits) FormatOf(ReadOnlySpan<byte> content)
    {
        int Short(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var code = Short(content);
        if (code == 0xFFFE && content.Length >= 26)
        {
            code = Short(content[24..]);   // the first bytes of the sub-format's identifier
        }
        return (code, Short(content[2..]), BinaryPrimitives.ReadUInt32LittleEndian(content[4..]), Short(content[12..]), Short(content[14..]));
    }

    private static (WaveHeader? Header, AudioOutcome Outcome) Judge((int Code, int Channels, uint Rate, int Block, int Bits)? format, long start, long bytes, out string? fault)
    {
        fault = null;
        if (format is not { } given)
        {
            fault = "Its samples come before their format.";
            return (null, AudioOutcome.Corrupt);
        }
        var (code, channels, rate, block, bits) = given;
        var size = channels == 0 ? 0 : block / channels;
        fault = channels is < 1 or > MaxChannels ? $"It has {channels} channels; allowed are 1 to {MaxChannels}."
            : rate is < Resampler.MinRate or > Resampler.MaxRate ? $"It has {rate} samples a second; allowed are {Resampler.MinRate} to {Resampler.MaxRate}."
            : code is 1 or 3 && (block != size * channels || bits > 8 * size) ? $"A sample of {bits} bits does not agree with {block} bytes for {channels} channels."
            : null;
        if (fault is not null)
        {
            return (null, AudioOutcome.Corrupt);
        }
        if ((code, size) is not ((1, >= 1 and <= 4) or (3, 4 or 8)))
        {
            fault = $"Its samples have code {code} and {bits} bits; this decoder reads PCM of 8 to 32 bits and floats of 32 or 64.";
            return (null, AudioOutcome.Unsupported);
        }
        return (new((int)rate, channels, size, code == 3, start, bytes / block), AudioOutcome.Ok);
    }
}
