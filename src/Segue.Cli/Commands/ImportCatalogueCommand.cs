using System.CommandLine;
using Segue.Events.Catalogue;

namespace Segue.Cli.Commands;

/// <summary><c>segue import catalogue FILE --into STORE</c>: tracks with their names and codes, by which events find them. Exit code 2: the rows or the store
/// are bad, and nothing was changed.</summary>
internal sealed class ImportCatalogueCommand
{
    private readonly RowOptions _rows = new();
    private readonly Option<string> _id = new("--id") { Description = "The column of track ids.", DefaultValueFactory = _ => "id" };
    private readonly Option<string> _title = new("--title") { Description = "The column of titles.", DefaultValueFactory = _ => "title" };
    private readonly Option<string> _artist = new("--artist") { Description = "The column of artists' names.", DefaultValueFactory = _ => "artist" };
    private readonly Option<string?> _artistId = new("--artist-id") { Description = "The column of artist ids. Default: the name is the id." };
    private readonly Option<string?> _duration = new("--duration") { Description = "The column of playing times." };
    private readonly Option<string> _unit = new("--duration-unit") { Description = "s or ms.", DefaultValueFactory = _ => "s" };
    private readonly Option<string?> _genre = new("--genre") { Description = "The column of genres." };
    private readonly Option<string?> _tags = new("--tags") { Description = "The column of tags, separated by commas or as a JSON list." };
    private readonly Option<string?> _mbid = new("--mbid") { Description = "The column of MusicBrainz recording ids." };
    private readonly Option<string?> _isrc = new("--isrc") { Description = "The column of ISRCs." };
    private readonly Option<string?> _released = new("--released") { Description = "The column of years or dates of release." };

    public static Command Create()
    {
        var options = new ImportCatalogueCommand();
        var command = new Command("catalogue", "Import tracks; one that is there already is brought up to date.")
        {
            options._id, options._title, options._artist, options._artistId, options._duration, options._unit,
            options._genre, options._tags, options._mbid, options._isrc, options._released,
        };
        options._rows.AddTo(command);
        command.RunsAs(options.Run);
        return command;
    }

    private int Run(ParseResult line, CancellationToken cancel)
    {
        var columns = new CatalogueColumns
        {
            Id = line.GetRequiredValue(_id),
            Title = line.GetRequiredValue(_title),
            ArtistName = line.GetRequiredValue(_artist),
            ArtistId = line.GetValue(_artistId),
            Duration = line.GetValue(_duration),
            Genre = line.GetValue(_genre),
            Tags = line.GetValue(_tags),
            Mbid = line.GetValue(_mbid),
            Isrc = line.GetValue(_isrc),
            Released = line.GetValue(_released),
        };
        var unit = line.GetRequiredValue(_unit) switch
        {
            "s" => DurationUnit.Seconds,
            "ms" => DurationUnit.Milliseconds,
            var other => throw new ArgumentException($"--duration-unit is '{other}'; allowed are s and ms."),
        };
        var options = new CatalogueImportOptions { Columns = columns, DurationUnit = unit, BadLines = _rows.Budget(line) };
        return _rows.Import(line, (layout, source, postgres, progress)
            => CatalogueImporter.Run(new(layout, source, options, postgres), progress, cancel));
    }
}
