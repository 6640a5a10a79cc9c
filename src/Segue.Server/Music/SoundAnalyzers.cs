using Segue.Audio;
using Segue.Audio.Decoding;
using Segue.Audio.Descriptors;
using Segue.Audio.Processes;
using Segue.Audio.Tags;

namespace Segue.Server.Music;

/// <summary>How this program listens to files.</summary>
public static class SoundAnalyzers
{
    /// <param name="worker">Program and arguments of the decoding worker; null does without libsndfile and FFmpeg's libraries.</param>
    /// <exception cref="ProgramMissingException">ffprobe, which reads tags where the worker cannot, is not there.</exception>
    public static TrackAnalyzers Create(WindowPlan plan, (string Program, IReadOnlyList<string> Arguments)? worker)
    {
        _ = new AudioTagReader();   // tells at the start what is missing
        return new(VersionOf(plan), () =>
        {
            var decoders = new AudioDecoders(worker);
            var analyzer = new TrackAnalyzer(decoders, plan);
            return new(analyzer.Analyze, new AudioTagReader(decoders.Worker).Read, analyzer) { Doubt = () => decoders.Worker?.LibavDoubt };
        });
    }

    /// <summary>One analyzer, for the caller to dispose.</summary>
    public static TrackAnalyzer Analyzer(WindowPlan plan, (string Program, IReadOnlyList<string> Arguments)? worker) => new(new AudioDecoders(worker), plan);

    private static string VersionOf(WindowPlan plan)
        => $"{TrackAnalyzer.Version}.{SoundDescriptors.Version}-{(plan == WindowPlan.Spread ? "spread" : plan == WindowPlan.Middle ? "middle" : "whole")}";
}
