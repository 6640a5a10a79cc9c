using Segue.Core;
using Segue.Events.Doors;
using Segue.Radio.Feed;

namespace Segue.Server;

/// <summary>Counts what listeners do, and sends impressions to the event log. Listens and votes reach the log before the radio, so they are only
/// counted here.</summary>
/// <remarks>An answer does not wait for its impressions: they are in the log with the next commit, at most some 50 ms later.</remarks>
public sealed class LoggedFeedback(LiveCounts counts, EventPipeline events) : IFeedbackSink
{
    public void Shown(IReadOnlyList<Impression> impressions)
    {
        counts.Shown(impressions);
        events.KeepLater([.. impressions.Select(EventFeed.ToEvent)]);
    }

    public void Heard(Listen listen) => counts.Heard(listen);
    public void Voted(Vote vote) => counts.Voted(vote);
}
