using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Segue.Features.Sound;

/// <summary>The tables of a <see cref="SoundLibrary"/>, and how an older file is brought up to date.</summary>
internal static class LibrarySchema
{
    // One entry a version, never changed after its release: PRAGMA user_version tells how many a file has.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE scan (id INTEGER PRIMARY KEY AUTOINCREMENT, began_at INTEGER NOT NULL);
        CREATE TABLE sound (
            id INTEGER PRIMARY KEY AUTOINCREMENT, sha256 BLOB NOT NULL UNIQUE, outcome INTEGER NOT NULL, fault TEXT, duration_ms INTEGER NOT NULL,
            analysis TEXT NOT NULL, tags TEXT NOT NULL, print BLOB, track TEXT, is_own INTEGER NOT NULL DEFAULT 0, is_described INTEGER NOT NULL DEFAULT 0,
            title TEXT, artist TEXT, album TEXT, album_key TEXT, first_file INTEGER, leads INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX sound_by_track ON sound (track);
        CREATE INDEX sound_by_print ON sound (print);
        CREATE INDEX leading_sounds ON sound (track) WHERE leads = 1;
        CREATE TABLE file (
            id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, root TEXT NOT NULL, bytes INTEGER NOT NULL, modified_at INTEGER NOT NULL,
            sound INTEGER REFERENCES sound, outcome INTEGER NOT NULL, fault TEXT, scan INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX file_by_sound ON file (sound, gone, path);
        CREATE INDEX file_by_outcome ON file (gone, outcome);
        CREATE TABLE descriptors (sound INTEGER PRIMARY KEY REFERENCES sound, value BLOB NOT NULL);
        CREATE TABLE spectra (sound INTEGER PRIMARY KEY REFERENCES sound, value BLOB NOT NULL);
        CREATE TABLE vector (version TEXT NOT NULL, sound INTEGER NOT NULL REFERENCES sound, value BLOB NOT NULL, PRIMARY KEY (version, sound)) WITHOUT ROWID;
        CREATE INDEX vector_by_sound ON vector (sound);
        CREATE TABLE total (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO total VALUES ('spectra', 0);
        """,
        """
        CREATE TABLE layer (backbone TEXT NOT NULL, sound INTEGER NOT NULL REFERENCES sound, value BLOB NOT NULL, PRIMARY KEY (backbone, sound)) WITHOUT ROWID;
        CREATE INDEX layer_by_sound ON layer (sound);
        """,
    ];

    /// <exception cref="InvalidDataException">The file was written by a newer Segue.</exception>
    public static void Apply(SqliteConnection connection, string path)
    {
        using var transaction = connection.BeginTransaction(deferred: false);   // two processes may open a new library at once
        var known = connection.ExecuteScalar<long>("PRAGMA user_version", transaction: transaction);
        if (known > Steps.Length)
        {
            throw new InvalidDataException($"{path} was written by a newer Segue: its schema has version {known}, and this program knows versions up to {Steps.Length}.");
        }
        for (var step = known; step < Steps.Length; step++)
        {
            connection.Execute(Steps[step], transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {step + 1}"), transaction: transaction);
        }
        transaction.Commit();
    }
}
