using Dapper;

namespace Segue.Features.Sound;

/// <summary>What follows from a change; inside the transaction of the change.</summary>
public sealed partial class SoundLibrary
{
    private T Write<T>(Func<T> change)
    {
        lock (_lock)
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            var result = change();
            transaction.Commit();
            return result;
        }
    }

    private void Put(MusicFile file, long? sound, int outcome, string? fault, long scan)
    {
        var before = _connection.ExecuteScalar<long?>("SELECT sound FROM file WHERE path = @Path", new { file.Path });
        _connection.Execute(
            """
            INSERT INTO file (path, root, bytes, modified_at, sound, outcome, fault, scan)
            VALUES (@Path, @Root, @Bytes, @modified, @sound, @outcome, @fault, @scan)
            ON CONFLICT (path) DO UPDATE SET root = excluded.root, bytes = excluded.bytes, modified_at = excluded.modified_at, sound = excluded.sound,
                outcome = excluded.outcome, fault = excluded.fault, scan = max(file.scan, excluded.scan), gone = 0
            """,
            new { file.Path, file.Root, file.Bytes, modified = file.ModifiedAt.UtcTicks, sound, outcome, fault, scan });
        if (before is { } old && old != sound)
        {
            Refresh(old);
            if (sound is not null)   // a file that gives no bytes for a while is heard again by nobody
            {
                DropUnlessHad(old);
            }
        }
        if (sound is { } now)
        {
            Refresh(now);
        }
    }

    private void Remove(long file, long? sound)
    {
        _connection.Execute("UPDATE file SET gone = 1 WHERE id = @file", new { file });
        if (sound is { } content)
        {
            Refresh(content);
        }
    }

    /// <summary>Tells anew which file of a content is the first and which are its duplicates, and which content leads its track.</summary>
    private void Refresh(long sound)
    {
        _connection.Execute(
            """
            UPDATE sound SET first_file = (SELECT id FROM file WHERE sound = @sound AND gone = 0 ORDER BY path LIMIT 1) WHERE id = @sound;
            UPDATE file SET outcome = CASE WHEN content.outcome = @ok AND file.id <> content.first_file THEN @duplicate ELSE content.outcome END
            FROM sound AS content WHERE content.id = @sound AND file.sound = @sound AND file.gone = 0;
            """,
            new { sound, ok = (int)FileOutcome.Ok, duplicate = (int)FileOutcome.Duplicate });
        ChooseLeader(_connection.ExecuteScalar<string?>("SELECT track FROM sound WHERE id = @sound", new { sound }));
    }

    /// <summary>Of a content that no file, not even one that is gone, has any more, the track alone is kept.</summary>
    private void DropUnlessHad(long sound)
    {
        if (!_connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM file WHERE sound = @sound)", new { sound }))
        {
            DropBlobs(sound);
            _connection.Execute("UPDATE sound SET analysis = '' WHERE id = @sound", new { sound });
        }
    }

    private void ChooseLeader(string? track)
    {
        if (track is not null)
        {
            _connection.Execute(
                """
                UPDATE sound SET leads = (id IS (
                    SELECT content.id FROM sound AS content JOIN file ON file.id = content.first_file
                    WHERE content.track = @track AND content.outcome = @ok ORDER BY file.path LIMIT 1))
                WHERE track = @track
                """,
                new { track, ok = (int)FileOutcome.Ok });
        }
    }

    private void DropBlobs(long sound)
        => _connection.Execute(
            """
            UPDATE total SET value = value - coalesce((SELECT length(value) FROM spectra WHERE sound = @sound), 0) WHERE name = 'spectra';
            DELETE FROM spectra WHERE sound = @sound;
            DELETE FROM descriptors WHERE sound = @sound;
            DELETE FROM vector WHERE sound = @sound;
            DELETE FROM layer WHERE sound = @sound;
            """,
            new { sound });

    private long SpectraBytes() => _connection.ExecuteScalar<long>("SELECT value FROM total WHERE name = 'spectra'");
}
