using System.IO.Compression;
using System.Text;

namespace Segue.Events.Geography;

/// <param name="Code">ISO 3166, two letters.</param>
/// <param name="Code3">ISO 3166, three letters.</param>
internal sealed record Country(string Code, string Code3, string Name);

/// <param name="Code">Country and division, such as "US.NC".</param>
internal sealed record Area(string Code, string Name);

/// <summary>The extract of GeoNames that Segue ships; its layout is that of <c>build/geonames/PlaceFileMaker.cs</c>.</summary>
/// <param name="OtherNames">For each place its further names, folded and separated by line feeds; empty for most.</param>
internal sealed record PlaceTable(
    IReadOnlyList<Country> Countries, IReadOnlyList<Area> Areas, IReadOnlyList<Place> Places, IReadOnlyList<string> OtherNames)
{
    private const double Scale = 100_000;

    /// <summary>Reads the table that is embedded in this assembly.</summary>
    public static PlaceTable ReadEmbedded()
    {
        using var resource = typeof(PlaceTable).Assembly.GetManifestResourceStream("Segue.Events.Geography.places.bin")!;
        using var brotli = new BrotliStream(resource, CompressionMode.Decompress);
        using var content = new MemoryStream();
        brotli.CopyTo(content);
        return Read(content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <param name="content">The table, not compressed.</param>
    /// <exception cref="InvalidDataException">It is no table of places.</exception>
    public static PlaceTable Read(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith("SGP1"u8))
        {
            throw new InvalidDataException("This is no table of places of version 1.");
        }
        var reader = new Reader(content[4..]);
        var countries = new Country[reader.Number()];
        for (var i = 0; i < countries.Length; i++)
        {
            countries[i] = new(reader.Text(), reader.Text(), reader.Text());
        }
        var areas = new Area[reader.Number()];
        for (var i = 0; i < areas.Length; i++)
        {
            areas[i] = new(reader.Text(), reader.Text());
        }
        var (places, otherNames) = ReadPlaces(ref reader, countries, areas);
        return new(countries, areas, places, otherNames);
    }

    private static (Place[] Places, string[] OtherNames) ReadPlaces(ref Reader reader, Country[] countries, Area[] areas)
    {
        var count = reader.Number();
        var ids = reader.Differences(count);
        var country = reader.Numbers(count);
        var area = reader.Numbers(count);
        var latitudes = reader.Differences(count);
        var longitudes = reader.Differences(count);
        var population = reader.Numbers(count);
        var names = reader.Texts(count);
        var asciiNames = reader.Texts(count);
        var places = new Place[count];
        for (var i = 0; i < count; i++)
        {
            var division = area[i] == 0 ? null : areas[area[i] - 1];
            var ascii = asciiNames[i].Length == 0 ? PlaceNames.ToAscii(names[i]) : asciiNames[i];
            places[i] = new(
                ids[i], names[i], ascii, latitudes[i] / Scale, longitudes[i] / Scale,
                countries[country[i]].Code, division?.Code, division?.Name, population[i]);
        }
        return (places, reader.Texts(count));
    }

    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public int Number()
        {
            uint number = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = _rest[0];
                _rest = _rest[1..];
                number |= (next & 0x7Fu) << shift;
                if (next < 0x80)
                {
                    return (int)number;
                }
            }
        }

        public string Text()
        {
            var length = Number();
            var text = Encoding.UTF8.GetString(_rest[..length]);
            _rest = _rest[length..];
            return text;
        }

        public int[] Numbers(int count)
        {
            var numbers = new int[count];
            for (var i = 0; i < count; i++)
            {
                numbers[i] = Number();
            }
            return numbers;
        }

        public int[] Differences(int count)
        {
            var numbers = Numbers(count);
            var before = 0;
            for (var i = 0; i < count; i++)
            {
                var zigzag = (uint)numbers[i];
                before += (int)(zigzag >> 1) ^ -(int)(zigzag & 1);
                numbers[i] = before;
            }
            return numbers;
        }

        public string[] Texts(int count)
        {
            var texts = new string[count];
            for (var i = 0; i < count; i++)
            {
                texts[i] = Text();
            }
            return texts;
        }
    }
}
