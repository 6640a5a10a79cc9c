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
        return new(VersionOf(plan), () => FileAnalyzer(plan, worker)) { RequireTags = () => _ = new AudioTagReader() };
    }

    /// <summary>One that needs nothing to read tags as long as nobody asks for them.</summary>
    /// <inheritdoc cref="Create"/>
    public static FileAnalyzer FileAnalyzer(WindowPlan plan, (string Program, IReadOnlyList<string> Arguments)? worker)
    {
        var decoders = new AudioDecoders(worker);
        var (analyzer, tags) = (new TrackAnalyzer(decoders, plan), new Lazy<AudioTagReader>(() => new(decoders.Worker)));
        return new((path, backbone, cancellation) => analyzer.Analyze(path, cancellation, backbone), (path, cancellation) => tags.Value.Read(path, cancellation), analyzer)
        {
            Doubt = () => decoders.Worker?.LibavDoubt,
        };
    }

    /// <summary>The plan of an analysis, by its version: <see cref="WindowPlan.Spread"/> where that names none.</summary>
    public static WindowPlan PlanOf(string? version)
        => Array.Find([WindowPlan.Middle, WindowPlan.Whole], plan => version?.TrimEnd('?').EndsWith(NameOf(plan), StringComparison.Ordinal) == true) ?? WindowPlan.Spread;

    private static string VersionOf(WindowPlan plan)
        => $"{TrackAnalyzer.Version}.{SoundDescriptors.Version}-{NameOf(plan)}";

    private static string NameOf(WindowPlan plan) => plan == WindowPlan.Spread ? "spread" : plan == WindowPlan.Middle ? "middle" : "whole";
}
