using System.Collections.Concurrent;
using Segue.Core;

namespace Segue.Server;

/// <summary>Counts what listeners are shown and do; nothing about any one of them is kept. Safe for any number of callers.</summary>
/// <remarks>Counts begin at 0 with the process. A sitting without a listener sends no feedback and so is not counted.</remarks>
public sealed class LiveCounts : IFeedbackSink
{
    private readonly ConcurrentDictionary<string, long> _impressionsBySource = new(StringComparer.Ordinal);
    private long _listens, _kept, _skips, _votesUp, _votesDown;

    /// <summary>Tracks shown, by the candidate generator that brought them. One shown again in a later plan counts again.</summary>
    public IReadOnlyDictionary<string, long> ImpressionsBySource
        => new SortedDictionary<string, long>(_impressionsBySource, StringComparer.Ordinal);

    /// <summary>Tracks that were begun.</summary>
    public long Listens => Interlocked.Read(ref _listens);

    /// <summary>Listens of which less than a quarter was heard.</summary>
    public long Skips => Interlocked.Read(ref _skips);
    public long VotesUp => Interlocked.Read(ref _votesUp);
    public long VotesDown => Interlocked.Read(ref _votesDown);

    /// <summary>Listens heard to at least nine tenths ÷ all listens; null before the first.</summary>
    public double? KeptShare => Listens is var listens and > 0 ? (double)Interlocked.Read(ref _kept) / listens : null;

    public void Shown(IReadOnlyList<Impression> impressions)
    {
        foreach (var impression in impressions)
        {
            _impressionsBySource.AddOrUpdate(impression.Source, 1, (_, count) => count + 1);
        }
    }

    public void Heard(Listen listen)
    {
        if (listen.Completion == Completion.Full)
        {
            Interlocked.Increment(ref _kept);
        }
        else if (listen.Completion == Completion.Skipped)
        {
            Interlocked.Increment(ref _skips);
        }
        Interlocked.Increment(ref _listens);   // last, so that no reader sees a share above 1
    }

    public void Voted(Vote vote)
    {
        if (vote.Value == VoteValue.Up)
        {
            Interlocked.Increment(ref _votesUp);
        }
        else if (vote.Value == VoteValue.Down)
        {
            Interlocked.Increment(ref _votesDown);
        }
    }
}
