using Segue.Events.Importing;

namespace Segue.Events.Relational.Rows;

/// <summary>A row of a foreign table.</summary>
/// <param name="Source">Where it comes from, for faults.</param>
/// <param name="Line">Number of its line or row there, from 1.</param>
/// <param name="Fields">The fields asked for, in the order asked; null for one that is absent or empty, or was not asked for. JSON arrays and
/// objects stand as JSON text.</param>
public readonly record struct ForeignRow(string Source, long Line, IReadOnlyList<string?> Fields);

/// <summary>A foreign table: rows with named fields.</summary>
public interface IRowSource
{
    /// <summary>What <see cref="Read"/> will report as its last progress, in its unit; null when nobody knows.</summary>
    long? Size { get; }

    /// <summary>Streams the rows. The caller tells <paramref name="tally"/> what became of each; lines that are no rows are told by the
    /// source.</summary>
    /// <param name="columns">The names of the fields wanted; null for one that is not.</param>
    /// <param name="progress">Receives what was read so far: bytes of files, rows of a database.</param>
    /// <exception cref="ImportException">A column is missing, or the budget of <paramref name="tally"/> is exceeded.</exception>
    IEnumerable<ForeignRow> Read(IReadOnlyList<string?> columns, ImportTally tally, IProgress<long>? progress, CancellationToken cancellation);
}
