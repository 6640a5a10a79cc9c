using Segue.Core;

namespace Segue.Features.Interactions;

/// <summary>Tracks rolled up to their artists: an artist's interactions are all those of its tracks, and so are its tags.</summary>
public static class ArtistRollup
{
    /// <summary>A data set whose items are artists, in the order of their first track; an artist stands in it as a track of its own name.</summary>
    /// <param name="interactions">With the tracks.</param>
    /// <exception cref="InvalidDataException">An interaction names a track that the catalogue lacks.</exception>
    public static Dataset Of(IReadOnlyList<Track> tracks, IReadOnlyList<ListenerProfile> listeners, IEnumerable<Interaction> interactions)
    {
        var artistOf = tracks.ToDictionary(track => track.Id.Value, track => track.Artist.Id.Value, StringComparer.Ordinal);
        return Dataset.Build([.. tracks.GroupBy(track => track.Artist.Id, (id, own) => Entry(id, [.. own]))], listeners, interactions.Select(told => new Interaction(
            told.User,
            artistOf.GetValueOrDefault(told.Item) ?? throw new InvalidDataException($"An interaction names the item '{told.Item}', which the catalogue lacks."),
            told.Value, told.Time, told.Action)));
    }

    private static Track Entry(ArtistId id, IReadOnlyList<Track> own)
    {
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var track in own)
        {
            for (var n = 0; n < track.Tags.Count; n++)
            {
                Add(track.Tags[n], track.TagCounts.Count > 0 ? track.TagCounts[n] : 1);
            }
            if (track.Genre is { } genre && !track.Tags.Contains(genre, StringComparer.OrdinalIgnoreCase))
            {
                Add(genre, 1);
            }
        }
        var words = counts.OrderByDescending(tag => tag.Value).ThenBy(tag => tag.Key, StringComparer.Ordinal).ToList();
        return new(new(id.Value), own[0].Artist.Name, own[0].Artist, words.Select(tag => tag.Key).FirstOrDefault(), [.. words.Select(tag => tag.Key)], Length: null)
        {
            TagCounts = [.. words.Select(tag => tag.Value)],
        };

        void Add(string word, int count) => counts[word] = counts.GetValueOrDefault(word) + count;
    }
}
