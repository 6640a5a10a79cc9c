using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Segue.Audio.Decoding;

/// <summary>Reads WAVE files (RIFF, RF64, BW64) of PCM and float samples; goes to each window directly.</summary>
/// <remarks>Numbers that are none count as damage: see <see cref="WindowReader"/>; a file with more than 1 % of it is corrupt. A file cut short is read as far as it goes.</remarks>
public sealed class WaveDecoder : IAudioDecoder
{
    public string Name => "wave";

    public DecodeReport Decode(string path, WindowPlan plan, Action<AudioWindow> take, CancellationToken cancellation)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            var (header, outcome) = WaveHeader.Read(file, out var fault);
            if (header is null)
            {
                return new(outcome, fault, TimeSpan.Zero);
            }
            var reader = new WindowReader(take, cancellation);
            reader.ReadAll(new Source(file, header), plan);
            var duration = WindowReader.DurationOf(header.Frames, header.Rate);
            return reader.IsDamaged
                ? new(AudioOutcome.Corrupt, $"{reader.Damaged} of {reader.Read} samples are no numbers that sound could have.", duration)
                : new(AudioOutcome.Ok, null, duration);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new(AudioOutcome.Corrupt, $"It cannot be read: {failure.Message}", TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        // Holds nothing between files.
    }

    private sealed class Source(FileStream file, WaveHeader header) : ISampleSource
    {
        private readonly byte[] _bytes = new byte[64 * 1024 / (header.BytesOfSample * header.Channels) * header.BytesOfSample * header.Channels];
        private readonly float[] _values = new float[64 * 1024 / header.BytesOfSample];
        private long _left;

        public int Rate => header.Rate;

        public long? Frames => header.Frames;

        private int Block => header.BytesOfSample * header.Channels;

        public void Seek(long from, long count)
        {
            from = Math.Min(from, header.Frames);
            file.Position = header.DataStart + from * Block;
            _left = Math.Min(count, header.Frames - from);
        }

        public int Read(Span<float> samples)
        {
            var frames = (int)Math.Min(Math.Min(samples.Length, _left), _bytes.Length / Block);
            frames = file.ReadAtLeast(_bytes.AsSpan(0, frames * Block), frames * Block, throwOnEndOfStream: false) / Block;
            _left -= frames;
            Mean(_bytes.AsSpan(0, frames * Block), samples[..frames]);
            return frames;
        }

        private void Mean(ReadOnlySpan<byte> bytes, Span<float> samples)
        {
            if (header is { BytesOfSample: 4, IsFloat: true })
            {
                ChannelMean.Of(MemoryMarshal.Cast<byte, float>(bytes), header.Channels, samples);
                return;
            }
            var values = _values.AsSpan(0, samples.Length * header.Channels);
            if (header.BytesOfSample == 2)
            {
                ChannelMean.Widen(MemoryMarshal.Cast<byte, short>(bytes), values);
            }
            else
            {
                for (var n = 0; n < values.Length; n++)
                {
                    values[n] = Value(bytes[(n * header.BytesOfSample)..]);
                }
            }
            ChannelMean.Of(values, header.Channels, samples);
        }

        private float Value(ReadOnlySpan<byte> bytes) => (header.BytesOfSample, header.IsFloat) switch
        {
            (1, _) => (bytes[0] - 128) / 128f,
            (3, _) => ((bytes[0] << 8 | bytes[1] << 16 | bytes[2] << 24) >> 8) / 8_388_608f,
            (4, false) => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2_147_483_648f,
            _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        };
    }
}
