using Segue.Core;

namespace Segue.Events.Geography;

/// <summary>A populated place of GeoNames.</summary>
/// <param name="GeonameId">Its number at geonames.org.</param>
/// <param name="Name">In the letters of the place: "Zürich".</param>
/// <param name="AsciiName">In plain letters: "Zurich".</param>
/// <param name="Latitude">Degrees north, in [-90, 90], to five decimals.</param>
/// <param name="Longitude">Degrees east, in [-180, 180], to five decimals.</param>
/// <param name="Country">ISO 3166, two letters.</param>
/// <param name="Area">First-level division by its GeoNames code, such as "US.NC" or "CH.ZH"; null where GeoNames knows none.</param>
/// <param name="AreaName">"North Carolina"; null like <paramref name="Area"/>.</param>
public sealed record Place(
    int GeonameId, string Name, string AsciiName, double Latitude, double Longitude, string Country, string? Area, string? AreaName, int Population)
{
    /// <summary>The place in the words of Core; its area is the code, which is the same in every language.</summary>
    public Region Region { get; } = new(Country, Area, Name);
}

/// <summary>A place and how far it is.</summary>
/// <param name="ChordSquared">Square of the straight line to it through the unit sphere, in [0, 4].</param>
public readonly record struct NearestPlace(Place Place, double ChordSquared)
{
    /// <summary>Great-circle distance on a sphere of 6,371.0088 km.</summary>
    public double Kilometers => 2 * PlaceIndex.EarthRadiusKilometers * Math.Asin(Math.Min(1, Math.Sqrt(ChordSquared) / 2));
}

/// <summary>What a name stands for.</summary>
/// <param name="Region">As narrow as the name could be understood.</param>
/// <param name="Place">Null when only the area or the country is known.</param>
public sealed record PlaceMatch(Region Region, Place? Place);
