using Segue.Core;
using Segue.Events.Storage;

namespace Segue.Events.Importing;

/// <summary>A word that users put on artists.</summary>
public sealed record HetRecTag(string Id, string Name);

/// <summary>A user put a tag on an artist.</summary>
/// <param name="Date">Null where the source gives a date that cannot be.</param>
public sealed record TagAssignment(string User, string Artist, string Tag, DateOnly? Date);

/// <summary>A user names another as a friend.</summary>
public sealed record FriendLink(string User, string Friend);

/// <summary>The Last.fm data set of the HetRec 2011 workshop: what users played, how they tagged it, and whom they know.</summary>
/// <param name="Plays">One row for each user and artist; the value is the number of plays.</param>
/// <param name="TagAssignments">Some name artists that <paramref name="Artists"/> does not have; the report counts them.</param>
public sealed record HetRecDataset(
    IReadOnlyList<Artist> Artists,
    IReadOnlyList<HetRecTag> Tags,
    IReadOnlyList<Interaction> Plays,
    IReadOnlyList<TagAssignment> TagAssignments,
    IReadOnlyList<FriendLink> FriendLinks,
    ImportReport Report)
{
    private const int TagsPerArtist = 50;

    /// <summary>Everyone who plays, tags or has a friend, in the order of first appearance.</summary>
    public IReadOnlyList<string> Users()
        => Plays.Select(play => play.User)
            .Concat(TagAssignments.Select(assignment => assignment.User))
            .Concat(FriendLinks.SelectMany(link => new[] { link.User, link.Friend }))
            .Distinct()
            .ToList();

    /// <summary>The artists as a catalogue: the data set knows no tracks, so an artist is an entry, by itself.</summary>
    /// <remarks>An entry's tags are the fifty most assigned to the artist, with their counts, ties by the tag's id; its genre is the first of them. Who assigned them is left out.</remarks>
    public IEnumerable<Track> Catalogue()
    {
        var names = Tags.ToDictionary(tag => tag.Id, tag => tag.Name);
        var tagsOf = TagAssignments.Where(assignment => names.ContainsKey(assignment.Tag)).ToLookup(assignment => assignment.Artist);
        foreach (var artist in Artists)
        {
            var tags = tagsOf[artist.Id.Value]
                .CountBy(assignment => assignment.Tag)
                .OrderByDescending(tag => tag.Value)
                .ThenBy(tag => tag.Key.Length).ThenBy(tag => tag.Key, StringComparer.Ordinal)   // ids are numbers without leading zeros
                .Take(TagsPerArtist)
                .ToList();
            List<string> words = [.. tags.Select(tag => names[tag.Key])];
            yield return new(new(artist.Id.Value), artist.Name, artist, words.FirstOrDefault(), words, Length: null) { TagCounts = [.. tags.Select(tag => tag.Value)] };
        }
    }

    /// <summary>Puts the catalogue, the users (of whom nothing is known beside their id) and the plays into a store.</summary>
    public void WriteTo(StoreWriter store)
    {
        ArgumentNullException.ThrowIfNull(store);
        foreach (var entry in Catalogue())
        {
            store.Add(entry);
        }
        foreach (var user in Users())
        {
            store.Add(new ListenerProfile(new(user), Region: null, AgeBand.Unknown, Gender.Unknown));
        }
        foreach (var play in Plays)
        {
            store.Add(play);
        }
    }
}
