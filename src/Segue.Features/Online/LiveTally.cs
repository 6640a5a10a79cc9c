using Segue.Core;
using Segue.Features.Snapshots;

namespace Segue.Features.Online;

/// <summary>The days on which something was active, and its first and last moment, counted on from a snapshot.</summary>
internal sealed class LiveDays
{
    // Bit n of the mask: active on the day n days before the newest that was seen.
    private const int Kept = 63;
    private DateTimeOffset? _first, _last;
    private long _days, _mask, _newest;

    public LiveDays(ActiveTime known, DateTimeOffset asOf)
        => (_first, _last, _days, _mask, _newest) = (known.FirstAt, known.LastAt, known.Days, known.RecentDays, asOf.UtcTicks / TimeSpan.TicksPerDay);

    public DateTimeOffset? Last => _last;

    public ActiveTime Value => new(_first, _last, _days);

    /// <summary>A moment more than <see cref="Kept"/> days before the newest adds no day: nobody knows whether it is counted.</summary>
    public void Add(DateTimeOffset at)
    {
        _first = _first is null || at < _first ? at : _first;
        _last = _last is null || at > _last ? at : _last;
        var day = at.UtcTicks / TimeSpan.TicksPerDay;
        if (day > _newest)
        {
            _mask = day - _newest < Kept ? _mask << (int)(day - _newest) & long.MaxValue : 0;
            _newest = day;
        }
        var bit = _newest - day < Kept ? 1L << (int)(_newest - day) : 0;
        if (bit != 0 && (_mask & bit) == 0)
        {
            _mask |= bit;
            _days++;
        }
    }
}

/// <summary>A <see cref="PlayTally"/> that grows.</summary>
internal sealed class LiveTally(PlayTally known)
{
    private long _plays = known.Plays, _skips = known.Skips, _partial = known.Partial, _full = known.Full, _unknown = known.Unknown;
    private long _heardKnown = known.HeardKnown, _heardMs = known.HeardMs;
    private Int128 _squares = known.HeardSquares;

    public PlayTally Value => new(_plays, _skips, _partial, _full, _unknown, _heardKnown, _heardMs, _squares);

    public void Add(Completion? completion, long? heardMs)
    {
        _plays++;
        switch (completion)
        {
            case Completion.Skipped: _skips++; break;
            case Completion.Partial: _partial++; break;
            case Completion.Full: _full++; break;
            default: _unknown++; break;
        }
        if (heardMs is { } heard)
        {
            _heardKnown++;
            _heardMs += heard;
            _squares += (Int128)heard * heard;
        }
    }
}

/// <summary>A vote or a follow: of two the newer holds, of equal times that with the greater key.</summary>
internal readonly record struct Held(sbyte Value, DateTimeOffset At, UInt128 Key)
{
    public bool IsOlderThan(DateTimeOffset at, UInt128 key) => At < at || (At == at && Key < key);
}
