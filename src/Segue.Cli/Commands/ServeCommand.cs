using System.CommandLine;
using System.Globalization;
using Segue.Audio.Decoding;
using Segue.Features.Trends;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Retrieval.Lists;
using Segue.Server;
using Segue.Server.Music;
using Segue.Server.Sound;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue serve --store STORE</c>: the radio over HTTP, on the models that were trained last (new ones are taken
/// up as they are published), and the doors for events. Exit code 2: no store,
/// or the address cannot be used.</summary>
internal static class ServeCommand
{
    /// <param name="analyzers">Makes the analyzers of a plan; null: this program listens to no music.</param>
    public static Command Create(Func<WindowPlan, TrackAnalyzers>? analyzers = null)
    {
        var (options, keep) = (new StoreOptions(), new SnapshotsOption());
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => ServerOptions.DefaultUrls };
        var hours = new Option<double>("--etl-every")
        {
            Description = "Hours from one run of the ETL (see segue etl) to the next, also over restarts, 0.01 to 8760; 0: never.",
            DefaultValueFactory = _ => 24,
        };
        var lists = new Option<double>("--lists-every")
        {
            Description = "Hours until lists made beforehand (see segue lists) are made anew, 0.01 to 8760; with new models at once; 0: only on demand.",
            DefaultValueFactory = _ => 24,
        };
        var trainings = new Option<double>("--train-sound")
        {
            Description = "Hours from one training of the sound model inside the server to the next (see segue train sound), also over restarts, 0.01 to 8760; 0: by command only.",
            DefaultValueFactory = _ => 0,
        };
        var length = new Option<int>("--list-length") { Description = $"Tracks of such a list, 1 to {ListenerLists.MaxLength}.", DefaultValueFactory = _ => 100 };
        var explore = new Option<double>("--explore") { Description = "Share of the radio's places that go to tracks few have heard, 0 to 0.5.", DefaultValueFactory = _ => 0.05 };
        var counters = new Option<int>("--trend-counters")
        {
            Description = $"Tracks of a city or country counted at once for what trends, {LiveTrends.MostTracks} to {LiveTrends.MostCounters}: memory is bounded, and weights are lower bounds; 0: all, exactly.",
            DefaultValueFactory = _ => 0,
        };
        var byHand = new Option<bool>("--no-ranker") { Description = "Order lists by the hand-weighted score, though a ranker was learnt (see segue train ranker)." };
        var saveAfter = new Option<long>("--save-after")
        {
            Description = "Save what the radio knows of its listeners when a start would have to read so many events of the log; 0: never.",
            DefaultValueFactory = _ => 2_000_000,
        };
        var command = new Command("serve", "Serve the radio and recommendations of a store over HTTP, and take events.") { urls, hours, lists, length, trainings, explore, counters, byHand, saveAfter };
        var music = analyzers is null ? null : new MusicFolders(new(analyzers));
        options.AddTo(command);
        keep.AddTo(command);
        music?.AddTo(command);
        command.RunsAs(async (line, cancellation) =>
        {
            var output = line.InvocationConfiguration.Output;
            StoreHost? serving = null;
            ListeningAgain? again = null;
            var settings = new ServerOptions
            {
                Urls = line.GetRequiredValue(urls),
                EtlEvery = Every(line.GetValue(hours), "--etl-every"),
                KeepSnapshots = keep.Read(line),
                ListsEvery = Every(line.GetValue(lists), "--lists-every"),
                ListLength = line.GetValue(length) is >= 1 and <= ListenerLists.MaxLength and var tracks
                    ? tracks
                    : throw new ArgumentException($"--list-length is {line.GetValue(length)}; allowed are 1 to {ListenerLists.MaxLength}."),
                SaveAfter = line.GetValue(saveAfter) is >= 0 and var events ? events > 0 ? events : null : throw new ArgumentException($"--save-after is {line.GetValue(saveAfter)}; allowed are 1 and more events, or 0."),
                Radio = new() { Exploration = new() { Share = Explored(line.GetValue(explore)) }, TrendCounters = Counted(line.GetValue(counters)) },
                SoundTraining = Every(line.GetValue(trainings), "--train-sound") is { } every ? new(every, (path, backbone, cancel) => again!.Listen(path, backbone, cancel)) : null,
                Music = music?.Read(line) is { } watched
                    ? watched with { Changed = (_, cancel) => serving!.TakeMusicAsync(again!.Listen, watched.Scan.Workers, cancel) }
                    : null,
            };
            await using var store = settings.Music is null ? options.Open(line) : options.OpenOrCreate(line);
            again = analyzers is null ? null : new(store.Parts, plan => analyzers(plan).Create());
            await using var host = await RadioHost.ListenAsync(settings, cancellation);
            using var listening = again;
            serving = host.OnAir.TakeEvents(store, TimeProvider.System);
            serving.Ranker.IsOn = !line.GetValue(byHand);
            bool IsScanned() => File.Exists(store.Parts.Layout.SoundLibrary);   // now, or later by another process
            host.OnAir.Audio = new MusicFiles(
                () => (settings.Music?.Folders ?? []).Union(IsScanned() ? store.Parts.Sound.ReadRoots() : []), track => IsScanned() ? store.Parts.Sound.FindFile(track) : null);
            await serving.LoadFeaturesAsync(cancellation);
            await serving.LoadTrendsAsync(cancellation);
            try
            {
                if (IsScanned())
                {
                    await serving.TakeMusicAsync((_, _, _) => null, Workers.Default, cancellation);   // what was scanned before; nothing is listened to for it
                }
                if (host.OnAir.Station is null)
                {
                    await serving.OpenRadioAsync(cancellation);
                }
                var station = host.OnAir.Station!;
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"Serving {station.Catalogue.Count:N0} tracks to {station.Listeners.Count:N0} known listeners with models of version {station.ModelVersion}."));
            }
            catch (ModelsMissingException)
            {
                await output.WriteLineAsync(settings.Music is not null
                    ? "Listening to the music: the radio begins as soon as eight tracks are heard."
                    : "No models yet: events are taken, and the radio answers 503. Run \"segue train\" with this store: the models are taken into use within seconds.");
            }
            await host.ServeAsync(output, cancellation);
            return 0;
        });
        return command;
    }

    private static int Counted(int counters) => counters is 0 or >= LiveTrends.MostTracks and <= LiveTrends.MostCounters
        ? counters
        : throw new ArgumentException($"--trend-counters is {counters}; allowed are 0 and {LiveTrends.MostTracks} to {LiveTrends.MostCounters}.");

    private static double Explored(double share)
        => share is >= 0 and <= 0.5 ? share : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"--explore is {share}; allowed are 0 to 0.5."));

    private static TimeSpan? Every(double hours, string option)
        => hours == 0 ? null
            : hours is >= 0.01 and <= 8760 ? TimeSpan.FromHours(hours)
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{option} is {hours}; allowed are 0.01 to 8760 hours, or 0."));
}
