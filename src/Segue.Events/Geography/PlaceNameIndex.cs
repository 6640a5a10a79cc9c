using System.Runtime.InteropServices;

namespace Segue.Events.Geography;

/// <summary>Understands names of places. The rules are those of <see cref="PlaceIndex.Find"/>.</summary>
internal sealed class PlaceNameIndex
{
    private const string UnitedStates = "US";

    private readonly IReadOnlyList<Place> _places;
    private readonly Dictionary<string, List<int>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _byOtherName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _countries = new(StringComparer.Ordinal);   // folded code or name → code
    private readonly Dictionary<string, List<Area>> _areas = new(StringComparer.Ordinal);   // folded name → areas
    private readonly Dictionary<string, Area> _states = new(StringComparer.Ordinal);        // "nc" → US.NC

    public PlaceNameIndex(
        IReadOnlyList<Country> countries, IReadOnlyList<Area> areas, IReadOnlyList<Place> places, IReadOnlyList<string> otherNames)
    {
        _places = places;
        foreach (var country in countries)
        {
            foreach (var name in (string[])[country.Code, country.Code3, country.Name])
            {
                _countries.TryAdd(PlaceNames.Fold(name), country.Code);
            }
        }
        foreach (var (name, code) in (ReadOnlySpan<(string, string)>)[("usa", "US"), ("uk", "GB"), ("great britain", "GB"), ("england", "GB")])
        {
            _countries.TryAdd(name, code);
        }
        foreach (var area in areas)
        {
            Add(_areas, PlaceNames.Fold(area.Name), area);
            if (area.Code.StartsWith(UnitedStates + ".", StringComparison.Ordinal))
            {
                _states.TryAdd(PlaceNames.Fold(area.Code.AsSpan(3)), area);
            }
        }
        // Most people first: a look-up takes the first that fits.
        foreach (var i in Enumerable.Range(0, places.Count).OrderByDescending(i => places[i].Population).ThenBy(i => places[i].GeonameId))
        {
            Add(_byName, PlaceNames.Fold(places[i].Name), i);
            Add(_byName, PlaceNames.Fold(places[i].AsciiName), i);
            foreach (var other in otherNames[i].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Add(_byOtherName, other, i);
            }
        }
    }

    public PlaceMatch? Find(string text, string? country)
    {
        var remark = text.AsSpan().IndexOfAny('(', '[');
        var parts = (remark > 0 ? text[..remark] : text).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            return null;
        }
        var readings = Readings(parts, country);
        foreach (var within in readings)
        {
            foreach (var name in Beginnings(parts[0]))
            {
                if (FindCity(name, within) is { } place)
                {
                    return new(place.Region, place);
                }
            }
        }
        var widest = parts.Length > 1 ? readings.FirstOrDefault() : AreaOrCountry(parts[0], country);
        return widest is { Country: not null } ? new(new(widest.Country, widest.Area), null) : null;
    }

    public string? FindCountry(string text) => _countries.GetValueOrDefault(PlaceNames.Fold(text));

    /// <summary>Where to look: the whole world, a country, or one of its areas.</summary>
    private sealed record Within(string? Country, string? Area)
    {
        public bool Holds(Place place) => (Country is null || place.Country == Country) && (Area is null || place.Area == Area);

        /// <summary>What lies in both; null when nothing does.</summary>
        public Within? And(Within other)
            => Differ(Country, other.Country) || Differ(Area, other.Area) ? null : new(Country ?? other.Country, Area ?? other.Area);

        private static bool Differ(string? one, string? other) => one is not null && other is not null && one != other;
    }

    /// <summary>The ways in which all parts but the first can be understood together, likeliest first.</summary>
    private List<Within> Readings(string[] parts, string? country)
    {
        List<Within> readings = [new(country, null)];
        foreach (var part in parts.Skip(1))
        {
            var meanings = Meanings(part).ToList();
            readings = [.. meanings.SelectMany(meaning => readings.Select(meaning.And)).OfType<Within>().Distinct()];
        }
        return readings;
    }

    private IEnumerable<Within> Meanings(string part)
    {
        foreach (var beginning in Beginnings(part))
        {
            if (_states.TryGetValue(beginning, out var state))
            {
                yield return new(UnitedStates, state.Code);
            }
            foreach (var area in _areas.GetValueOrDefault(beginning, []))
            {
                yield return new(area.Code[..2], area.Code);
            }
            if (_countries.TryGetValue(beginning, out var country))
            {
                yield return new(country, null);
            }
        }
    }

    private Within? AreaOrCountry(string part, string? country)
        => Meanings(part).FirstOrDefault(meaning => country is null || meaning.Country == country);

    private Place? FindCity(string name, Within within)
    {
        foreach (var (names, wanted) in (ReadOnlySpan<(Dictionary<string, List<int>>, string)>)
            [(_byName, name), (_byName, name + " city"), (_byOtherName, name)])
        {
            foreach (var i in names.GetValueOrDefault(wanted, []))
            {
                if (within.Holds(_places[i]))
                {
                    return _places[i];
                }
            }
        }
        return null;
    }

    /// <summary>The folded text, then what stands before its last hyphen or slash, and so on down to the first: of a metropolitan area the
    /// first city, without cutting "Winston-Salem" in two.</summary>
    private static IEnumerable<string> Beginnings(string text)
    {
        for (var end = text.Length; end > 0; end = text.AsSpan(0, end).LastIndexOfAny('-', '/', '\u2013'))
        {
            if (PlaceNames.Fold(text.AsSpan(0, end)) is { Length: > 0 } folded)
            {
                yield return folded;
            }
        }
    }

    private static void Add<T>(Dictionary<string, List<T>> lists, string name, T value)
    {
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(lists, name, out _);
        list ??= [];
        if (list.Count == 0 || !EqualityComparer<T>.Default.Equals(list[^1], value))
        {
            list.Add(value);
        }
    }
}
