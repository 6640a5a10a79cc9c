using Segue.Numerics;
using Segue.Radio;
using Segue.Radio.State;

namespace Segue.Server.Stores;

/// <summary>What the radio of a store knows of its listeners, saved now and then, so that a start reads the log from there on.</summary>
/// <remarks>For one caller at a time, while the models in use stay the same.</remarks>
public sealed class ServedState(OpenStore store)
{
    private readonly StateFolder _folder = new(store.Parts.Layout.State);
    private (string? Models, long From) _saved;
    private long _logFrom;

    /// <summary>Lets a station that is on no air know what lies in the log by now: by what was saved where that is of use, else by the log alone.</summary>
    /// <returns>What tells it the rest.</returns>
    internal StationRecall Recall(RadioStation station, LearningData learning, DateTimeOffset now, ILogger logger)
    {
        var recall = new StationRecall(store, station, learning.LogEnd, now);
        if (Directory.Exists(store.Parts.Layout.State))
        {
            _folder.DropDraft();
        }
        _logFrom = recall.Start;
        if (Restore(station, recall.Since, logger) is { } position)
        {
            _saved = (station.ModelVersion, position);
            recall.GoOnFrom(position);
            logger.LogInformation("The saved state of listeners is in use; the log is read from event {Position} on.", position);
        }
        else
        {
            _saved = default;
            learning.TellStanding(station.Repertoire, (_, _) => true);
        }
        recall.ToEnd();   // the greatest part of the log is read beside those who write
        return recall;
    }

    /// <summary>Events that a start would have to read now.</summary>
    public long Behind(RadioStation station) => store.Events.Log.End - (_saved.Models == station.ModelVersion && _folder.Newest() is not null ? _saved.From : _logFrom);

    /// <summary>Saves what a station knows. Events go on meanwhile; each waits for the copying of one part at most.</summary>
    /// <exception cref="IOException">The disk refused it; what was saved before stands.</exception>
    public async Task SaveAsync(RadioStation station, CancellationToken cancellation)
    {
        var from = await station.SaveAsync(
            _folder, store.Pseudonyms,
            work => store.Events.RunAsync(log =>
            {
                work(log.End);
                return true;
            }),
            KeyBefore, cancellation);
        _saved = (station.ModelVersion, from);
    }

    /// <summary>Deletes what was saved: it tells of what is to be forgotten.</summary>
    public void Delete() => _folder.Clear();

    private long? Restore(RadioStation station, DateTimeOffset since, ILogger logger)
    {
        if (_folder.Newest() is not { } path)
        {
            return null;
        }
        try
        {
            var saved = SavedState.Open(path, Workers.Default);
            if (saved.End <= store.Events.Log.End && KeyBefore(saved.End) == saved.EndKey && station.Restore(saved, store.Pseudonyms, since))
            {
                return saved.Position;
            }
            logger.LogInformation("The saved state of listeners is one of other models, tracks or events; the log is read in its place.");
            return null;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The saved state of listeners cannot be used, and the log is read in its place: {Fault}", fault.Message);
            return null;
        }
    }

    // Another log, as one that was brought back from a copy, has another event there.
    private UInt128 KeyBefore(long offset)
        => offset > store.Events.Log.Start && store.Events.Log.Read(offset - 1).FirstOrDefault() is { Event: not null } last && last.Offset == offset - 1 ? last.Event.Key.Value : 0;
}
