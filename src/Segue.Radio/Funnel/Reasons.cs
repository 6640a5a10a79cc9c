using System.Globalization;
using Segue.Features;
using Segue.Numerics.Tables;
using Segue.Ranking.Exploring;
using Segue.Retrieval.Candidates;

namespace Segue.Radio.Funnel;

/// <summary>Gives the tracks of one plan their reasons: the largest positive part of the score, and the tracks of the listener's own that brought it.</summary>
/// <remarks>The track that the words name is the one that adds most to that part among those that speak for the recommendation as a whole, so that without it the score would be lower. Where
/// what all listeners do is the largest part (popularity, appeal, the mean taste), or none is positive, and the track stands on playlists with one that the sitting kept or began with, or else trends where the listener is, it says that: it is the nearer crowd. For one thread.</remarks>
public sealed class Reasons(Plan plan)
{
    private readonly Causes _causes = new(plan.Context, plan.Weights, [.. plan.Tracks.Select(track => track.Track)], plan.BestLeftOut);
    private RowTable<(int Anchor, float Most)>? _companions;

    /// <param name="n">Place of the track in the plan.</param>
    public Reason For(int n)
    {
        var track = plan.Tracks[n];
        if (track.Candidate.Source == RadioPlanner.RepeatSource)
        {
            return Reason.Of(RadioPlanner.RepeatSource, "heard a while ago; nothing else is left that may come", 1);
        }
        if (track.Candidate.Source == Explorer.Source)
        {
            return Reason.Of(Explorer.Source, "few have heard it yet, and it is near to what you want", 1);
        }
        var parts = track.Parts;
        ReadOnlySpan<(string Source, float Value, ScorePart? Part)> named =
        [
            ("session", parts.Session, ScorePart.Session), ("genre", parts.Genre, ScorePart.Genre), ("artist", parts.Artist, ScorePart.Artist),
            ("co-listen", parts.CoListen, ScorePart.CoListen), ("taste", parts.Taste, ScorePart.Taste), ("popular", parts.Popularity, null), ("appeal", parts.Appeal, null),
        ];
        var (sum, largest) = (0.0, plan.Context.Signals.Count > 0 ? named[0] : named[^1]);   // a learnt ranker may give points to a sitting in which nothing happened
        foreach (var one in named)
        {
            sum += Math.Max(0, one.Value);
            largest = one.Value > largest.Value && (one.Part is not (ScorePart.Session or ScorePart.Genre or ScorePart.Artist) || plan.Context.Signals.Count > 0) ? one : largest;
        }
        var ((source, value, part), positive) = (largest, (float)sum);
        var share = positive > 0 ? Math.Max(0, value) / positive : 0;
        var isOfPeople = source == "taste" && value > 0 && plan.Context.People is not null && plan.Context.History.Items.Count == 0;
        var isOfCrowd = value <= 0 || part is null || isOfPeople && plan.Context.People!.IsEverybody;
        if (isOfCrowd && Companion(track.Track) is { } beside)
        {
            return Reason.Of("playlist", $"often on playlists with {Name(plan.Context.Catalogue, beside)}", share);
        }
        if (isOfCrowd && plan.Context.Trending is { } trend && trend.Tracks.Any(scored => scored.Item == track.Track))
        {
            return Reason.Of("trending", trend.Place is { } place ? $"trending in {place}" : "trending everywhere", share);
        }
        if (isOfPeople)
        {
            return plan.Context.People!.IsEverybody
                ? Reason.Of("popular", "close to what listeners like on the whole", share)
                : Reason.Of("people-like-you", "liked by people like you", share);
        }
        _causes.Look(n, track.Track);
        var main = value > 0 && part is { } counted ? _causes.Main(counted) : null;
        return new(source, value > 0 ? Text(source, track.Track, main) : "nothing speaks for it, but nothing better is left", share, _causes.Strongest(plan.Weighed[n], main));
    }

    /// <summary>A track by its title and artist.</summary>
    public static string Name(CatalogueIndex catalogue, int track)
    {
        var entry = catalogue.Tracks[track];
        return entry.Title == entry.Artist.Name ? entry.Title : $"'{entry.Title}' by {entry.Artist.Name}";
    }

    // What the sitting kept or began with and listeners keep beside the track; playlists are no part of the score.
    private int? Companion(int track) => (_companions ??= Companions())[track] is { Most: > 0 } companion ? companion.Anchor : null;

    // Of all tracks of the plan, in one walk over the neighbors of each anchor.
    private RowTable<(int Anchor, float Most)> Companions()
    {
        var companions = new RowTable<(int Anchor, float Most)>(plan.Tracks.Count);
        if (plan.Context.Models.Playlists is not { } playlists)
        {
            return companions;
        }
        foreach (var track in plan.Tracks)
        {
            companions.At(track.Track) = default;
        }
        foreach (var (anchor, weight) in PlaylistCandidates.Anchors(plan.Context))
        {
            foreach (var neighbor in playlists.Neighbors(anchor))
            {
                if (companions.Contains(neighbor.Item) && weight * neighbor.Score is var likeness && likeness > companions[neighbor.Item].Most)
                {
                    companions.At(neighbor.Item) = (anchor, likeness);
                }
            }
        }
        GC.KeepAlive(playlists);
        return companions;
    }

    private string Text(string source, int track, int? main)
    {
        var catalogue = plan.Context.Catalogue;
        return source switch
        {
            "session" => main is { } anchor && _causes.KindOf(anchor) != CauseKind.Skipped ? CloseTo(anchor, track)
                : plan.Context.Signals.Any(signal => signal.Strength < 0) ? "away from what you skipped" : "close to what you kept",
            "genre" => $"{KeptOrAsked(main)} {catalogue.Tracks[track].Genre} in this session",
            "artist" => $"{KeptOrAsked(main)} {catalogue.Tracks[track].Artist.Name} in this session",
            "co-listen" => main is { } companion ? $"often heard around {Name(catalogue, companion)}" : "often heard around what you kept",
            "taste" => BecauseOfHistory(track, main),
            "appeal" => "who plays it seldom skips it",
            _ => string.Create(CultureInfo.InvariantCulture, $"{plan.Context.Models.Popular.Likes(track):F0} listeners play it"),
        };
    }

    private string BecauseOfHistory(int track, int? main)
        => main is not { } played ? "close to your taste as a whole"
            : played == track ? "you have played it before"
            : $"because you play {Name(plan.Context.Catalogue, played)} ({Reason.Percent(_causes.ShareOf(ScorePart.Taste, played))})";

    private string CloseTo(int anchor, int track)
    {
        var kind = _causes.KindOf(anchor) == CauseKind.Asked ? "you began with" : "you kept";
        return anchor == track ? $"{kind} it" : $"close to {Name(plan.Context.Catalogue, anchor)}, which {kind}";
    }

    private string KeptOrAsked(int? main) => main is { } track && _causes.KindOf(track) == CauseKind.Asked ? "you began with" : "you keep";
}
