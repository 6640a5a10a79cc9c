using System.Diagnostics.CodeAnalysis;
using Segue.Core;
using Segue.Events;
using Segue.Events.Compaction;
using Segue.Events.Log;
using Segue.Features.Trends;
using Segue.Models.Registry;
using Segue.Radio;
using Segue.Radio.Feed;
using Segue.Ranking.Learnt;
using Segue.Server.Music;

namespace Segue.Server.Stores;

/// <summary>An answer of the radio, given again.</summary>
/// <param name="Note">What the log kept of it.</param>
/// <param name="Told">What it was made from.</param>
/// <param name="Body">What would be sent.</param>
/// <param name="Differences">What is known to be other than on that day, a sentence each; empty when nothing is.</param>
public sealed record ReplayedAnswer(ListenerEvent Note, ToldAnswer Told, RadioAnswer Answer, byte[] Body, IReadOnlyList<string> Differences)
{
    public string Digest { get; } = AnswerNotes.DigestOf(Body);

    /// <summary>Whether the body is what was sent, byte for byte.</summary>
    public bool IsSame => Digest == Told.Digest;
}

/// <summary>Something that a past answer was made from is not kept any more.</summary>
public sealed class AnswerGoneException(string message) : Exception(message);

/// <summary>Gives past answers again: from the log as far as the answer knew it, the models of that day, and the clock of that moment.</summary>
/// <remarks>Cost: the models and their data are loaded as at a start, and the log is read once. Not in the log, and so as they are today: the profiles, the
/// imported data set, and of the music library which tracks it plays and how they sound.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose.")]
public sealed class AnswerReplay(OpenStore store)
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Gives an answer again. One at a time; others wait.</summary>
    /// <exception cref="AnswerGoneException">Something that the answer was made from is gone; the message says what.</exception>
    public async Task<ReplayedAnswer> RunAsync(RecommendationId recommendation, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await RunAloneAsync(recommendation, cancellation);
        }
        catch (ModelsMissingException gone)
        {
            throw new AnswerGoneException(gone.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<ReplayedAnswer> RunAloneAsync(RecommendationId recommendation, CancellationToken cancellation)
    {
        await store.Events.FlushAsync();   // its note may be on its way
        var log = store.Events.Log;
        var (note, told) = Find(recommendation);
        if (Math.Min(told.Began, told.LogEnd) < log.Start && log.Start > 0)
        {
            throw new AnswerGoneException(
                $"Answer {recommendation} was made from events from {Math.Min(told.Began, told.LogEnd):N0} on, and the log begins at {log.Start:N0}: the others were let go by \"segue log retain\".");
        }
        var (models, music) = Models(told.Model.Split('+')[0], cancellation);
        var learning = await LearningData.LoadForAsync(store.Parts, log, models, cancellation);
        var differences = new List<string>();
        if (models.Version != told.Model)
        {
            differences.Add($"The radio played models {told.Model}, which with today's music are {models.Version}.");
        }
        if (learning.LogEnd != told.LogEnd)
        {
            differences.Add($"Its data held the events before {told.LogEnd:N0}, today those before {learning.LogEnd:N0}.");
        }
        var time = new Moment(note.At);
        var options = new RadioOptions { Exploration = new() { Share = told.Explore ?? 0 }, TrendCounters = told.Counters ?? 0 };
        var repertoire = new Repertoire(learning.Data, models, options, time) { LogEnd = learning.LogEnd, Ranker = Ranker(told.Ranker, models) };
        if (music is not null)
        {
            repertoire.KeepOut(music.KeptOut());
            repertoire.Describe(music.Facts());
            repertoire.Sounds = new RadioSounds(store.Parts).Index(models, repertoire.Catalogue);
        }
        learning.TellStanding(repertoire, (_, _) => true);
        var station = new RadioStation(repertoire, options, new LiveCounts(), time);
        station.Follow(await TrendsAsync(note.At, told.Position, options.TrendCounters, cancellation));
        // The listener's other sittings of that day took what was told to them.
        var from = Math.Max(log.Start, Math.Min(Math.Min(told.Began, told.LogEnd), log.FirstSince(note.At - StationRecall.OldestSitting)));
        foreach (var logged in log.Read(from).TakeWhile(logged => logged.Offset < told.Position).Where(logged => logged.Event.Listener == note.Listener))
        {
            station.Recall(logged, store.Pseudonyms, since: DateTimeOffset.MinValue);
        }
        var answer = Repeat(station, note, told);
        var replayed = new ReplayedAnswer(note, told, answer, AnswerNotes.BodyOf(answer), differences);
        if (!replayed.IsSame && differences.Count == 0)
        {
            differences.Add("Profiles, the data set or the music may have changed, or this is another version of the program.");
        }
        return replayed;
    }

    private static RadioAnswer Repeat(RadioStation station, ListenerEvent note, ToldAnswer told)
    {
        try
        {
            return station.Repeat(new(Guid.Parse(note.Session!)), note.Recommendation!.Value, told.Count);
        }
        catch (NotKnownException)
        {
            throw new AnswerGoneException($"The start of sitting {note.Session}, event {told.Began:N0} of the log, is not there any more: it was erased.");
        }
    }

    private (ListenerEvent Note, ToldAnswer Told) Find(RecommendationId recommendation)
    {
        var log = store.Events.Log;
        foreach (var logged in log.Read(log.Start))
        {
            if (logged.Event.Recommendation == recommendation && SittingEvents.ToAnswer(logged.Event) is { } told)
            {
                return (logged.Event, told);
            }
        }
        throw new AnswerGoneException(
            $"The log has no note of answer {recommendation}. None is made of private sittings, of sittings of nobody and of lists outside sittings; notes go with their listener's erasure and with old segments (the log begins at event {log.Start:N0}).");
    }

    private (ModelSet Models, StoreMusic? Music) Models(string version, CancellationToken cancellation)
    {
        var music = new StoreMusic(store.Parts) is { Exists: true } library ? library : null;
        var models = music is not null && !store.Parts.Models.Versions().Contains(version) && store.Parts.SoundModels.Current() == version
            ? music.SoundSet()
            : store.Parts.Models.Load(version);
        if (music?.NewTo(models, new(models.Rows?.Items ?? store.Parts.Store.ReadCatalogue()), threads: 1, cancellation) is ({ Count: > 0 } tracks, { } places))
        {
            models = models.WithTracks(tracks, places);
        }
        return (models, music);
    }

    private LearntRanker? Ranker(string? version, ModelSet models)
    {
        if (version is null)
        {
            return null;
        }
        var path = store.Parts.Rankers.PathOf(version);
        if (!File.Exists(path))
        {
            throw new AnswerGoneException($"The radio ordered by ranker {version}, which is kept no more.");
        }
        try
        {
            using var file = File.OpenRead(path);
            return RankingModels.Load(file, file.Name).For(models.Published) is { } model
                ? new(model, version)
                : throw new AnswerGoneException($"The radio ordered by ranker {version}, which was not learnt for models {models.Published}.");
        }
        catch (InvalidDataException fault)
        {
            throw new AnswerGoneException($"The radio ordered by ranker {version}, which cannot be used any more: {fault.Message}");
        }
    }

    // Compacted files tell no offsets: what the log has too is counted from there.
    private async Task<LiveTrends> TrendsAsync(DateTimeOffset at, long position, int counters, CancellationToken cancellation)
    {
        var (log, since) = (store.Events.Log, at - LiveTrends.Memory);
        var compacted = await CompactedEvents.OpenAsync(store.Parts.Objects, cancellation);
        var logged = log.Read(log.Start).TakeWhile(told => told.Offset < compacted.Manifest.Offset).Select(told => told.Event.Key).ToHashSet();
        var trends = new LiveTrends(counters);
        trends.Know(store.Parts.Profiles());
        if (compacted.Manifest.Days.Count > 0)
        {
            await foreach (var happened in compacted.ReadAsync(from: since, cancellation: cancellation))
            {
                if (!logged.Contains(happened.Key))
                {
                    trends.Apply(happened);
                }
            }
        }
        foreach (var told in log.Read(log.Start).TakeWhile(told => told.Offset < position).Where(told => told.Event.At >= since))
        {
            trends.Apply(told.Event);
        }
        return trends;
    }

    private sealed class Moment(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
