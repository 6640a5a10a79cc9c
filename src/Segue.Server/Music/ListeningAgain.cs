using Segue.Audio;
using Segue.Audio.Decoding;
using Segue.Audio.Embedding;
using Segue.Server.Stores;

namespace Segue.Server.Music;

/// <summary>Hears a file again of which not all was kept that is needed. Safe for any number of threads.</summary>
/// <param name="backbone">Makes a layer of what is heard; null: none is needed.</param>
/// <returns>Null where the file cannot be heard.</returns>
/// <exception cref="Audio.Onnx.OnnxException">The backbone failed.</exception>
/// <exception cref="OperationCanceledException">Cancelled.</exception>
public delegate TrackFeatures? HearAgain(string path, Backbone? backbone, CancellationToken cancellation);

/// <summary>Hears files again, each by the plan by which it was scanned: analyzers are made as threads ask for them, and used again. Thread-safe.</summary>
/// <param name="create">Makes an analyzer of a plan.</param>
public sealed class ListeningAgain(StoreParts parts, Func<WindowPlan, FileAnalyzer> create) : IDisposable
{
    private readonly Dictionary<WindowPlan, Stack<FileAnalyzer>> _idle = [];
    private readonly Lock _lock = new();

    /// <inheritdoc cref="HearAgain"/>
    public TrackFeatures? Listen(string path, Backbone? backbone, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        var plan = SoundAnalyzers.PlanOf(parts.Sound.FindFile(path)?.Analysis);
        var analyzer = Take(plan);
        try
        {
            return analyzer.Analyze(path, cancellation, backbone).Features;
        }
        finally
        {
            lock (_lock)
            {
                _idle[plan].Push(analyzer);
            }
        }
    }

    public void Dispose()
    {
        foreach (var analyzer in _idle.Values.SelectMany(analyzers => analyzers))
        {
            analyzer.Dispose();
        }
        _idle.Clear();
    }

    private FileAnalyzer Take(WindowPlan plan)
    {
        lock (_lock)
        {
            if (!_idle.TryGetValue(plan, out var analyzers))
            {
                _idle.Add(plan, analyzers = new());
            }
            if (analyzers.TryPop(out var idle))
            {
                return idle;
            }
        }
        return create(plan);
    }
}
