namespace Segue.Server.Music;

/// <summary>The music that a server looks after.</summary>
public sealed record MusicOptions
{
    /// <summary>Folders with all below; at least one.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    public required TrackAnalyzers Analyzers { get; init; }

    /// <summary>Half of the processors unless told: whoever listens meanwhile must not wait.</summary>
    public ScanOptions Scan { get; init; } = new();

    /// <summary>Bytes of spectra that are kept at most.</summary>
    public long MaxSpectraBytes { get; init; } = 10L << 30;

    /// <summary>From one whole walk to the next: a system may lose word of changes, and disks over a network send none. Positive.</summary>
    public TimeSpan WalkEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>While a scan goes on, what it found by then is taken into use so often. Positive.</summary>
    public TimeSpan TakeEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told after the first walk, and when other tracks can be played than before; never twice at once: with the report of a scan, or with null while one goes on.</summary>
    public Func<ScanReport?, CancellationToken, Task> Changed { get; init; } = (_, _) => Task.CompletedTask;
}
