using Segue.Events.Importing;

namespace Segue.Events.Catalogue;

public enum DurationUnit
{
    Seconds,
    Milliseconds,
}

/// <summary>Which fields of a foreign table say what of a track. A field that is named must be there; null: nobody tells.</summary>
public sealed record CatalogueColumns
{
    public required string Id { get; init; }
    public required string Title { get; init; }
    public required string ArtistName { get; init; }

    /// <summary>Null: the artist's name serves as the id.</summary>
    public string? ArtistId { get; init; }

    /// <summary>A positive number in <see cref="CatalogueImportOptions.DurationUnit"/>; 0 is unknown.</summary>
    public string? Duration { get; init; }
    public string? Genre { get; init; }

    /// <summary>A JSON array of strings, or words between <see cref="CatalogueImportOptions.TagSeparator"/>; most telling first.</summary>
    public string? Tags { get; init; }
    public string? Mbid { get; init; }
    public string? Isrc { get; init; }

    /// <summary>yyyy-MM-dd, yyyy-MM or yyyy; 0 is unknown. What is not told counts as the first: 1982 is kept as 1982-01-01.</summary>
    public string? Released { get; init; }
}

/// <summary>How a catalogue is imported.</summary>
public sealed record CatalogueImportOptions
{
    public required CatalogueColumns Columns { get; init; }
    public DurationUnit DurationUnit { get; init; } = DurationUnit.Seconds;
    public char TagSeparator { get; init; } = ',';
    public BadLineBudget BadLines { get; init; } = BadLineBudget.None;
}
