using System.Collections.Concurrent;
using Segue.Core;

namespace Segue.Radio.Tests;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingSink : IFeedbackSink
{
    public ConcurrentQueue<Impression> Impressions { get; } = [];
    public ConcurrentQueue<Listen> Listens { get; } = [];
    public ConcurrentQueue<Vote> Votes { get; } = [];

    public void Shown(IReadOnlyList<Impression> impressions)
    {
        foreach (var impression in impressions)
        {
            Impressions.Enqueue(impression);
        }
    }

    public void Heard(Listen listen) => Listens.Enqueue(listen);
    public void Voted(Vote vote) => Votes.Enqueue(vote);
}
