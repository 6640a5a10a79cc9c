namespace Segue.Events.Pseudonyms;

/// <summary>A rotation under way: maps the pseudonyms of every store, then is completed. One process holds it at a time; disposing it without
/// completing leaves it pending, to be taken up later.</summary>
public sealed class PseudonymRotation : IDisposable
{
    private readonly PseudonymKeyFile _content;
    private readonly Func<string, bool> _isPseudonym;
    private readonly Action<PseudonymKeyFile> _replace;
    private readonly IDisposable _alone;

    internal PseudonymRotation(PseudonymKeyFile content, Func<string, bool> isPseudonym, Action<PseudonymKeyFile> replace, IDisposable alone)
        => (_content, _isPseudonym, _replace, _alone) = (content, isPseudonym, replace, alone);

    /// <summary>The generation that stores note when they are mapped; see <see cref="PseudonymKeys.Generation"/>.</summary>
    public int Generation => _content.Keys.Count + 1;

    /// <summary>What a pseudonym of the generation before becomes. Thread-safe.</summary>
    public string Map(string pseudonym) => _isPseudonym(pseudonym) ? pseudonym : Pseudonymizer.Apply(pseudonym, _content.Pending!);

    /// <summary>Makes the new key one of the chain: to be called when every store is mapped, and not before.</summary>
    /// <exception cref="IOException">The file could not be written; the rotation is still pending.</exception>
    public void Complete() => _replace(_content with { Keys = [.. _content.Keys, _content.Pending!], Pending = null });

    public void Dispose() => _alone.Dispose();
}
