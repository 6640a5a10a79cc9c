using System.Text.Json;
using Segue.Events.Importing;
using Segue.Events.Relational;
using Segue.Events.Relational.Rows;
using Segue.Events.Storage;

namespace Segue.Events.Catalogue;

/// <summary>Where a catalogue goes.</summary>
/// <param name="Postgres">A connection string, where PostgreSQL keeps the catalogue; null: the store's own file.</param>
public sealed record CatalogueImport(StoreLayout Store, IRowSource Source, CatalogueImportOptions Options, string? Postgres = null);

/// <summary>Imports a catalogue, all or nothing. Doing it again changes nothing.</summary>
public static class CatalogueImporter
{
    /// <summary>The counter of tracks that came again and were the same.</summary>
    public const string RepeatedRows = "repeatedRows";

    /// <summary>The counter of rows that give an artist another name than a row before; the first name is kept.</summary>
    public const string ArtistsRenamed = "rowsWithAnotherArtistName";

    /// <summary>Opens the store, makes it where there is none, and imports.</summary>
    /// <param name="progress">In the unit of <see cref="IRowSource.Size"/>.</param>
    /// <exception cref="ImportException">A column is missing, or there are more bad rows than allowed; nothing was changed.</exception>
    /// <exception cref="StoreException">The database cannot be used; nothing was changed.</exception>
    public static ImportReport Run(CatalogueImport import, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        using var database = RelationalStore.Open(import.Store, import.Postgres);
        return Import(new(database), import.Source, import.Options, progress, cancellation);
    }

    /// <inheritdoc cref="Run"/>
    public static ImportReport Import(
        CatalogueStore catalogue,
        IRowSource source,
        CatalogueImportOptions options,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        var tally = new ImportTally(options.BadLines);
        tally.Count(RepeatedRows, 0);
        catalogue.Upsert(Read(new(options), source, tally, progress, cancellation));
        return tally.Complete();
    }

    private static IEnumerable<CatalogueRecording> Read(
        RecordingParser parser, IRowSource source, ImportTally tally, IProgress<long>? progress, CancellationToken cancellation)
    {
        var seen = new RowsSeen();
        var artistNames = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in source.Read(parser.Columns, tally, progress, cancellation))
        {
            var fault = parser.Parse(row.Fields, out var recording);
            var verdict = fault is null ? seen.Add(recording!.Track.Id.Value, Content(recording)) : RowsSeen.Verdict.New;
            if (fault is not null || verdict == RowsSeen.Verdict.Different)
            {
                tally.Bad(row.Source, row.Line, fault ?? $"the track {FieldParser.Quote(recording!.Track.Id.Value)} came before, with other facts");
                continue;
            }
            tally.Accept();
            if (verdict == RowsSeen.Verdict.New)
            {
                yield return WithFirstName(recording!, artistNames, tally);
            }
            else
            {
                tally.Count(RepeatedRows);
            }
        }
        tally.RequireBudget();   // still inside the transaction, which a fault rolls back
    }

    private static CatalogueRecording WithFirstName(CatalogueRecording recording, Dictionary<string, string> names, ImportTally tally)
    {
        var artist = recording.Track.Artist;
        if (names.TryAdd(artist.Id.Value, artist.Name) || names[artist.Id.Value] == artist.Name)
        {
            return recording;
        }
        tally.Count(ArtistsRenamed);
        return recording with { Track = recording.Track with { Artist = artist with { Name = names[artist.Id.Value] } } };
    }

    /// <summary>All that is kept of a track, with its tags one by one.</summary>
    private static string Content(CatalogueRecording recording)
        => $"{recording} {JsonSerializer.Serialize(recording.Track.Tags, CatalogueJson.Default.IReadOnlyListString)}";
}
