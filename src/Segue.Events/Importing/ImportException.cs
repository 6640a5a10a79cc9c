namespace Segue.Events.Importing;

/// <summary>A foreign file cannot be imported: it lacks a column, say, or holds more bad lines than the budget allows.</summary>
/// <remarks>The message is meant for the one who started the import, and stands alone.</remarks>
public sealed class ImportException : Exception
{
    public ImportException(string message)
        : base(message)
    {
    }

    public ImportException(string message, IReadOnlyList<LineFault> faults)
        : base(message)
        => Faults = faults;

    /// <summary>The bad lines that broke the budget, at most 1,000 of them; empty when the failure has another cause.</summary>
    public IReadOnlyList<LineFault> Faults { get; } = [];
}
