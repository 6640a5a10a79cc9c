using Segue.Audio;
using Segue.Audio.Descriptors;
using Segue.Audio.Spectra;
using Segue.Benchmarks.Taste;
using Segue.Numerics;

namespace Segue.Benchmarks.Sound;

/// <summary>Spectrograms and descriptors of 30 s of noise over a chord: <c>spectra</c>.</summary>
/// <remarks>How many times faster than the sound plays, by the processor's seconds of one thread, the best of some runs. With
/// <c>DOTNET_EnableAVX512=0</c> as on a processor without AVX-512; <c>spectra_numpy.py</c> measures the same with numpy.</remarks>
internal static class SpectraScale
{
    private const int Seconds = 30, Runs = 9;

    public static void Run()
    {
        var sound = Sound();
        var plain = new SpectrogramOptions();
        var log = SpectrumCompression.LogOnePlus(10_000);
        Spectrogram("hop 512, no log", plain, sound);
        Spectrogram("hop 512, log10(1 + 1e4 S)", plain with { Compression = log }, sound);
        Spectrogram("hop 512, window and FFT alone", plain with { Bands = 1, Highest = 50 }, sound);
        Spectrogram("hop 1102 (seed), no log", SpectrogramOptions.Seed with { Compression = SpectrumCompression.None }, sound);
        Spectrogram("hop 1102 (seed), log10(1 + 1e4 S)", SpectrogramOptions.Seed, sound);
        Spectrogram("hop 1102 to 9 kHz (production)", SpectrogramOptions.Production, sound);
        Descriptors(sound);
    }

    private static void Spectrogram(string name, SpectrogramOptions options, float[] sound)
    {
        var spectrogram = new MelSpectrogram(options);
        var values = new float[spectrogram.Frames(sound.Length) * options.Bands];
        var seconds = Best(() => spectrogram.Compute(sound, values));
        Console.WriteLine($"{name}: {Seconds / seconds:N0} × real time, {seconds / spectrogram.Frames(sound.Length) * 1e6:F2} µs a frame");
    }

    private static void Descriptors(float[] sound)
    {
        var describer = new TrackDescriber();
        var windows = Seconds / 10;
        var seconds = Best(() => describer.Add(sound)) / windows;
        var finish = Best(() => describer.Finish());
        Console.WriteLine($"descriptors: {seconds * 1e3:F2} ms for 10 s, {finish * 1e3:F2} ms at the end: {(6 * seconds + finish) * 1e3:F1} ms for six windows");
    }

    private static double Best(Action work)
    {
        const int Times = 20;
        var best = double.PositiveInfinity;
        for (var run = 0; run < Runs; run++)
        {
            var before = CorePeaks.CpuSeconds();
            for (var time = 0; time < Times; time++)
            {
                work();
            }
            best = Math.Min(best, (CorePeaks.CpuSeconds() - before) / Times);
        }
        return best;
    }

    private static float[] Sound()
    {
        var random = new SeededRandom(1);
        var sound = new float[Seconds * AudioLimits.SampleRate];
        for (var i = 0; i < sound.Length; i++)
        {
            var t = i / (double)AudioLimits.SampleRate;
            var chord = Math.Sin(2 * Math.PI * 220 * t) + Math.Sin(2 * Math.PI * 277.18 * t) + Math.Sin(2 * Math.PI * 329.63 * t);
            sound[i] = (float)(0.1 * chord + 0.3 * (random.NextDouble() - 0.5) * Math.Exp(-(t % 0.5) * 8));
        }
        return sound;
    }
}
