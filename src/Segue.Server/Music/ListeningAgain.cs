using Segue.Audio;

namespace Segue.Server.Music;

/// <summary>Hears files again whose spectra were not kept: analyzers are made as threads ask for them, and used again. Thread-safe.</summary>
public sealed class ListeningAgain(Func<FileAnalyzer> create) : IDisposable
{
    private readonly Stack<FileAnalyzer> _idle = new();
    private readonly Lock _lock = new();

    /// <returns>Null where the file cannot be heard.</returns>
    public TrackFeatures? Listen(string path)
    {
        FileAnalyzer? analyzer;
        lock (_lock)
        {
            _idle.TryPop(out analyzer);
        }
        analyzer ??= create();
        try
        {
            return File.Exists(path) ? analyzer.Analyze(path, CancellationToken.None).Features : null;
        }
        finally
        {
            lock (_lock)
            {
                _idle.Push(analyzer);
            }
        }
    }

    public void Dispose()
    {
        while (_idle.TryPop(out var analyzer))
        {
            analyzer.Dispose();
        }
    }
}
