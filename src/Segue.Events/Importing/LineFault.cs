namespace Segue.Events.Importing;

/// <summary>A line of a foreign file that could not be taken, and why.</summary>
/// <param name="File">The file as the caller named it.</param>
/// <param name="Line">Number of the line in its file, from 1; header and empty lines count.</param>
public sealed record LineFault(string File, long Line, string Reason)
{
    public override string ToString() => $"{File}:{Line}: {Reason}";
}
