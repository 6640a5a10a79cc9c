using System.Collections.Concurrent;
using Segue.Audio.Fingerprints;

namespace Segue.Server.Music;

/// <summary>Says by their fingerprints whether two contents are one recording. Keeps the fingerprints while it lives: 4 kB a content that seemed to be double.</summary>
/// <param name="read">The fingerprint of a content; null where it has none.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class FingerprintJudge(Func<long, CancellationToken, uint[]?> read)
{
    private readonly ConcurrentDictionary<long, uint[]?> _known = new();

    /// <summary>One look at many pairs, which reads a limited number of files: what is left is taken for one recording until a later look.</summary>
    /// <param name="contents">Row of the content of a track; below 0 where it has none.</param>
    /// <param name="most">Files to read at most.</param>
    public Func<int, int, bool> Look(Func<int, long> contents, int most, CancellationToken cancellation)
    {
        uint[]? Of(long content)
            => _known.TryGetValue(content, out var known) ? known
                : content < 0 || Interlocked.Decrement(ref most) < 0 ? null
                : _known.GetOrAdd(content, read(content, cancellation));
        return (first, second) => Of(contents(first)) is not { } a || Of(contents(second)) is not { } b || Chromaprint.Agreement(a, b) >= Chromaprint.SameRecording;
    }
}
