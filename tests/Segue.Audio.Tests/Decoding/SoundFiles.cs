using Segue.Audio.Decoding;
using Segue.Audio.Decoding.Workers;
using Segue.Audio.Processes;
using Segue.Numerics;

namespace Segue.Audio.Tests.Decoding;

/// <summary>A folder of sound files made for a test, deleted after it.</summary>
internal sealed class SoundFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-sound-");

    public static (string, IReadOnlyList<string>) Worker { get; } = (ProgramPath.Find("dotnet") ?? "dotnet", [typeof(SoundFiles).Assembly.Location, DecodeWorker.Command]);

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path(name), bytes);
        return Path(name);
    }

    /// <summary>Two tones, soft noise and a slow swell below 9 kHz, another mix in each channel.</summary>
    public static float[][] Music(int rate, int channels, double seconds)
    {
        var random = new SeededRandom(7);
        var music = new float[channels][];
        for (var channel = 0; channel < channels; channel++)
        {
            var samples = music[channel] = new float[(int)(rate * seconds)];
            for (var n = 0; n < samples.Length; n++)
            {
                var time = (double)n / rate;
                var tones = Math.Sin(2 * Math.PI * (220 + 40 * channel) * time) + 0.5 * Math.Sin(2 * Math.PI * 1_900 * time * (1 + 0.01 * time / seconds));
                samples[n] = (float)(0.2 * tones * (0.6 + 0.4 * Math.Sin(2 * Math.PI * 0.7 * time + channel)) + 0.002 * (random.NextDouble() - 0.5));
            }
        }
        return music;
    }

    /// <summary>A WAVE file.</summary>
    /// <param name="code">1: PCM; 3: float.</param>
    public static byte[] Wave(float[][] channels, int rate, int bits = 16, int code = 1, bool extensible = false, byte[]? before = null)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var block = channels.Length * bits / 8;
        var bytes = block * channels[0].Length;
        writer.Write("RIFF"u8);
        writer.Write(bytes + 36);
        writer.Write("WAVE"u8);
        writer.Write(before ?? []);
        writer.Write("fmt "u8);
        writer.Write(extensible ? 40 : 16);
        writer.Write((short)(extensible ? -2 : code));
        writer.Write((short)channels.Length);
        writer.Write(rate);
        writer.Write(rate * block);
        writer.Write((short)block);
        writer.Write((short)bits);
        if (extensible)
        {
            writer.Write((short)22);
            writer.Write((short)bits);
            writer.Write(0);
            writer.Write((short)code);
            writer.Write([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
        }
        writer.Write("data"u8);
        writer.Write(bytes);
        for (var n = 0; n < channels[0].Length; n++)
        {
            foreach (var channel in channels)
            {
                WriteSample(writer, channel[n], bits, code);
            }
        }
        return stream.ToArray();
    }

    /// <summary>Runs ffmpeg on a file of the folder.</summary>
    public string Convert(string from, string to, params string[] options)
    {
        Assert.SkipUnless(FfmpegDecoder.IsPresent, "ffmpeg is not installed.");
        using var process = LimitedProcess.Start(
            ProgramPath.Require("ffmpeg", "to test"), ["-v", "error", "-nostdin", "-y", "-i", Path(from), .. options, Path(to)],
            new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), 400L << 20), TestContext.Current.CancellationToken);
        var (_, code) = process.WaitForEnd();
        Assert.True(code == 0, process.Errors);
        return Path(to);
    }

    /// <summary>All windows of a file, each with its start.</summary>
    public static (DecodeReport Report, List<(TimeSpan Start, float[] Samples)> Windows) Decode(IAudioDecoder decoder, string path, WindowPlan plan)
    {
        var windows = new List<(TimeSpan, float[])>();
        var report = decoder.Decode(path, plan, window => windows.Add((window.Start, window.Samples.ToArray())), TestContext.Current.CancellationToken);
        return (report, windows);
    }

    /// <summary>Power of a signal over that of its difference from another, in decibels.</summary>
    public static double Decibels(float[] signal, float[] other)
    {
        double power = 1e-30, error = 1e-30;
        for (var n = 0; n < Math.Min(signal.Length, other.Length); n++)
        {
            power += (double)signal[n] * signal[n];
            error += Math.Pow((double)signal[n] - other[n], 2);
        }
        return 10 * Math.Log10(power / error);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void WriteSample(BinaryWriter writer, float value, int bits, int code)
    {
        switch (bits, code)
        {
            case (8, _):
                writer.Write((byte)Math.Round(128 + value * 127));
                break;
            case (16, _):
                writer.Write((short)Math.Round(value * 32_767));
                break;
            case (24, _):
                writer.Write(BitConverter.GetBytes((int)Math.Round(value * 8_388_607)).AsSpan(0, 3));
                break;
            case (32, 1):
                writer.Write((int)Math.Round(value * 2_147_483_000d));
                break;
            case (32, _):
                writer.Write(value);
                break;
            default:
                writer.Write((double)value);
                break;
        }
    }
}
