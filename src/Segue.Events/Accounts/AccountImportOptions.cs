using System.Collections.Frozen;
using Segue.Core;
using Segue.Events.Importing;

namespace Segue.Events.Accounts;

/// <summary>Which fields of a foreign table say what of an account. A field that is named must be there; null: nobody tells. No other field
/// is read.</summary>
public sealed record AccountColumns
{
    /// <summary>The service's own id of the account.</summary>
    public required string Account { get; init; }

    /// <summary>ISO 8601, yyyy-MM-dd, perhaps with a time of day. Only the age band is kept.</summary>
    public string? BirthDate { get; init; }
    public string? Gender { get; init; }

    /// <summary>When the account was opened, in <see cref="AccountImportOptions.RegisteredFormat"/>. Only the day is kept.</summary>
    public string? Registered { get; init; }

    /// <summary>Degrees north; together with <see cref="Longitude"/>. Only the city is kept.</summary>
    public string? Latitude { get; init; }
    public string? Longitude { get; init; }

    /// <summary>A city by name, see <see cref="Geography.PlaceIndex.Find"/>; looked at where there are no coordinates.</summary>
    public string? Place { get; init; }

    /// <summary>A country by code or English name. Where a place is named, it must lie there.</summary>
    public string? Country { get; init; }
}

/// <summary>How accounts are imported.</summary>
public sealed record AccountImportOptions
{
    /// <summary>Words for genders that are understood unless others are given; in any case. An empty field is unknown.</summary>
    public static IReadOnlyDictionary<string, Gender> UsualGenders { get; } = new Dictionary<string, Gender>
    {
        ["f"] = Gender.Female, ["female"] = Gender.Female, ["w"] = Gender.Female, ["woman"] = Gender.Female,
        ["m"] = Gender.Male, ["male"] = Gender.Male, ["man"] = Gender.Male,
        ["o"] = Gender.Other, ["other"] = Gender.Other, ["x"] = Gender.Other, ["d"] = Gender.Other, ["diverse"] = Gender.Other,
        ["nonbinary"] = Gender.Other, ["non-binary"] = Gender.Other,
        ["u"] = Gender.Unknown, ["unknown"] = Gender.Unknown, ["n"] = Gender.Unknown, ["none"] = Gender.Unknown,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public required AccountColumns Columns { get; init; }

    /// <summary>The table's words for genders.</summary>
    public IReadOnlyDictionary<string, Gender> Genders { get; init; } = UsualGenders;
    public TimeFormat RegisteredFormat { get; init; } = TimeFormat.Iso8601;

    /// <summary>The day on which ages are judged; null: today, UTC.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>An account whose coordinates are further than this from every known place has no place; not negative.</summary>
    public double MaxKilometers { get; init; } = 500;
    public BadLineBudget BadLines { get; init; } = BadLineBudget.None;
}
