using Segue.Numerics;

namespace Segue.Retrieval.Sounds;

/// <summary>A track that a search begins from.</summary>
/// <param name="Weight">Above 0 added, below 0 subtracted; not 0.</param>
public readonly record struct SoundSeed(int Track, float Weight = 1);

/// <summary>What several added tracks mean together.</summary>
public enum SoundBlend
{
    /// <summary>One direction, the weighted sum of all: tracks that sound like the mean of the seeds. Ordering by that sum is ordering by the mean of the similarities.</summary>
    Sum,

    /// <summary>A set: tracks that sound like any one of the added, by the greatest of weight times score. Subtracted ones only leave tracks out.</summary>
    Any,
}

/// <summary>A search by several tracks.</summary>
public sealed record SoundQuery
{
    /// <summary>At least one of them added; no track twice.</summary>
    public required IReadOnlyList<SoundSeed> Seeds { get; init; }

    /// <summary>Length of the list, at least 1.</summary>
    public int Count { get; init; } = 20;

    public SoundBlend Blend { get; init; }

    /// <summary>Tracks whose cosine with a subtracted track is at least this are left out, in [-1, 1]. Null: those that are nearer to a subtracted track than to each added
    /// one.</summary>
    public float? SubtractAbove { get; init; }

    /// <summary>Told a track; false leaves it out. Must be safe for several threads. Null keeps all.</summary>
    public Func<int, bool>? Keep { get; init; }

    /// <summary>Null leaves artists out of account.</summary>
    public ArtistGap? Artists { get; init; }

    /// <summary>Whether tracks that are near to everything are held back.</summary>
    public bool HoldHubsBack { get; init; } = true;

    public int Threads { get; init; } = 1;
}

/// <summary>Adds and subtracts tracks: what sounds like these and not like those.</summary>
public static class SoundMix
{
    /// <summary>The tracks that suit a query, best first, without its seeds; a similarity is that with the sum, or with the seed that a track is nearest to.</summary>
    /// <remarks>One pass over the space; with <see cref="SoundBlend.Any"/> still one, of as many queries as seeds were added.</remarks>
    /// <exception cref="ArgumentException">A seed has no sound, stands twice or has the weight 0, or none is added.</exception>
    public static IReadOnlyList<SoundMatch> Find(SoundSpace space, SoundQuery query)
    {
        Require(query);
        var seeds = query.Seeds.Select(seed => seed.Track).ToHashSet();
        var added = query.Seeds.Where(seed => seed.Weight > 0).ToList();
        var keep = Keep(space, query, seeds, added);
        var asked = query.Artists?.CandidatesFor(query.Count) ?? query.Count;
        var found = query.Blend == SoundBlend.Sum ? BySum(space, query, asked, keep) : ByAny(space, query, added, asked, keep);
        return query.Artists is { } artists ? artists.Pick(found, match => match.Track, query.Count) : [.. found.Take(query.Count)];
    }

    private static void Require(SoundQuery query)
    {
        if (!query.Seeds.Any(seed => seed.Weight > 0))
        {
            throw new ArgumentException("A search by sound needs at least one track that is added.");
        }
        if (query.Seeds.DistinctBy(seed => seed.Track).Count() < query.Seeds.Count || query.Seeds.Any(seed => seed.Weight == 0 || !float.IsFinite(seed.Weight)))
        {
            throw new ArgumentException("A track stands twice in a search by sound, or its weight is 0 or not finite.");
        }
        if (query.SubtractAbove is { } above && above is not (>= -1 and <= 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"The threshold of subtracted tracks is {above}; allowed are -1 to 1."));
        }
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Count);
    }

    private static Func<int, int, bool> Keep(SoundSpace space, SoundQuery query, HashSet<int> seeds, List<SoundSeed> added)
    {
        var subtracted = query.Seeds.Where(seed => seed.Weight < 0).Select(seed => space.Vector(seed.Track)).ToList();
        var wanted = added.ConvertAll(seed => space.Vector(seed.Track));
        return (_, track) =>
        {
            if (seeds.Contains(track) || query.Keep?.Invoke(track) == false)
            {
                return false;
            }
            if (subtracted.Count == 0)
            {
                return true;
            }
            var vector = space.Vector(track);
            var nearest = subtracted.Max(other => Vectors.Dot(other, vector));
            return nearest < (query.SubtractAbove ?? wanted.Max(other => Vectors.Dot(other, vector)));
        };
    }

    private static SoundMatch[] BySum(SoundSpace space, SoundQuery query, int count, Func<int, int, bool> keep)
    {
        var sum = new DenseMatrix(1, space.Dimensions);
        foreach (var seed in query.Seeds)
        {
            Vectors.AddScaled(sum.Row(0), space.Vector(seed.Track), seed.Weight);
        }
        return space.Search(sum, count, keep, query.HoldHubsBack, query.Threads)[0];
    }

    private static IReadOnlyList<SoundMatch> ByAny(SoundSpace space, SoundQuery query, List<SoundSeed> added, int count, Func<int, int, bool> keep)
    {
        var best = new Dictionary<int, SoundMatch>();
        var lists = space.NearestOfAll([.. added.Select(seed => seed.Track)], count, track => keep(0, track), query.HoldHubsBack, query.Threads);
        for (var n = 0; n < lists.Length; n++)
        {
            foreach (var match in lists[n])
            {
                var weighed = match with { Score = added[n].Weight * match.Score };
                if (!best.TryGetValue(match.Track, out var other) || other.Score < weighed.Score)
                {
                    best[match.Track] = weighed;
                }
            }
        }
        return [.. best.Values.OrderByDescending(match => match.Score).ThenBy(match => space.PlaceOf(match.Track)).Take(count)];
    }
}
