namespace Segue.Audio.Decoding;

/// <summary>Turns files into sound: mono (the mean of the channels), 22,050 samples a second. Safe for one file at a time.</summary>
/// <remarks>Memory does not depend on the length of a file. Nothing that a file holds makes a decoder throw: it is told as an outcome.</remarks>
public interface IAudioDecoder : IDisposable
{
    /// <summary>Short name, kept with what was decoded.</summary>
    string Name { get; }

    /// <summary>Decodes the windows of a plan, in ascending order.</summary>
    /// <param name="path">A file that exists.</param>
    /// <param name="take">Told each window; windows without any sample are left out.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    DecodeReport Decode(string path, WindowPlan plan, Action<AudioWindow> take, CancellationToken cancellation);
}

/// <summary>How decoding went.</summary>
/// <param name="Outcome"><see cref="AudioOutcome.Ok"/>, <see cref="AudioOutcome.Corrupt"/> or <see cref="AudioOutcome.Unsupported"/>: a decoder judges no sound.</param>
/// <param name="Fault">What is wrong, for the one who owns the file; null when <see cref="AudioOutcome.Ok"/>.</param>
/// <param name="Duration">Playing time as far as it is known; zero where it is not.</param>
public sealed record DecodeReport(AudioOutcome Outcome, string? Fault, TimeSpan Duration);
