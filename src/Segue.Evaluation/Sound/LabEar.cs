using System.Collections.Concurrent;
using Segue.Audio;
using Segue.Audio.Descriptors;
using Segue.Evaluation.Lab;
using Segue.Evaluation.Lab.Sound;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>Hears the tracks of a lab world as a scan hears files, without the files.</summary>
internal static class LabEar
{
    private const int Window = 10 * AudioLimits.SampleRate;

    /// <summary>Descriptors and spectra of all tracks, by lab index: two windows of 10 s each. About 25 ms a track.</summary>
    public static TrackFeatures[] HearAll(LabWorld world, int threads, CancellationToken cancellation)
    {
        var (sound, features, idle) = (new LabSound(world), new TrackFeatures[world.Catalogue.Count], new ConcurrentBag<TrackDescriber>());
        Workers.For(features.Length, threads, track =>
        {
            var describer = idle.TryTake(out var free) ? free : new();
            features[track] = Hear(sound.Samples(track, LabSound.UsualLength), describer);
            idle.Add(describer);
        }, cancellation);
        return features;
    }

    private static TrackFeatures Hear(ReadOnlySpan<float> samples, TrackDescriber describer)
    {
        var spectra = new byte[samples.Length / Window * TrackFeatures.WindowBytes];
        for (var n = 0; n < samples.Length / Window; n++)
        {
            describer.Add(samples.Slice(n * Window, Window), spectra.AsSpan(n * TrackFeatures.WindowBytes, TrackFeatures.WindowBytes));
        }
        return new(describer.Finish().Values.ToArray(), spectra);
    }
}
