using Segue.Core;
using Segue.Numerics;
using Segue.Radio.Funnel;
using Segue.Retrieval;

namespace Segue.Radio.Home;

/// <summary>Makes the first screen of a listener from what the radio's funnel knows: the nightly list, what is heard around the last plays, what trends nearby, new tracks, genres and unknown artists.</summary>
/// <remarks>What the listener heard, refused or bans stands nowhere, and of an artist at most <see cref="MostOfArtist"/> tracks in a row of the page. Rows that would be empty are left out, and one
/// that finds too little is shorter. Every page is told as impressions, as any list. Thread-safe.</remarks>
public sealed class HomePlanner(RadioStation station)
{
    /// <summary>Most rows of a page.</summary>
    public const int MaxRows = 10;

    /// <summary>Most tracks of a row.</summary>
    public const int MaxCount = 50;

    /// <summary>Tracks of an artist in a row, but in rows around one track: there they may be the point.</summary>
    public const int MostOfArtist = 2;

    private const int BecauseRows = 2, GenreRows = 2, LastPlays = 20, LeastAround = 3, TimesAsked = 8, LeastAsked = 200;

    /// <param name="nightly">Told the repertoire in use; the listener's list made beforehand, best first, without what is not new by now; null where there is none.</param>
    /// <param name="rows">From 1 to <see cref="MaxRows"/>.</param>
    /// <param name="count">Tracks of a row, 1 to <see cref="MaxCount"/>.</param>
    /// <exception cref="NotKnownException">No such listener.</exception>
    public HomePage Of(ListenerId listener, int rows, int count, Func<Repertoire, (DateTimeOffset MadeAt, IReadOnlyList<ScoredItem> Tracks)?> nightly)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, MaxRows);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        var repertoire = station.Repertoire;
        if (!repertoire.Memory.Knows(listener))
        {
            throw new NotKnownException("listener", listener.Value);
        }
        var list = nightly(repertoire);
        var page = new Draft(repertoire, repertoire.NotNewTo(listener), rows, count);
        var isListed = page.Add("made-for-you", "Made for you", "close to your taste as a whole", "taste", list?.Tracks ?? []);
        if (!page.IsFull)   // the look-up of one row needs nothing else
        {
            AddComputed(page, Context(repertoire, listener), isListed);
        }
        var recommendation = new RecommendationId(Guid.NewGuid());
        station.Show(repertoire, recommendation, null, listener, page.Shown, plan: null);
        return new(recommendation, repertoire.Models.Version, isListed ? list?.MadeAt : null, page.Rows);
    }

    private ListenerContext Context(Repertoire repertoire, ListenerId listener)
        => new(
            repertoire.Catalogue, repertoire.Models, repertoire.Nearest, repertoire.Memory.History(listener), [],
            new(new HashSet<int>(repertoire.NotNewTo(listener))), new(repertoire.Options.Weights.Skip), repertoire.People.Of(listener))
        {
            Trending = station.TrendingFor(repertoire, listener, station.Now),
        };

    private static void AddComputed(Draft page, ListenerContext context, bool isListed)
    {
        var hasHistory = context.History.Items.Count > 0;
        if (!hasHistory)
        {
            page.Add("made-for-you", "To begin with", "liked by people like you", "people-like-you", context.People?.Tracks ?? []);
        }
        else if (!isListed)
        {
            page.Add("made-for-you", "Made for you", "close to your taste as a whole", "taste", Nearest(context, page.Count));
        }
        AddAround(page, context);
        if (context.Trending is { Tracks: var trending } trend)
        {
            var text = trend.Place is { } place ? $"trending in {place}" : "trending everywhere";
            page.Add("trending", char.ToUpperInvariant(text[0]) + text[1..], text, "trending", trending);
        }
        page.Add("new", "New here", "new, and near your taste", "new", NewTracks(context, page.Count));
        AddGenres(page, context);
        if (hasHistory)
        {
            var known = context.History.Items.Select(context.Catalogue.ArtistOf).ToHashSet();
            page.Add("discover", "Discover", "an artist new to you, close to your taste", "discover",
                Nearest(context, page.Count).Where(scored => !known.Contains(context.Catalogue.ArtistOf(scored.Item))));
        }
        else
        {
            page.Add("discover", "What most listeners play", "many listeners play it", "popular",
                context.Models.Popular.MostLiked.Select(track => new ScoredItem(track, context.Models.Popular.Likes(track))));
        }
    }

    // What others heard around the last plays that were liked, each of another artist.
    private static void AddAround(Draft page, ListenerContext context)
    {
        var (artists, made) = (new HashSet<int>(), 0);
        foreach (var last in context.LikedItems.TakeLast(LastPlays).Reverse())
        {
            if (made < BecauseRows && !artists.Contains(context.Catalogue.ArtistOf(last)))
            {
                var around = context.Models.Neighbors.Neighbors(last).ToArray()
                    .Where(near => near.Score > 0 && !context.Excluded.Contains(near.Item)).ToList();
                if (around.Count >= LeastAround)
                {
                    var name = Reasons.Name(context.Catalogue, last);
                    artists.Add(context.Catalogue.ArtistOf(last));
                    made += page.Add("because-you-played", $"Because you played {name}", $"often heard around {name}", "co-listen", around, ofArtist: int.MaxValue) ? 1 : 0;
                }
            }
        }
    }

    private static void AddGenres(Draft page, ListenerContext context)
    {
        var liked = new float[context.Catalogue.Genres.Count];
        foreach (var track in context.LikedItems)
        {
            if (context.Catalogue.GenreOf(track) is >= 0 and var genre)
            {
                liked[genre]++;
            }
        }
        foreach (var genre in TopK.Select(liked, Math.Min(GenreRows, liked.Length)))
        {
            if (genre.Score > 0)
            {
                var best = new TopK(Asked(page.Count));
                foreach (var track in context.Catalogue.TracksOfGenre(genre.Item))
                {
                    if (!context.Excluded.Contains(track))
                    {
                        best.Add(track, Vectors.Dot(context.Taste, context.Models.Taste.ItemFactors.Row(track)));
                    }
                }
                var name = context.Catalogue.Genres[genre.Item];
                page.Add("genre", $"Your {name}", $"{name}, which you play much", "genre", best.Take());
            }
        }
    }

    // Many are left out afterwards: artists that are known, tracks of rows above, a third of an artist.
    private static int Asked(int count) => Math.Max(LeastAsked, TimesAsked * count);

    private static ScoredItem[] Nearest(ListenerContext context, int count)
        => context.Nearest.Nearest(context.Taste, Math.Min(context.Models.Items, Asked(count)), context.Excluded.Rows);

    // Those that came since the training.
    private static ScoredItem[] NewTracks(ListenerContext context, int count)
    {
        var (first, items) = (context.Models.Trained.Items, context.Models.Items);
        var best = new TopK(Math.Max(1, Math.Min(Asked(count), items - first)));
        for (var track = first; track < items; track++)
        {
            if (!context.Excluded.Contains(track))
            {
                best.Add(track, Vectors.Dot(context.Taste, context.Models.Taste.ItemFactors.Row(track)));
            }
        }
        return best.Take();
    }

    /// <summary>A page in the making.</summary>
    private sealed class Draft(Repertoire repertoire, int[] notNew, int rows, int count)
    {
        private readonly HashSet<int> _taken = [];
        private readonly Dictionary<int, int> _ofArtist = [];

        public int Count => count;
        public List<HomeRow> Rows { get; } = new(rows);
        public List<RecommendedTrack> Shown { get; } = new(rows * count);
        public bool IsFull => Rows.Count == rows;

        /// <returns>Whether there is such a row now.</returns>
        public bool Add(string kind, string title, string text, string source, IEnumerable<ScoredItem> tracks, int ofArtist = MostOfArtist)
        {
            if (IsFull)
            {
                return false;
            }
            var (row, reason, catalogue) = (new List<RecommendedTrack>(count), Reason.Of(source, text, 1), repertoire.Catalogue);
            _ofArtist.Clear();
            foreach (var (track, score) in tracks)
            {
                if (row.Count == count)
                {
                    break;
                }
                ref var sameArtist = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_ofArtist, catalogue.ArtistOf(track), out _);
                if (sameArtist < ofArtist && Array.BinarySearch(notNew, track) < 0 && _taken.Add(track))
                {
                    sameArtist++;
                    row.Add(new(Shown.Count, catalogue.Tracks[track], score, source, reason));
                    Shown.Add(row[^1]);
                }
            }
            if (row.Count > 0)
            {
                Rows.Add(new(kind, title, text, row));
            }
            return row.Count > 0;
        }
    }
}
