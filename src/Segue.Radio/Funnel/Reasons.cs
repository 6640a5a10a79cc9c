using System.Globalization;
using Segue.Features;
using Segue.Numerics;
using Segue.Ranking;
using Segue.Ranking.Exploring;
using Segue.Retrieval;

namespace Segue.Radio.Funnel;

/// <summary>Why a track stands where it does.</summary>
/// <param name="Source">The part of the score that counts most: session, genre, artist, co-listen, taste, people-like-you, trending, popular or explore.</param>
/// <param name="Text">One sentence for the listener.</param>
/// <param name="Share">That part ÷ the sum of all positive parts, in (0, 1]; 0 when no part is positive.</param>
public sealed record Reason(string Source, string Text, float Share);

/// <summary>Names the largest positive part of a track's score, and within it the track of the listener's own that brought it. Where popularity is that part, or none is positive, and the
/// track trends where the listener is, it says that: it is the nearer crowd.</summary>
public static class Reasons
{
    public static Reason For(RankedTrack track, ListenerContext context)
    {
        if (track.Candidate.Source == Explorer.Source)
        {
            return new(Explorer.Source, "few have heard it yet, and it is near to what you want", 1);
        }
        var parts = track.Parts;
        (string Source, float Value)[] named =
        [
            ("session", parts.Session), ("genre", parts.Genre), ("artist", parts.Artist),
            ("co-listen", parts.CoListen), ("taste", parts.Taste), ("popular", parts.Popularity),
        ];
        var positive = named.Sum(part => Math.Max(0, part.Value));
        var (source, value) = named.MaxBy(part => part.Value);
        if ((value <= 0 || source == "popular") && context.Trending is { } trend && trend.Tracks.Any(scored => scored.Item == track.Track))
        {
            return new("trending", trend.Place is { } place ? $"trending in {place}" : "trending everywhere", positive > 0 ? value / positive : 0);
        }
        if (source == "taste" && value > 0 && context.People is not null && context.History.Items.Count == 0)
        {
            return new("people-like-you", "liked by people like you", value / positive);
        }
        return new(source, value > 0 ? Text(source, track.Track, context) : "nothing speaks for it, but nothing better is left",
            positive > 0 ? Math.Max(0, value) / positive : 0);
    }

    private static string Text(string source, int track, ListenerContext context)
    {
        var catalogue = context.Catalogue;
        return source switch
        {
            "session" => Anchor(track, context) is { } anchor
                ? $"close to {Name(catalogue, anchor.Track)}, {(anchor.IsSeed ? "which you began with" : "which you kept")}"
                : "away from what you skipped",
            "genre" => $"{KeptOrAsked(context, catalogue.GenreOf, track)} {catalogue.Tracks[track].Genre} in this session",
            "artist" => $"{KeptOrAsked(context, catalogue.ArtistOf, track)} {catalogue.Tracks[track].Artist.Name} in this session",
            "co-listen" => Companion(track, context) is { } companion
                ? $"often heard around {Name(catalogue, companion)}"
                : "often heard around what you kept",
            "taste" => BecauseOfHistory(track, context),
            _ => string.Create(CultureInfo.InvariantCulture, $"{context.Models.Popular.Likes(track):F0} listeners play it"),
        };
    }

    /// <summary>"because you play X (41 %)", from the exact decomposition of the taste score.</summary>
    public static string BecauseOfHistory(int track, ListenerContext context)
    {
        var main = context.Models.Taste.Explain(context.History, track).Contributions.FirstOrDefault(contribution => contribution.Share > 0);
        return main.Share > 0 && main.Item == track
            ? "you have played it before"
            : main.Share > 0
            ? string.Create(CultureInfo.InvariantCulture, $"because you play {Name(context.Catalogue, main.Item)} ({main.Share:P0})")
            : "close to your taste as a whole";
    }

    public static string Name(CatalogueIndex catalogue, int track)
    {
        var entry = catalogue.Tracks[track];
        return entry.Title == entry.Artist.Name ? entry.Title : $"'{entry.Title}' by {entry.Artist.Name}";
    }

    private static string KeptOrAsked(ListenerContext context, Func<int, int> groupOf, int track)
        => context.Signals.Any(signal => !signal.IsSeed && signal.Strength > 0 && groupOf(signal.Track) == groupOf(track)) ? "you keep" : "you asked for";

    private static SessionSignal? Anchor(int track, ListenerContext context)
    {
        var factors = context.Models.Taste.ItemFactors;
        var near = context.Signals
            .Where(signal => signal.Strength > 0)
            .Select(signal => (Signal: signal, Likeness: signal.Strength * Vectors.Dot(factors.Row(signal.Track), factors.Row(track))))
            .Where(signal => signal.Likeness > 0)
            .ToList();
        return near.Count == 0 ? null : near.MaxBy(signal => signal.Likeness).Signal;
    }

    private static int? Companion(int track, ListenerContext context)
    {
        var kept = context.Signals
            .Select(signal => (signal.Track, Score: signal.Strength * Similarity(signal.Track, track, context)))
            .Where(signal => signal.Score > 0)
            .ToList();
        return kept.Count == 0 ? null : kept.MaxBy(signal => signal.Score).Track;
    }

    private static float Similarity(int from, int to, ListenerContext context)
        => context.Models.Neighbors.Neighbors(from).FirstOrDefault(neighbor => neighbor.Item == to).Score;
}
