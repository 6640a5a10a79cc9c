using Segue.Audio.Decoding;

namespace Segue.Audio.Tests;

/// <summary>Gives samples as a decoder gives a file's: in windows of some tens of seconds.</summary>
internal sealed class GivenSamples(float[] samples) : IAudioDecoder
{
    public string Name => "given";
    public float[] Samples { get; set; } = samples;
    public DecodeReport Report { get; set; } = new(AudioOutcome.Ok, null, TimeSpan.Zero);
    public int StretchesTold { get; set; } = 1;
    public bool IsDisposed { get; private set; }

    public DecodeReport Decode(string path, WindowPlan plan, Action<AudioWindow> take, CancellationToken cancellation)
    {
        var length = 10 * StretchesTold * AudioLimits.SampleRate;
        for (var at = 0; at < Samples.Length; at += length)
        {
            cancellation.ThrowIfCancellationRequested();
            take(new(TimeSpan.FromSeconds((double)at / AudioLimits.SampleRate), Samples.AsMemory(at, Math.Min(length, Samples.Length - at))));
        }
        return Report;
    }

    public void Dispose() => IsDisposed = true;
}
