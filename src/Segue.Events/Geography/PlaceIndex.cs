namespace Segue.Events.Geography;

/// <summary>Finds populated places (15,000 people and more, capitals of divisions also where smaller) by coordinates and by name.</summary>
/// <remarks>Source: GeoNames, CC BY 4.0; see NOTICE. Immutable and thread-safe. Keeps about 10 MB, and 11 MB more from the first
/// look-up by name on.</remarks>
public sealed class PlaceIndex
{
    internal const double EarthRadiusKilometers = 6371.0088;   // mean radius R1 of the IUGG

    private static readonly Lazy<PlaceIndex> LazyShared = new(() => new(PlaceTable.ReadEmbedded()));

    private readonly IReadOnlyList<Place> _places;
    private readonly SphereTree _tree;
    private readonly Lazy<PlaceNameIndex> _names;

    internal PlaceIndex(PlaceTable table)
    {
        // By id, so that of two equally near places the tree prefers the smaller id.
        var byId = Enumerable.Range(0, table.Places.Count).OrderBy(i => table.Places[i].GeonameId).ToList();
        _places = [.. byId.Select(i => table.Places[i])];
        var otherNames = byId.Select(i => table.OtherNames[i]).ToList();
        _tree = new([.. _places.Select(place => place.Latitude)], [.. _places.Select(place => place.Longitude)]);
        _names = new(() => new(table.Countries, table.Areas, _places, otherNames));
    }

    /// <summary>The places that Segue ships, loaded at the first use.</summary>
    public static PlaceIndex Shared => LazyShared.Value;

    /// <summary>All places, by id.</summary>
    public IReadOnlyList<Place> Places => _places;

    /// <summary>The place nearest by great-circle distance; of several equally near ones that of the smallest id.</summary>
    /// <param name="latitude">Degrees north, in [-90, 90].</param>
    /// <param name="longitude">Degrees east, in [-180, 180].</param>
    /// <param name="maxKilometers">Not negative; a place further away is not taken.</param>
    /// <returns>Null when no place is near enough.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range. The message does not tell the value: it may be a person's
    /// place.</exception>
    public NearestPlace? Nearest(double latitude, double longitude, double maxKilometers = double.PositiveInfinity)
    {
        if (!(Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180))
        {
            throw new ArgumentOutOfRangeException(nameof(latitude), "A latitude lies in [-90, 90], a longitude in [-180, 180].");
        }
        ArgumentOutOfRangeException.ThrowIfNegative(maxKilometers);
        var (place, chordSquared) = _tree.Nearest(latitude, longitude, ChordSquared(maxKilometers));
        return place < 0 ? null : new(_places[place], chordSquared);
    }

    /// <summary>What a name means: "Durham, NC", "London, United Kingdom", "Toronto, Ontario, Canada", "Zurich", or a metropolitan area
    /// such as "Minneapolis-St. Paul-Bloomington, MN-WI", which stands for its first city and its first state.</summary>
    /// <remarks>Case, accents and punctuation do not count. A two-letter part is a state of the USA if it can be one, else a country. Of
    /// several cities the one with most people is meant. A city that is not known gives its area or country alone.</remarks>
    /// <param name="country">ISO 3166, two letters: no other country is looked in. Null: all are.</param>
    /// <returns>Null when nothing of the name is known.</returns>
    public PlaceMatch? Find(string name, string? country = null) => _names.Value.Find(name, country);

    /// <summary>The two-letter code of a country, from that code, the three-letter code or the English name; null when it is none.</summary>
    public string? FindCountry(string text) => _names.Value.FindCountry(text);

    private static double ChordSquared(double kilometers)
    {
        var halfAngle = kilometers / EarthRadiusKilometers / 2;
        var chord = 2 * Math.Sin(halfAngle);
        return halfAngle < Math.PI / 2 ? chord * chord : SphereTree.Everywhere;
    }
}
