namespace Segue.Events.Importing;

/// <summary>What became of every line of an import: taken, left out with a reason, or counted under a name.</summary>
/// <param name="LinesRead">Lines that hold data: <paramref name="Accepted"/> + <paramref name="BadLines"/>. Headers are not among them,
/// and empty lines are counted under <see cref="EmptyLines"/>.</param>
/// <param name="Faults">The first 1,000 bad lines, in the order of reading.</param>
/// <param name="Counters">What else is worth knowing, by name in camel case.</param>
public sealed record ImportReport(
    long LinesRead, long Accepted, long BadLines, IReadOnlyList<LineFault> Faults, IReadOnlyDictionary<string, long> Counters)
{
    /// <summary>The counter of empty lines.</summary>
    public const string EmptyLines = "emptyLines";
}
