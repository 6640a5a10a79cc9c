using Segue.Events.Compaction;
using Segue.Events.Log;
using Segue.Models.Registry;
using Segue.Ranking.Learnt;

namespace Segue.Server.Stores;

/// <summary>What rankers learn from a whole store: shown tracks with what became of them.</summary>
public static class RankingData
{
    /// <summary>The newest rows, in the order of time.</summary>
    /// <param name="log">Null where another process has it open: then only compacted events are learnt.</param>
    /// <param name="most">So many at most; memory holds about 1 kB for each.</param>
    public static async Task<IReadOnlyList<RankingRow>> LoadAsync(StoreParts store, EventLog? log, int most, CancellationToken cancellation)
    {
        var compacted = await CompactedEvents.OpenAsync(store.Objects, cancellation);
        var (join, rows) = (new ImpressionJoin(), new Queue<RankingRow>());
        await foreach (var told in LearningData.ReadAsync(compacted, log, log?.End ?? 0, cancellation))
        {
            Keep(join.Take(told), rows, most);
        }
        Keep(join.End(), rows, most);
        return [.. rows.OrderBy(row => row.At)];   // stable: what was shown at one moment stays in the order of the log
    }

    /// <summary>The row of a shown track in a model set; null where another version showed it, or the set lacks the track.</summary>
    public static Func<RankingRow, int?> RowsIn(ModelSet models)
    {
        var rows = new Dictionary<Core.TrackId, int>();
        for (var row = 0; row < (models.Rows?.Items.Count ?? 0); row++)
        {
            rows[models.Rows!.Items[row].Id] = row;
        }
        return shown => ModelSet.PublishedOf(shown.ModelVersion) == models.Published && rows.TryGetValue(shown.Track, out var row) ? row : null;
    }

    private static void Keep(IEnumerable<RankingRow> found, Queue<RankingRow> rows, int most)
    {
        foreach (var row in found)
        {
            rows.Enqueue(row);
            if (rows.Count > most)
            {
                rows.Dequeue();
            }
        }
    }
}
