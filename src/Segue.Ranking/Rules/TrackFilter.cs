using System.Globalization;
using System.Text;
using Segue.Features;

namespace Segue.Ranking.Rules;

/// <summary>Which tracks of a catalogue may come at all under a listener's wishes, wherever they stand.</summary>
public sealed class TrackFilter
{
    private readonly List<Func<int, bool>> _tests = [];
    private readonly CatalogueIndex _catalogue;
    private readonly IReadOnlyList<TrackFacts> _facts;

    /// <param name="facts">By row; rows behind its end are unknown.</param>
    public TrackFilter(CatalogueIndex catalogue, IReadOnlyList<TrackFacts> facts, ListWishes wishes)
    {
        (_catalogue, _facts) = (catalogue, facts);
        AddGroups(wishes.Include, isWanted: true);
        AddGroups(wishes.Exclude, isWanted: false);
        if (wishes.MinLength is { } least)
        {
            _tests.Add(track => catalogue.Tracks[track].Length >= least);
        }
        if (wishes.MaxLength is { } most)
        {
            _tests.Add(track => catalogue.Tracks[track].Length <= most);
        }
        AddBounds(wishes.Energy, static sound => sound.Energy);
        AddBounds(wishes.Tempo, static sound => sound.Tempo);
        AddBounds(wishes.Loudness, static sound => sound.Loudness);
        AddBounds(wishes.Brightness, static sound => sound.Brightness);
    }

    /// <summary>Whether a row may come.</summary>
    public bool Allows(int track)
    {
        foreach (var test in _tests)
        {
            if (!test(track))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Equal for wishes that let the same tracks of a catalogue through; null where they let all through.</summary>
    public static string? KeyOf(ListWishes wishes)
    {
        var asked = new StringBuilder();
        void Add(string what, IEnumerable<string> values)
        {
            foreach (var value in values)
            {
                asked.Append(CultureInfo.InvariantCulture, $"{what}{value.Length}:{value}");
            }
        }

        foreach (var (sort, groups) in new[] { ("+", wishes.Include), ("-", wishes.Exclude) })
        {
            Add(sort + "genre", groups.Genres);
            Add(sort + "artist", groups.Artists.Select(artist => artist.Value));
            Add(sort + "tag", groups.Tags);
        }
        foreach (var (what, wish) in new[] { ("energy", wishes.Energy), ("tempo", wishes.Tempo), ("loudness", wishes.Loudness), ("brightness", wishes.Brightness) })
        {
            Add(what, wish.IsBound ? [string.Create(CultureInfo.InvariantCulture, $"{wish.Min},{wish.Max}")] : []);
        }
        Add("length", wishes.MinLength is null && wishes.MaxLength is null ? [] : [string.Create(CultureInfo.InvariantCulture, $"{wishes.MinLength},{wishes.MaxLength}")]);
        return asked.Length == 0 ? null : asked.ToString();
    }

    private void AddGroups(TrackGroups groups, bool isWanted)
    {
        if (groups.Genres.Count > 0)
        {
            var genres = groups.Genres.Select(_catalogue.FindGenre).OfType<int>().ToHashSet();
            _tests.Add(track => genres.Contains(_catalogue.GenreOf(track)) == isWanted);
        }
        if (groups.Artists.Count > 0)
        {
            var artists = groups.Artists.Select(_catalogue.FindArtist).OfType<int>().ToHashSet();
            _tests.Add(track => artists.Contains(_catalogue.ArtistOf(track)) == isWanted);
        }
        if (groups.Tags.Count > 0)
        {
            var tags = groups.Tags.ToHashSet(StringComparer.OrdinalIgnoreCase);
            _tests.Add(track => _catalogue.Tracks[track].Tags.Any(tags.Contains) == isWanted);
        }
    }

    private void AddBounds(SoundWish wish, Func<TrackSound, float> value)
    {
        if (wish.IsBound)
        {
            _tests.Add(track => track < _facts.Count && _facts[track].Sound is { } sound && wish.Allows(value(sound)));
        }
    }
}
