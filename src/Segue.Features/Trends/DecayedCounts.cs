using System.Numerics;
using Segue.Numerics;

namespace Segue.Features.Trends;

/// <summary>What tracks weigh in regions when every event counts half after a half-life: exact counts, no sketch.</summary>
/// <remarks>
/// Forward decay: Cormode, Shkapenyuk, Srivastava and Xu, "Forward Decay: A Practical Time Decay Model for Streaming Systems", ICDE 2009.
/// An event at t adds 2^((t - t₀) ÷ half-life); a weight at T is the sum ÷ 2^((T - t₀) ÷ half-life), so time passing changes nothing that is kept. t₀ is
/// the beginning of an epoch of 32 half-lives; a region enters the next one with its first event there, by a multiplication with 2⁻³² that rounds nothing.
/// Sums are floats: a weight is exact to 6·10⁻⁸ of it for each event, and stops growing at 2²⁴ equal events within a half-life. The
/// order of events that add to one track matters in the last bits only. Cost: one 2^x and one probe an event; about 15 bytes a pair of region and
/// track. Not thread-safe.
/// </remarks>
public sealed class DecayedCounts
{
    private const int HalvesOfEpoch = 32;
    private const double Ln2 = 0.6931471805599453;
    private readonly List<ITrendTable?> _regions = [];
    private readonly double _halfLifeTicks;
    private readonly int _most, _counters;
    private readonly float _least, _floor;

    /// <param name="halfLife">Positive: after this long an event counts half.</param>
    /// <param name="most">So many heaviest tracks of each region are kept at hand, 1 to 1000.</param>
    /// <param name="least">In events of now, not below the floor: a lighter track is not among the heaviest.</param>
    /// <param name="floor">In (0, 1), in events of now: a pair that weighs less may be forgotten.</param>
    /// <param name="counters">So many tracks of a region are counted at once, at least as many as are kept at hand, and weights are lower bounds (see <see cref="SmallTrendTable"/>); 0: all, exactly.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public DecayedCounts(TimeSpan halfLife, int most, float least, float floor, int counters = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(halfLife, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, 1000);
        if (counters != 0 && (counters < most || counters > LiveTrends.MostCounters))
        {
            throw new ArgumentOutOfRangeException(nameof(counters), counters, $"counters is {counters}; it is 0 or {most} to {LiveTrends.MostCounters}.");
        }
        if (!(floor is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(floor), floor, $"floor is {floor}; it lies between 0 and 1, both excluded.");
        }
        if (!(least >= floor && float.IsFinite(least)))
        {
            throw new ArgumentOutOfRangeException(nameof(least), least, $"least is {least}; it is at least the floor, {floor}.");
        }
        (_halfLifeTicks, _most, _least, _floor, _counters) = (halfLife.Ticks, most, least, floor, (int)BitOperations.RoundUpToPowerOf2((uint)counters));
    }

    /// <summary>Pairs of region and track that have a place in memory.</summary>
    public long Pairs => _regions.Sum(table => table?.Count ?? 0L);

    /// <summary>Bytes of all tables.</summary>
    public long Bytes => _regions.Sum(table => table?.Bytes ?? 0L);

    /// <summary>Counts one event.</summary>
    /// <param name="region">From 0; memory grows with the greatest.</param>
    /// <param name="track">From 0.</param>
    /// <param name="amount">In (0, 1].</param>
    /// <param name="at">When it happened; an event more than an epoch older than its region's newest weighs nothing.</param>
    public void Add(int region, int track, float amount, DateTimeOffset at) => Add(region, track, amount, MomentOf(at));

    /// <summary>The same, for a moment that several regions share.</summary>
    internal void Add(int region, int track, float amount, DecayMoment at)
    {
        while (region >= _regions.Count)
        {
            _regions.Add(null);
        }
        var table = _regions[region] ??= _counters > 0 ? new SmallTrendTable(_counters, _most) : new TrendTable(_most, _least, _floor);
        if (table.Epoch < at.Epoch)
        {
            table.MoveTo(at.Epoch, table.Epoch == at.Epoch - 1 ? MathF.ScaleB(1, -HalvesOfEpoch) : 0, at.Unit);
        }
        if (table.Epoch == at.Epoch)
        {
            table.Add(track, amount * at.Unit, at.Unit);
        }
        else if (table.Epoch == at.Epoch + 1)
        {
            table.Add(track, MathF.ScaleB(amount * at.Unit, -HalvesOfEpoch), MathF.ScaleB(at.Unit, -HalvesOfEpoch));
        }
    }

    /// <summary>Asks for the memory that an event will need some events later.</summary>
    public void Prefetch(int region, int track)
    {
        if (region < _regions.Count)
        {
            _regions[region]?.Prefetch(track);
        }
    }

    /// <summary>The heaviest tracks of a region, heaviest first, equal ones by lower track; at most <c>most</c>, none below <c>least</c>.</summary>
    /// <param name="now">Their weights are as of this moment.</param>
    public IReadOnlyList<ScoredItem> Heaviest(int region, DateTimeOffset now)
    {
        if (region >= _regions.Count || _regions[region] is not { } table)
        {
            return [];
        }
        var (epoch, unit) = MomentOf(now);
        var scale = (float)(double.ScaleB(1, (int)Math.Clamp((table.Epoch - epoch) * HalvesOfEpoch, -1000, 1000)) / unit);
        List<ScoredItem> heaviest = [.. table.Heaviest().Select(pair => new ScoredItem(pair.Track, pair.Weight * scale)).Where(pair => pair.Score >= _least)];
        heaviest.Sort(ScoredItem.BestFirst);
        return heaviest;
    }

    internal DecayMoment MomentOf(DateTimeOffset at)
    {
        var halves = (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / _halfLifeTicks;
        var epoch = Math.Floor(halves / HalvesOfEpoch);
        return new((long)epoch, (float)Math.Exp((halves - (epoch * HalvesOfEpoch)) * Ln2));
    }
}

/// <summary>A moment as <see cref="DecayedCounts"/> counts it.</summary>
/// <param name="Unit">What an event of it weighs in the unit of its epoch.</param>
internal readonly record struct DecayMoment(long Epoch, float Unit);
