using System.ComponentModel.DataAnnotations;
using Segue.Core;
using Segue.Ranking.Rules;

namespace Segue.Server.Endpoints;

/// <summary>Groups of tracks. Artists by id; genres and tags whatever their case.</summary>
public sealed record GroupsRequest
{
    [MaxLength(SeedsRequest.MaxOfAKind)]
    public IReadOnlyList<string>? Genres { get; init; }

    [MaxLength(SeedsRequest.MaxOfAKind)]
    public IReadOnlyList<string>? Artists { get; init; }

    [MaxLength(SeedsRequest.MaxOfAKind)]
    public IReadOnlyList<string>? Tags { get; init; }

    internal TrackGroups ToGroups(string place) => new(
        Input.Ids(Genres, SeedsRequest.MaxOfAKind, $"{place}.genres"),
        [.. Input.Ids(Artists, SeedsRequest.MaxOfAKind, $"{place}.artists").Select(id => new ArtistId(id))],
        Input.Ids(Tags, SeedsRequest.MaxOfAKind, $"{place}.tags"));
}

/// <summary>Bounds of one number of a track's sound, which hold, and a target, which draws. Tracks of unknown sound do not come where there is a bound.</summary>
public sealed record SoundWishRequest
{
    public float? Min { get; init; }
    public float? Max { get; init; }
    public float? Target { get; init; }

    internal SoundWish ToWish(float least, float most, string place)
    {
        var (min, max) = (Input.InRange(Min, least, most, $"{place}.min"), Input.InRange(Max, least, most, $"{place}.max"));
        return min > max
            ? throw new BadHttpRequestException(FormattableString.Invariant($"{place}.min is {min} and {place}.max is {max}: nothing lies between."))
            : new(min, max, Input.InRange(Target, least, most, $"{place}.target"));
    }
}

/// <summary>What a listener asks of the lists of a sitting.</summary>
public sealed record WishesRequest
{
    /// <summary>From -1, what the listener knows, to 1, what is new; 0 when left out.</summary>
    [Range(-1.0, 1.0)]
    public float? Discovery { get; init; }

    /// <summary>How unlike the tracks of a list are to be: 1 − λ of maximal marginal relevance; 0 when left out.</summary>
    [Range(0, 0.9)]
    public float? Diversity { get; init; }

    /// <summary>Few but sure: only tracks whose probability p of being taken, by the learnt ranker, makes 2p − 1 at least this; -1 to 1, and -1 when left out.</summary>
    [Range(-1.0, 1.0)]
    public float? Sureness { get; init; }

    /// <summary>How much neighbors are to be alike in energy and tempo; 0 when left out.</summary>
    [Range(0.0, 1.0)]
    public float? Smoothness { get; init; }

    /// <summary>True: no more of an artist or album than 17 U.S.C. § 114(j)(13) lets a web radio play in three hours.</summary>
    public bool WebRadio { get; init; }

    /// <summary>True: a track rests as long as the listener's own habit of returning to tracks has it, and not as long as for all.</summary>
    public bool RestByHabit { get; init; }

    /// <summary>Of each sort that is named a track must match one entry.</summary>
    public GroupsRequest? Include { get; init; }

    /// <summary>A track that matches any entry does not come.</summary>
    public GroupsRequest? Exclude { get; init; }

    /// <summary>Shorter tracks, and those of unknown length, do not come; 0 to 86400.</summary>
    public double? MinSeconds { get; init; }

    /// <summary>Longer tracks, and those of unknown length, do not come; 0 to 86400.</summary>
    public double? MaxSeconds { get; init; }

    /// <summary>0 to 1.</summary>
    public SoundWishRequest? Energy { get; init; }

    /// <summary>Beats a minute, 40 to 240.</summary>
    public SoundWishRequest? Tempo { get; init; }

    /// <summary>LUFS, -70 to 10.</summary>
    public SoundWishRequest? Loudness { get; init; }

    /// <summary>Mean frequency of the power in Hz, 20 to 20000.</summary>
    public SoundWishRequest? Brightness { get; init; }

    internal ListWishes ToWishes()
    {
        var (include, exclude) = (Include?.ToGroups("wishes.include") ?? TrackGroups.None, Exclude?.ToGroups("wishes.exclude") ?? TrackGroups.None);
        RequireApart(include.Genres, exclude.Genres, StringComparer.OrdinalIgnoreCase, "genres");
        RequireApart([.. include.Artists.Select(artist => artist.Value)], [.. exclude.Artists.Select(artist => artist.Value)], StringComparer.Ordinal, "artists");
        RequireApart(include.Tags, exclude.Tags, StringComparer.OrdinalIgnoreCase, "tags");
        var (least, most) = (Input.Seconds(MinSeconds, "wishes.minSeconds"), Input.Seconds(MaxSeconds, "wishes.maxSeconds"));
        return least > most
            ? throw new BadHttpRequestException(FormattableString.Invariant(
                $"wishes.minSeconds is {MinSeconds} and wishes.maxSeconds is {MaxSeconds}: nothing lies between."))
            : new()
            {
                Discovery = Input.InRange(Discovery, -1, 1, "wishes.discovery") ?? 0,
                Diversity = Input.InRange(Diversity, 0, 0.9f, "wishes.diversity") ?? 0,
                Sureness = Input.InRange(Sureness, -1, 1, "wishes.sureness") ?? -1,
                Smoothness = Input.InRange(Smoothness, 0, 1, "wishes.smoothness") ?? 0,
                IsWebRadio = WebRadio,
                RestsByHabit = RestByHabit,
                Include = include,
                Exclude = exclude,
                MinLength = least,
                MaxLength = most,
                Energy = Energy?.ToWish(0, 1, "wishes.energy") ?? SoundWish.None,
                Tempo = Tempo?.ToWish(40, 240, "wishes.tempo") ?? SoundWish.None,
                Loudness = Loudness?.ToWish(-70, 10, "wishes.loudness") ?? SoundWish.None,
                Brightness = Brightness?.ToWish(20, 20_000, "wishes.brightness") ?? SoundWish.None,
            };
    }

    private static void RequireApart(IReadOnlyList<string> included, IReadOnlyList<string> excluded, StringComparer comparer, string sort)
    {
        if (included.Intersect(excluded, comparer).FirstOrDefault() is { } both)
        {
            throw new BadHttpRequestException($"wishes.include.{sort} and wishes.exclude.{sort} both name '{both}'.");
        }
    }
}
