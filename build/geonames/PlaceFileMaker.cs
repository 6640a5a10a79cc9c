using System.Globalization;
using System.Text;
using Segue.Events.Geography;

namespace Segue.GeoNames;

/// <summary>Makes the table of places that Segue ships out of three files of GeoNames (CC BY 4.0).</summary>
/// <remarks>Layout, before compression: "SGP1"; countries (code, three-letter code, name); areas (code, name); the number of places and their
/// columns one after the other: id, country, area + 1, latitude, longitude, population, name, ASCII name (empty where the rule of
/// <see cref="PlaceNames.ToAscii"/> gives it), other names (folded, separated by line feeds). Numbers are base-128; ids and coordinates (in
/// 1/100,000 degree) are differences to the place before, zigzag; texts are UTF-8 behind their length. Same input, same bytes.</remarks>
internal static class PlaceFileMaker
{
    /// <summary>Other names are kept for cities from this size on: they are most of the bytes, and mostly those of large cities are used.</summary>
    private const int PeopleForOtherNames = 100_000;

    // Parts of a city, and places that were: nobody's city today.
    private static readonly HashSet<string> LeftOut = new(["PPLX", "PPLH", "PPLQ", "PPLW"], StringComparer.Ordinal);

    private sealed record City(int Id, string Name, string Ascii, string OtherNames, int Latitude, int Longitude, string Country, string Area, int People);

    public static byte[] Make(IEnumerable<string> cities, IEnumerable<string> areas, IEnumerable<string> countries)
    {
        var countryRows = Rows(countries).Select(row => (Code: row[0], Code3: row[1], Name: row[4])).OrderBy(row => row.Code, StringComparer.Ordinal).ToList();
        var areaRows = Rows(areas).Select(row => (Code: row[0], Name: row[1])).OrderBy(row => row.Code, StringComparer.Ordinal).ToList();
        var places = Rows(cities).Where(row => !LeftOut.Contains(row[7])).Select(Parse)
            .OrderBy(city => city.Country, StringComparer.Ordinal).ThenBy(city => city.Area, StringComparer.Ordinal).ThenBy(city => city.Id).ToList();
        var countryIndex = countryRows.Select((row, i) => (row.Code, i)).ToDictionary(pair => pair.Code, pair => pair.i, StringComparer.Ordinal);
        var areaIndex = areaRows.Select((row, i) => (row.Code, i)).ToDictionary(pair => pair.Code, pair => pair.i, StringComparer.Ordinal);

        var file = new MemoryStream();
        file.Write("SGP1"u8);
        Number(file, countryRows.Count);
        countryRows.ForEach(row => Texts(file, row.Code, row.Code3, row.Name));
        Number(file, areaRows.Count);
        areaRows.ForEach(row => Texts(file, row.Code, row.Name));
        Number(file, places.Count);
        Differences(file, places.Select(place => place.Id));
        places.ForEach(place => Number(file, countryIndex[place.Country]));
        places.ForEach(place => Number(file, areaIndex.GetValueOrDefault($"{place.Country}.{place.Area}", -1) + 1));
        Differences(file, places.Select(place => place.Latitude));
        Differences(file, places.Select(place => place.Longitude));
        places.ForEach(place => Number(file, place.People));
        places.ForEach(place => Texts(file, place.Name));
        places.ForEach(place => Texts(file, place.Ascii == PlaceNames.ToAscii(place.Name) ? "" : place.Ascii));
        places.ForEach(place => Texts(file, place.OtherNames));
        return file.ToArray();
    }

    private static IEnumerable<string[]> Rows(IEnumerable<string> lines)
        => lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t'));

    private static City Parse(string[] row)
    {
        var people = int.Parse(row[14], CultureInfo.InvariantCulture);
        return new(
            int.Parse(row[0], CultureInfo.InvariantCulture), row[1], row[2], people < PeopleForOtherNames ? "" : OtherNames(row[1], row[2], row[3]),
            Scaled(row[4]), Scaled(row[5]), row[8], row[10], people);
    }

    /// <summary>Folded, of plain letters alone, at least four of them: shorter ones are airports and abbreviations.</summary>
    private static string OtherNames(string name, string ascii, string names)
    {
        var known = new HashSet<string>([PlaceNames.Fold(name), PlaceNames.Fold(ascii)], StringComparer.Ordinal);
        return string.Join('\n', names.Split(',').Select(other => PlaceNames.Fold(other))
            .Where(other => other.Length >= 4 && Ascii.IsValid(other) && known.Add(other)).Order(StringComparer.Ordinal));
    }

    private static int Scaled(string degrees) => (int)decimal.Round(decimal.Parse(degrees, CultureInfo.InvariantCulture) * 100_000);

    private static void Texts(Stream file, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Number(file, bytes.Length);
            file.Write(bytes);
        }
    }

    private static void Differences(Stream file, IEnumerable<int> numbers)
    {
        var before = 0;
        foreach (var number in numbers)
        {
            var difference = number - before;
            Number(file, (difference << 1) ^ (difference >> 31));
            before = number;
        }
    }

    private static void Number(Stream file, int number)
    {
        var rest = (uint)number;
        for (; rest >= 0x80; rest >>= 7)
        {
            file.WriteByte((byte)(rest | 0x80));
        }
        file.WriteByte((byte)rest);
    }
}
