using System.Globalization;
using Segue.Core;
using Segue.Events.Geography;
using Segue.Events.Importing;
using Segue.Events.Pseudonyms;

namespace Segue.Events.Accounts;

/// <summary>Turns a row of a foreign table into what is kept of an account. Faults tell the field and what is allowed, never the value.</summary>
internal sealed class AccountParser(AccountImportOptions options, Pseudonymizer pseudonymizer, PlaceIndex places, DateOnly asOf, ImportTally tally)
{
    private static readonly DateOnly FirstBirth = new(1900, 1, 1);
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK"];

    /// <summary>The columns in the order in which <see cref="Parse"/> expects their fields.</summary>
    public IReadOnlyList<string?> Columns { get; } =
    [
        options.Columns.Account, options.Columns.BirthDate, options.Columns.Gender, options.Columns.Registered,
        options.Columns.Latitude, options.Columns.Longitude, options.Columns.Place, options.Columns.Country,
    ];

    /// <returns>Null, or what is wrong.</returns>
    public string? Parse(IReadOnlyList<string?> fields, out Account? account)
    {
        account = null;
        var (ageBand, gender, registered, region, geonameId) = (AgeBand.Unknown, Gender.Unknown, (DateOnly?)null, (Region?)null, (int?)null);
        var fault = IdFault(fields[0])
            ?? BirthDate(fields[1], out ageBand)
            ?? GenderOf(fields[2], out gender)
            ?? Registered(fields[3], out registered)
            ?? PlaceOf(fields[4], fields[5], fields[6], fields[7], out region, out geonameId);
        if (fault is null)
        {
            account = new(new(pseudonymizer.Of(fields[0]!), region, ageBand, gender, registered), geonameId);
        }
        return fault;
    }

    private static string? IdFault(string? id)
        => id is null ? "the account id is missing" : Identifier.Fault(id) is { } fault ? $"the account id {fault}" : null;

    private string? BirthDate(string? text, out AgeBand band)
    {
        band = AgeBand.Unknown;
        if (text is null)
        {
            return null;
        }
        if (!DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return "the birth date is not of ISO 8601, yyyy-MM-dd";
        }
        var born = DateOnly.FromDateTime(time);
        if (born < FirstBirth || born > asOf)
        {
            return $"the birth date lies outside 1900-01-01 to {asOf:yyyy-MM-dd}";
        }
        band = AgeBands.Of(born, asOf);
        return null;
    }

    private string? GenderOf(string? text, out Gender gender)
    {
        gender = Gender.Unknown;
        return text is null || options.Genders.TryGetValue(text, out gender)
            ? null
            : $"the gender is none of {string.Join(", ", options.Genders.Keys.Order(StringComparer.Ordinal))}";
    }

    private string? Registered(string? text, out DateOnly? day)
    {
        var fault = FieldParser.Time(text, options.RegisteredFormat, out var time);
        day = time is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null;
        return fault is null ? null : options.RegisteredFormat switch   // its own words would quote the value
        {
            TimeFormat.Iso8601 => "the registration time is not of ISO 8601 from 1970-01-01 to 2099-12-31",
            TimeFormat.UnixMilliseconds => "the registration time is no number of Unix milliseconds from 1970-01-01 to 2099-12-31",
            _ => "the registration time is no number of Unix seconds from 1970-01-01 to 2099-12-31",
        };
    }

    private string? PlaceOf(string? latitude, string? longitude, string? name, string? country, out Region? region, out int? geonameId)
    {
        (region, geonameId) = (null, null);
        if (Coordinates(latitude, longitude, out var point) is { } fault)
        {
            return fault;
        }
        var code = country is null ? null : places.FindCountry(country);
        if (country is not null && code is null)
        {
            tally.Count(AccountImporter.UnknownCountries);
        }
        if (point is var (north, east) && places.Nearest(north, east, options.MaxKilometers) is { Place: var nearest })
        {
            (region, geonameId) = (nearest.Region, nearest.GeonameId);
        }
        else if (name is not null && places.Find(name, code) is { } match)
        {
            (region, geonameId) = (match.Region, match.Place?.GeonameId);
        }
        else if (name is not null)
        {
            tally.Count(AccountImporter.UnknownPlaces);
        }
        region ??= code is null ? null : new(code);
        tally.Count(AccountImporter.WithoutRegion, region is null ? 1 : 0);
        return null;
    }

    private static string? Coordinates(string? latitude, string? longitude, out (double North, double East)? point)
    {
        point = null;
        if (latitude is null && longitude is null)
        {
            return null;
        }
        if (latitude is null || longitude is null)
        {
            return "one of latitude and longitude is missing";
        }
        if (!Degrees(latitude, 90, out var north))
        {
            return "the latitude is no number from -90 to 90";
        }
        if (!Degrees(longitude, 180, out var east))
        {
            return "the longitude is no number from -180 to 180";
        }
        point = (north, east);
        return null;
    }

    private static bool Degrees(string text, double most, out double degrees)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out degrees) && Math.Abs(degrees) <= most;   // NaN is not
}
