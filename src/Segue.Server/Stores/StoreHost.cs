using System.Diagnostics.CodeAnalysis;
using Segue.Core;
using Segue.Events;
using Segue.Events.Compaction;
using Segue.Features.Online;
using Segue.Features.Snapshots;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio;
using Segue.Radio.Feed;
using Segue.Retrieval.Lists;
using Segue.Server.Music;

namespace Segue.Server.Stores;

/// <summary>A store on the air: its events go into the log, the radio and the live features follow the log, and runs of the ETL are made while it
/// serves.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose.")]
public sealed partial class StoreHost(OpenStore store, OnAir onAir, TimeProvider time)
{
    private readonly SemaphoreSlim _oneRun = new(1), _oneMaking = new(1), _oneTaking = new(1);
    private readonly StoreMusic _music = new(store.Parts);
    private readonly RadioSounds _sounds = new(store.Parts);
    private Action<LoggedEvent>? _featuresFollow;
    private volatile string? _soundTaken;
    private long _musicTaken = -1;
    private LearningData? _learning;

    public OpenStore Store => store;
    public LiveFeatures? Features { get; private set; }

    /// <summary>What trends among the listeners.</summary>
    public StoreTrends Trends { get; } = new(store, time, onAir.Radio.TrendCounters);

    /// <summary>Gives past answers again.</summary>
    public AnswerReplay Replay { get; } = new(store);

    /// <summary>What orders the radio's lists.</summary>
    public ServedRanker Ranker { get; } = new(store.Parts.Rankers, onAir);

    /// <summary>The lists made beforehand.</summary>
    public ServedLists Lists { get; } = new(store.Parts.Layout.ListsFile);

    /// <summary>Takes the published models into use: puts the radio on the air, or, where it is, lets it and its sittings go on with them. Nothing
    /// happens where they are in use already.</summary>
    /// <exception cref="ModelsMissingException">Nothing was trained yet.</exception>
    /// <exception cref="InvalidDataException">A model is damaged; those before it stay in use.</exception>
    public async Task OpenRadioAsync(CancellationToken cancellation)
    {
        await _oneRun.WaitAsync(cancellation);   // an erasure meanwhile would not reach what is read here
        try
        {
            if (onAir.Station is { } before && before.PublishedVersion == Published())
            {
                return;
            }
            var options = onAir.Radio;
            var models = store.Parts.Models.Current() is null ? _music.SoundSet() : store.Parts.Models.OpenCurrent();   // their factors are proved while the rest is read
            models = WithMusic(models, cancellation);   // before anything is told: what listeners did with new tracks counts too
            var learning = await LearningData.LoadForAsync(store.Parts, store.Events.Log, models, cancellation);
            var repertoire = new Repertoire(learning.Data, models, options, time) { LogEnd = learning.LogEnd };
            Guarded(() =>
            {
                repertoire.KeepOut(_music.KeptOut());
                repertoire.Describe(_music.Facts());
                repertoire.Sounds = _sounds.Index(models, repertoire.Catalogue);
            });
            Ranker.Offer(repertoire);
            store.Recognize(models.Rows?.Users ?? []);
            var next = new RadioStation(repertoire, options, new LoggedFeedback(onAir.Counts, store.Events), time) { Answered = new AnswerNotes(store.Events).Keep };
            repertoire.Prepare();
            var recall = State.Recall(next, learning, time.GetUtcNow(), onAir.Logger);
            await models.Verified;
            if (onAir.Station is { } station)
            {
                await store.Events.RunAsync(_ =>
                {
                    recall.ToEnd();
                    station.GoOnAs(next);
                    return true;
                });
                onAir.Homes.Clear();
            }
            else
            {
                if (Trends.Current is { } trends)
                {
                    next.Follow(trends);
                }
                await store.Events.FollowAsync(recall.Position, logged =>
                {
                    next.Take(logged, store.Pseudonyms);
                    onAir.Homes.Follow(logged.Event);
                });
                onAir.Open(next);
            }
            _learning = learning;
            Lists.Load(models.Published);
            Guarded(() => AddMusic(onAir.Station!, cancellation));
        }
        finally
        {
            _oneRun.Release();
        }
    }

    /// <summary>The version that the radio is to have: of taste, or of sound where nobody was listened to yet; null where there is neither.</summary>
    public string? Published() => store.Parts.Models.Current() ?? (_music.Exists ? store.Parts.SoundModels.Current() : null);

    /// <summary>The published sound model, where it was not taken into use yet; else null.</summary>
    public string? NewSound() => _music.Exists && store.Parts.SoundModels.Current() is { } version && version != _soundTaken ? version : null;

    /// <summary>A number that is another one when another process has scanned since music was taken into use; null while nobody has.</summary>
    public long? NewMusic() => _music.Exists && store.Parts.Sound.WrittenByOthers() is var version && version != Interlocked.Read(ref _musicTaken) ? version : null;

    /// <summary>Takes what the music library has by now into use: every track gets its vector, new ones their place in the radio, which goes on the air where it
    /// was not. Nothing happens where there are too few tracks to compare.</summary>
    /// <exception cref="Audio.Onnx.OnnxMissingException">Tracks lack the layer of the model's backbone, and ONNX Runtime's library is not on this machine.</exception>
    public async Task TakeMusicAsync(HearAgain hear, int threads, CancellationToken cancellation)
    {
        await _oneTaking.WaitAsync(cancellation);
        try
        {
            if (_music.Exists)
            {
                Interlocked.Exchange(ref _musicTaken, store.Parts.Sound.WrittenByOthers());
            }
            if (_music.Exists && _music.Prepare(hear, threads, progress: null, cancellation) is null && onAir.Station is null)
            {
                return;
            }
            if (onAir.Station is { } station && station.PublishedVersion == Published())
            {
                await AddMusicAsync(station, cancellation);
            }
            else
            {
                await OpenOrAddAsync(cancellation);
            }
        }
        finally
        {
            _oneTaking.Release();
        }
    }

    // Models that cannot be opened must not keep music from the radio that is on the air.
    private async Task OpenOrAddAsync(CancellationToken cancellation)
    {
        try
        {
            await OpenRadioAsync(cancellation);
        }
        catch (InvalidDataException fault) when (onAir.Station is not null)
        {
            onAir.Logger.LogError(fault, "Models of version {Version} cannot be used; the music joins the radio of version {Before}.", Published(), onAir.Station.ModelVersion);
            await AddMusicAsync(onAir.Station, cancellation);
        }
    }

    private ModelSet WithMusic(ModelSet models, CancellationToken cancellation)
    {
        var grown = models;
        Guarded(() =>
        {
            var (tracks, places) = _music.NewTo(models, new(models.Rows?.Items ?? store.Parts.Store.ReadCatalogue()), Math.Max(1, Workers.Default / 2), cancellation);
            grown = tracks.Count > 0 ? models.WithTracks(tracks, places) : models;
        });
        return grown;
    }

    // A radio that is sound must not fail for what is wrong with its music.
    private void Guarded(Action use)
    {
        try
        {
            if (_music.Exists)
            {
                use();
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or Microsoft.Data.Sqlite.SqliteException or IOException)
        {
            onAir.Logger.LogError(fault, "The music library cannot be used; the radio goes on without what it would add.");
        }
    }

    private async Task AddMusicAsync(RadioStation station, CancellationToken cancellation)
    {
        await _oneRun.WaitAsync(cancellation);
        try
        {
            AddMusic(station, cancellation);
        }
        finally
        {
            _oneRun.Release();
        }
    }

    // What listeners do meanwhile is known to both repertoires.
    private void AddMusic(RadioStation station, CancellationToken cancellation)
    {
        if (!_music.Exists)
        {
            return;
        }
        var threads = Math.Max(1, Workers.Default / 2);   // whoever listens meanwhile must not wait
        var repertoire = station.Repertoire;
        var (tracks, places) = _music.NewTo(repertoire.Models, repertoire.Catalogue, threads, cancellation);
        var keptOut = _music.KeptOut();
        if (tracks.Count > 0)
        {
            repertoire = repertoire.WithTracks(tracks, places);
        }
        repertoire.KeepOut(keptOut);
        repertoire.Describe(_music.Facts());
        repertoire.Sounds = _sounds.Index(repertoire.Models, repertoire.Catalogue);
        station.Use(repertoire);
        onAir.Homes.Clear();
        _soundTaken = store.Parts.SoundModels.Current();
        onAir.Sounds.Use(_music.Sounds(repertoire.Catalogue, threads, cancellation));
    }

    /// <summary>Makes every listener's list anew and serves from it. One making at a time; the radio goes on meanwhile.</summary>
    /// <param name="length">Tracks of a list, 1 to <see cref="ListenerLists.MaxLength"/>.</param>
    /// <returns>Null when a making is under way, or when other models were published meanwhile: then there is nothing new.</returns>
    /// <exception cref="NotOnAirException">There are no models yet.</exception>
    public async Task<ListReport?> MakeListsAsync(int length, CancellationToken cancellation)
    {
        var repertoire = onAir.Station?.Repertoire ?? throw new NotOnAirException();
        if (!await _oneMaking.WaitAsync(TimeSpan.Zero, cancellation))
        {
            return null;
        }
        try
        {
            // Half of the processors: whoever listens meanwhile must not wait.
            var maker = new ListMaker(store.Parts.Layout.ListsFile, repertoire, length, Math.Max(1, Workers.Default / 2));
            var report = await Task.Run(() => maker.Draft(lastSeen: null, since: default, time.GetUtcNow(), Lists, cancellation), cancellation);
            await _oneRun.WaitAsync(CancellationToken.None);   // who is erased meanwhile is in the draft, and then there are other models
            try
            {
                if (!maker.Publish(store.Parts.Models.Current()))
                {
                    return null;
                }
                Lists.Load(repertoire.Models.Published);
                return report;
            }
            finally
            {
                _oneRun.Release();
            }
        }
        finally
        {
            Lists.Report(1);
            _oneMaking.Release();
        }
    }

    /// <summary>Takes the published snapshot of features into use; nothing happens where there is none.</summary>
    public async Task LoadFeaturesAsync(CancellationToken cancellation)
    {
        var current = await new FeatureStore(store.Parts.Objects, store.Parts.WorkFolder).CurrentAsync(cancellation);
        var compacted = await CompactedEvents.OpenAsync(store.Parts.Objects, cancellation);
        if (current is null || current.Offset != compacted.Manifest.Offset)
        {
            return;   // a run was cut off between compaction and features: the next one mends it
        }
        var live = LiveFeatures.Start(await FeatureSnapshot.OpenAsync(store.Parts.Objects, current.Version, cancellation), cancellation);
        var manifest = await FeatureManifest.ReadAsync(store.Parts.Objects, current.Version, cancellation);
        await foreach (var later in compacted.ReadAsync(from: manifest.AsOf, cancellation: cancellation))
        {
            live.Apply(later);
        }
        void Follow(LoggedEvent logged) => live.Apply(logged.Event);
        await store.Events.FollowAsync(current.Offset, Follow);
        Features = live;
        if (_featuresFollow is { } before)
        {
            store.Events.Unfollow(before);
        }
        _featuresFollow = Follow;
    }

    /// <summary>Counts what trends from the events that are kept, and lets the radio offer it.</summary>
    public async Task LoadTrendsAsync(CancellationToken cancellation)
    {
        await Trends.LoadAsync(cancellation);
        onAir.Station?.Follow(Trends.Current!);
    }

    /// <summary>Compacts the log, builds and publishes features as of now, and takes them into use. One run at a time.</summary>
    /// <param name="keep">So many of the newest snapshots stay.</param>
    public async Task<EtlResult> RunEtlAsync(int keep, CancellationToken cancellation)
    {
        await _oneRun.WaitAsync(cancellation);
        try
        {
            var result = await store.RunEtlAsync(from: null, to: null, keep, progress: null, cancellation);
            await LoadFeaturesAsync(cancellation);
            Trends.KnowProfiles();
            onAir.Station?.Repertoire.People.Know(store.Parts.Profiles());
            return result;
        }
        finally
        {
            _oneRun.Release();
        }
    }

    /// <summary>Forgets what a listener did lately: the log, its compacted files and the radio at once, counts in a published snapshot with its next
    /// build.</summary>
    /// <returns>How many events went.</returns>
    public async Task<long> ForgetSinceAsync(string account, TimeSpan lately)
    {
        var (listener, since) = (store.Pseudonyms.Of(account), time.GetUtcNow() - lately);
        await _oneRun.WaitAsync();
        try
        {
            State.Delete();
            var removed = await store.Events.RunAsync(log =>
            {
                var report = log.Erase(new HashSet<ListenerId> { listener }, since);
                if (onAir.Station is { } station && _learning is { } learning)
                {
                    station.Restart(listener);
                    learning.TellStanding(station.Repertoire, (whose, at) => whose == listener && at < since);
                    foreach (var logged in log.Read(learning.LogEnd).Where(logged => logged.Event.Listener == listener))
                    {
                        station.Repertoire.Take(logged.Event);   // nobody is told again, and no sitting is left to follow
                    }
                }
                return report.Events;
            });
            onAir.Homes.Clear();
            var compacted = await new EventCompactor(store.Parts.Objects, store.Parts.WorkFolder).EraseAsync([listener], since);
            await LoadFeaturesAsync(CancellationToken.None);
            await LoadTrendsAsync(CancellationToken.None);
            return Math.Max(removed, compacted.Rows);   // an event may lie in both
        }
        finally
        {
            _oneRun.Release();
        }
    }

    /// <summary>Takes a listener out of everything: the radio and the live features within a moment, the store's files in the same call.</summary>
    public async Task<ErasureReceipt> EraseAsync(string account, CancellationToken cancellation)
    {
        var erasure = new ListenerErasure(store, time);
        var listeners = erasure.ListenersOf(account);
        Forget(listeners);
        await _oneRun.WaitAsync(cancellation);
        try
        {
            var receipt = await erasure.EraseAsync(account, cancellation);
            Lists.Load(store.Parts.Models.Current());
            await store.Events.RunAsync(_ =>   // once more, for what was on its way into the log while it was erased
            {
                Forget(listeners);
                onAir.Homes.Clear();
                return true;
            });
            await LoadTrendsAsync(CancellationToken.None);
            return receipt;
        }
        finally
        {
            _oneRun.Release();
        }
    }
}
