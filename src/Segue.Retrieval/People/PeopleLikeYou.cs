using System.Collections.Concurrent;
using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;

namespace Segue.Retrieval.People;

/// <summary>What people of a listener's country, age and gender like: all that is known of who never listened.</summary>
/// <remarks>
/// <para>Of a group g of n listeners, c of whom like track t, the share is (c + κ p) ÷ (n + κ): empirical Bayes towards the share p that the group's parents
/// expect. The parent of a country, an age or a gender is the world; that of where they meet is p = p_world Π p_side ÷ p_world, since a young
/// listener of Norvia is expected to be young as others are young and of Norvia as others are. κ comes from the data by moments: with
/// r = Σ (c − n p)² ÷ Σ n p (1 − p), the overdispersion is ρ = (r − 1) ÷ (n − 1), and κ = 1 ÷ ρ − 1: a group that differs by no more than chance is its parent.</para>
/// <para>Factors of a group are means of its listeners' factors, drawn to those of its parents (which add where shares multiply) by the positive part of James
/// and Stein's estimator ("Estimation with quadratic loss", 1961): by the share of the squared distance that chance alone explains.</para>
/// <para>Of a group at most <see cref="MostAsked"/> listeners are looked at, evenly over the rows. A group is computed when it is asked for first, O(listeners asked ·
/// (likes + d) + tracks), and kept: <see cref="Kept"/> tracks. Thread-safe.</para>
/// </remarks>
public sealed class PeopleLikeYou(Dataset data, ModelSet models)
{
    /// <summary>Listeners of a group that are looked at, at most.</summary>
    public const int MostAsked = 10_000;

    /// <summary>Tracks kept of a group, at most.</summary>
    public const int Kept = 500;

    private const double LargestKappa = 1e6;
    private readonly ConcurrentDictionary<PeopleGroup, PeopleTaste> _tastes = new();
    private readonly Lazy<(int Row, PeopleGroup Group)[]> _members = new(() =>
    [
        .. data.Listeners.Select(profile => (Row: data.Users.Find(profile.Id.Value), Group: PeopleGroup.Of(profile)))
            .Where(member => member.Row < models.Users).Select(member => (member.Row!.Value, member.Group)),
    ]);

    private readonly Lazy<Shares> _world = new(() => World(data, models));
    private volatile Dictionary<ListenerId, PeopleGroup>? _known;

    /// <summary>From now on listeners are of the groups that these profiles tell; before, those of the data hold.</summary>
    public void Know(IEnumerable<ListenerProfile> profiles)
    {
        var known = new Dictionary<ListenerId, PeopleGroup>();
        foreach (var profile in profiles)
        {
            known[profile.Id] = PeopleGroup.Of(profile);
        }
        _known = known;
    }

    /// <summary>Nothing is known of a listener from now on; what groups like is computed anew.</summary>
    public void Forget(ListenerId listener)
    {
        var known = new Dictionary<ListenerId, PeopleGroup>(Known());
        known.Remove(listener);
        _known = known;
        _tastes.Clear();
    }

    /// <summary>What people like this listener like, or everybody where nothing is known of the listener; null where nobody listens.</summary>
    public PeopleTaste? Of(ListenerId? listener)
    {
        return Of(listener is { } id && Known().TryGetValue(id, out var group) ? group : PeopleGroup.World);
    }

    private Dictionary<ListenerId, PeopleGroup> Known()
    {
        if (_known is null)
        {
            Know(data.Listeners);
        }
        return _known!;
    }

    /// <summary>What the people of a group like; null where nobody listens.</summary>
    public PeopleTaste? Of(PeopleGroup group) => models.Users == 0 ? null : _tastes.GetOrAdd(group, Compute);

    private PeopleTaste Compute(PeopleGroup group)
    {
        var world = _world.Value;
        if (group == PeopleGroup.World)
        {
            return new([], world.Taste) { IsEverybody = true };
        }
        var sides = group.Sides().ToList();
        var shares = sides.ConvertAll(side => Estimate(side, world));
        var meeting = sides.Count == 1 ? shares[0] : Estimate(group, Expected(world, shares));
        return new([.. TopK.Select(meeting.Likes, Math.Min(Kept, models.Items)).Where(scored => scored.Score > 0)], meeting.Taste);
    }

    private static Shares World(Dataset data, ModelSet models)
    {
        var taste = new float[models.Taste.Factors];
        int[] rows = [.. Sample([.. Enumerable.Range(0, models.Users).Where(row => data.Training.Strengths.Row(row).Count > 0)])];   // who did nothing has no factors
        foreach (var row in rows)
        {
            Vectors.AddScaled(taste, models.Taste.UserFactors(row), 1f / rows.Length);
        }
        var users = Math.Max(1, data.Users.Count);
        return new([.. Enumerable.Range(0, models.Items).Select(item => (float)data.Training.ItemUsers[item] / users)], taste);
    }

    private static Shares Expected(Shares world, List<Shares> sides)
    {
        var (likes, taste) = ((float[])world.Likes.Clone(), (float[])world.Taste.Clone());
        foreach (var side in sides)
        {
            for (var item = 0; item < likes.Length; item++)
            {
                likes[item] = world.Likes[item] > 0 ? Math.Min(1, likes[item] * side.Likes[item] / world.Likes[item]) : 0;
            }
            Vectors.AddScaled(taste, side.Taste, 1);
            Vectors.AddScaled(taste, world.Taste, -1);
        }
        return new(likes, taste);
    }

    private Shares Estimate(PeopleGroup group, Shares parent)
    {
        int[] rows = [.. Sample([.. _members.Value.Where(member => group.Has(member.Group)).Select(member => member.Row)])];
        return rows.Length < 2 ? parent : new(Likes(rows, parent.Likes), Taste(rows, parent.Taste));
    }

    private float[] Likes(int[] rows, float[] parent)
    {
        var counts = new int[parent.Length];
        foreach (var user in rows)
        {
            var row = data.Training.Strengths.Row(user);
            for (var n = 0; n < row.Count; n++)
            {
                counts[row.Columns[n]] += row.Values[n] > 0 ? 1 : 0;
            }
        }
        var kappa = Kappa(counts, rows.Length, parent);
        return [.. counts.Select((count, item) => (float)((count + kappa * parent[item]) / (rows.Length + kappa)))];
    }

    private static double Kappa(int[] counts, int n, float[] parent)
    {
        double squares = 0, expected = 0;
        for (var item = 0; item < counts.Length; item++)
        {
            var mean = n * (double)parent[item];
            squares += (counts[item] - mean) * (counts[item] - mean);
            expected += mean * (1 - parent[item]);
        }
        var rho = expected > 0 ? (squares / expected - 1) / (n - 1) : 0;
        return rho <= 1 / LargestKappa ? LargestKappa : Math.Max(0, 1 / rho - 1);
    }

    private float[] Taste(int[] rows, float[] parent)
    {
        var (mean, squares) = (new float[parent.Length], 0.0);
        foreach (var row in rows)
        {
            var factors = models.Taste.UserFactors(row);
            Vectors.AddScaled(mean, factors, 1f / rows.Length);
            squares += Vectors.Dot(factors, factors);
        }
        var chance = (squares / rows.Length - Vectors.Dot(mean, mean)) / (rows.Length - 1);   // the squared error of a mean
        Vectors.AddScaled(mean, parent, -1);
        var distance = Vectors.Dot(mean, mean);
        var kept = distance > 0 ? Math.Max(0, 1 - chance / distance) : 0;
        var taste = (float[])parent.Clone();
        Vectors.AddScaled(taste, mean, (float)kept);
        return taste;
    }

    private static IEnumerable<int> Sample(int[] rows)
        => rows.Length <= MostAsked ? rows : Enumerable.Range(0, MostAsked).Select(n => rows[(long)n * rows.Length / MostAsked]);

    private sealed record Shares(float[] Likes, float[] Taste);
}
