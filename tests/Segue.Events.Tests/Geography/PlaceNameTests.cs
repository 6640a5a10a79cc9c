using System.IO.Compression;
using System.Text.Json;
using Segue.Core;
using Segue.Events.Geography;
using Segue.GeoNames;

namespace Segue.Events.Tests.Geography;

public sealed class PlaceNameTests
{
    [Theory]
    [InlineData("Winston-Salem, NC", "US", "US.NC", "Winston-Salem")]
    [InlineData("New York-Newark-Jersey City, NY-NJ-PA", "US", "US.NY", "New York City")]
    [InlineData("Minneapolis-St. Paul-Bloomington, MN-WI", "US", "US.MN", "Minneapolis")]
    [InlineData("Nashville-Davidson--Murfreesboro--Franklin, TN", "US", "US.TN", "Nashville")]
    [InlineData("saint louis, mo", "US", "US.MO", "St. Louis")]
    [InlineData("Paris", "FR", "FR.11", "Paris")]
    [InlineData("Paris, TX", "US", "US.TX", "Paris")]
    [InlineData("ZURICH, Switzerland", "CH", "CH.ZH", "Zürich")]
    [InlineData("Lodz, PL", "PL", "PL.74", "Łódź")]
    [InlineData("München", "DE", "DE.02", "Munich")]
    [InlineData("Toronto, Ontario, Canada", "CA", "CA.08", "Toronto")]
    [InlineData("Toronto, CA", "CA", "CA.08", "Toronto")]
    [InlineData("Berlin, DE", "DE", "DE.16", "Berlin")]
    [InlineData("Wilmington, DE", "US", "US.DE", "Wilmington")]
    [InlineData("London, England", "GB", "GB.ENG", "London")]
    [InlineData("New York, NY [Manhattan]", "US", "US.NY", "New York City")]
    public void City_is_found_by_the_many_ways_of_writing_it(string name, string country, string area, string city)
        => Assert.Equal(new Region(country, area, city), PlaceIndex.Shared.Find(name)?.Region);

    [Theory]
    [InlineData("London, KY", "US", "US.KY")]
    [InlineData("12 Some Street, KY", "US", "US.KY")]
    [InlineData("Ohio", "US", "US.OH")]
    [InlineData("Denmark", "DK", null)]
    [InlineData("Nowhere at all, France", "FR", null)]
    public void City_that_is_not_known_leaves_its_area_or_country_and_no_text_of_the_sender(string name, string country, string? area)
        => Assert.Equal(new PlaceMatch(new(country, area), null), PlaceIndex.Shared.Find(name));

    [Theory]
    [InlineData("")]
    [InlineData(" , ,")]
    [InlineData("qqqqqq")]
    [InlineData("Paris, Qqqq")]
    [InlineData("Toronto, Germany, Canada")]
    public void Name_that_means_nothing_finds_nothing(string name) => Assert.Null(PlaceIndex.Shared.Find(name));

    [Fact]
    public void Known_country_keeps_others_out()
    {
        Assert.Equal("GB", PlaceIndex.Shared.Find("Birmingham", "GB")?.Region.Country);
        Assert.Equal("US", PlaceIndex.Shared.Find("Birmingham", "US")?.Region.Country);
        Assert.Null(PlaceIndex.Shared.Find("Paris, TX", "GB"));
    }

    [Theory]
    [InlineData("de", "DE")]
    [InlineData("DEU", "DE")]
    [InlineData("United Kingdom", "GB")]
    [InlineData("usa", "US")]
    [InlineData("Atlantis", null)]
    public void Country_is_known_by_its_codes_and_its_name(string text, string? code) => Assert.Equal(code, PlaceIndex.Shared.FindCountry(text));

    [Theory]
    [InlineData("Đà Nẵng", "da nang")]
    [InlineData("  Saint-Étienne ", "st etienne")]
    [InlineData("Straße", "strasse")]
    [InlineData("O'Fallon", "ofallon")]
    [InlineData("Zu\u0308rich", "zurich")]
    [InlineData("...", "")]
    public void Names_are_compared_without_accents_case_and_punctuation(string name, string folded) => Assert.Equal(folded, PlaceNames.Fold(name));

    [Fact]
    public void Shipped_table_is_the_one_that_the_tool_makes_from_the_public_files()
    {
        var folder = PublicData.Folder("geonames").FullName;
        using var shipped = typeof(PlaceIndex).Assembly.GetManifestResourceStream("Segue.Events.Geography.places.bin")!;
        Assert.InRange(shipped.Length, 1, 1_000_000);
        using var content = new MemoryStream();
        using (var brotli = new BrotliStream(shipped, CompressionMode.Decompress))
        {
            brotli.CopyTo(content);
        }

        var made = PlaceFileMaker.Make(
            File.ReadLines(Path.Combine(folder, "cities15000.txt")),
            File.ReadLines(Path.Combine(folder, "regionInfo.tsv")),
            File.ReadLines(Path.Combine(folder, "countryInfo.tsv")));

        Assert.True(content.ToArray().AsSpan().SequenceEqual(made), "The shipped table is another one: run build/geonames anew.");
    }

    [Fact]
    public void Places_of_the_Sparkify_events_are_all_found()
    {
        var names = PublicData.Folder("sparkify-events").EnumerateFiles("*.json").SelectMany(file => File.ReadLines(file.FullName))
            .Select(Location).OfType<string>().Distinct(StringComparer.Ordinal).ToList();

        var found = names.Select(name => PlaceIndex.Shared.Find(name)).ToList();

        Assert.Equal(60, names.Count);
        Assert.All(found, match => Assert.StartsWith("US.", match?.Region.Area, StringComparison.Ordinal));
        Assert.Equal(56, found.Count(match => match?.Place is not null));   // four cities have fewer than 15,000 people
    }

    private static string? Location(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.TryGetProperty("location", out var location) ? location.GetString() : null;
        }
        catch (JsonException)
        {
            return null;   // the last line of each file ends with a stray mark
        }
    }
}
