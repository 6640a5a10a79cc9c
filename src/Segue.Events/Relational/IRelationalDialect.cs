using System.Data.Common;

namespace Segue.Events.Relational;

/// <summary>The few things that SQLite and PostgreSQL do each in its own way; all other SQL is the same for both.</summary>
internal interface IRelationalDialect
{
    /// <summary>Where the data are, without any password.</summary>
    string Place { get; }

    /// <summary>An open connection; the caller disposes it.</summary>
    DbConnection Connect();

    /// <summary>Begins a transaction that may write. Writers take turns, in all processes.</summary>
    DbTransaction BeginWrite(DbConnection connection);

    bool TableExists(DbConnection connection, string table);

    /// <summary>Makes the room for the tables where there is none yet; inside a write transaction.</summary>
    void Prepare(DbTransaction transaction);

    /// <summary>Inserts rows, or updates those whose keys are known.</summary>
    /// <param name="rows">No key twice; values in the order of the columns.</param>
    void Upsert(DbTransaction transaction, TableShape shape, IReadOnlyCollection<object?[]> rows);

    /// <summary>Takes the bytes of deleted rows out of the files, as far as the server lets its clients do that.</summary>
    /// <param name="table">The table they were deleted from.</param>
    /// <param name="removed">Texts that must not be found afterwards; null: everything that was deleted.</param>
    void Scrub(string table, IReadOnlyCollection<string>? removed);
}
