using Segue.Audio.Descriptors;
using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Events.Catalogue;
using Segue.Models.ColdStart;
using Segue.Models.Registry;
using Segue.Radio;
using Segue.Ranking.Rules;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Server.Tests.Music;

public sealed class StoreMusicTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CatalogueRecording Recording(string id, string artist = "nobody")
        => new(new Track(new(id), "Title " + id, new(new(artist), "Artist " + artist), "rock", [], TimeSpan.FromSeconds(200)), Mbid: null, Isrc: null);

    private static void Add(StoreParts parts, HeardLibrary heard, string id, int style, string artist = "nobody", double seconds = 200, float speech = 0)
    {
        parts.Catalogue.Upsert([Recording(id, artist)]);
        heard.Add(new(id), style, album: null, artist, seconds: seconds, speech: speech);
    }

    [Fact]
    public async Task Music_that_nobody_listened_to_yet_is_a_radio_that_grows_and_forgets_with_its_folder()
    {
        var folder = Directory.CreateTempSubdirectory("segue-sound-radio-");
        await using (var store = OpenStore.OpenOrCreate(Path.Combine(folder.FullName, "store"), new(), TimeProvider.System))
        {
            var heard = new HeardLibrary(store.Parts.Sound, Path.Combine(folder.FullName, "files"));
            var onAir = new OnAir();
            var host = onAir.TakeEvents(store, TimeProvider.System);
            await host.TakeMusicAsync((_, _, _) => null, 1, Cancellation);
            Assert.Null(onAir.Station);

            for (var n = 0; n < 12; n++)
            {
                Add(store.Parts, heard, $"s{n:D2}", n % 2, $"artist{n}");
            }
            await host.TakeMusicAsync((_, _, _) => null, 1, Cancellation);
            var station = onAir.Station!;
            Assert.StartsWith("sound-", station.PublishedVersion, StringComparison.Ordinal);
            var likes = station.Start(null, new([new("s00")], [], []), 5).Tracks.Select(track => track.Track.Id.Value).ToList();
            Assert.All(likes.Take(3), id => Assert.Equal(0, int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) % 2));

            Add(store.Parts, heard, "s12", 0, "artist12");
            Add(store.Parts, heard, "mix", 0, "artist13", seconds: 7200);
            Add(store.Parts, heard, "talk", 0, "artist14", speech: 0.9f);
            store.Parts.Sound.MarkGone(Path.Combine(folder.FullName, "files", "s02.flac"));
            await host.TakeMusicAsync((_, _, _) => null, 1, Cancellation);
            Assert.Same(station, onAir.Station);
            var repertoire = station.Repertoire;
            Assert.NotNull(repertoire.Catalogue.Find(new TrackId("s12")));
            var kept = new[] { "s02", "mix", "talk" };
            Assert.Equal(kept.Order(), repertoire.KeptOut.Select(row => repertoire.Catalogue.Tracks[row].Id.Value).Order());
            var offered = station.Start(null, new([new("s00")], [], []), 15).Tracks.Select(track => track.Track.Id.Value).ToList();
            Assert.Contains("s12", offered);
            Assert.Empty(offered.Intersect(kept));
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Album_and_sound_of_each_track_reach_the_rules_of_the_radio()
    {
        await using var server = await StoreServer.StartAsync();
        var parts = server.Store.Parts;
        var heard = new HeardLibrary(parts.Sound, Path.Combine(server.Root, "files"));
        var tracks = parts.Store.ReadCatalogue();
        foreach (var track in tracks)
        {
            heard.Add(track.Id, style: 1, album: "album of " + track.Artist.Name, artist: track.Artist.Name);
        }
        await server.OnAir.Host!.TakeMusicAsync((_, _, _) => null, 1, Cancellation);
        var sound = new SoundDescriptors(HeardLibrary.Features(tracks[5].Id, 1).Descriptors);

        var facts = new StoreMusic(parts).Facts();
        var answer = server.OnAir.Station!.Start(null, RadioSeeds.None, 5, wishes: new() { Energy = new(sound.Energy, sound.Energy, null) });

        Assert.Equal(tracks.Count, facts.Count);
        Assert.Equal(new("album of " + tracks[5].Artist.Name, new TrackSound(sound.Energy, sound.Tempo, sound.Loudness, sound.Centroid)), facts[tracks[5].Id]);
        Assert.Equal(tracks[5].Id, Assert.Single(answer.Tracks).Track.Id);
    }

    [Fact]
    public async Task A_training_places_what_nobody_heard_and_the_set_keeps_how()
    {
        await using var server = await StoreServer.StartAsync();
        var parts = server.Store.Parts;
        var before = await TrainAsync(parts);
        Assert.Null(ColdTraining.Run(parts, before.Models, before.Learning.Data, solved: null, new(1, 2)));   // no music: models stay as they are
        var heard = new HeardLibrary(parts.Sound, Path.Combine(server.Root, "files"));
        foreach (var track in parts.Store.ReadCatalogue())
        {
            heard.Add(track.Id, (int)(Numerics.SeededRandom.Hash(track.Genre ?? "") % 100), artist: track.Artist.Name);
        }
        Add(parts, heard, "new-one", 3);
        Add(parts, heard, "new-two", 4);
        parts.Catalogue.Upsert([Recording("unknown")]);
        new StoreMusic(parts).Prepare((_, _, _) => null, 1, progress: null, Cancellation);
        var (learning, models) = await TrainAsync(parts);
        var catalogue = learning.Data.Catalogue;
        int Row(string id) => catalogue.Find(new TrackId(id))!.Value;

        var cold = ColdTraining.Run(parts, models, learning.Data, solved: null, new(1, 2))!;
        var kept = ColdTraining.Run(parts, models, learning.Data, solved: [], new(1, 1))!;

        var unheard = Enumerable.Range(0, catalogue.Count).Where(row => models.Popular.Likes(row) == 0).ToList();
        Assert.Equal(unheard.Count, cold.Report.Placed.Values.Sum() + cold.Report.Unknown);
        Assert.True(cold.Report.Placed[ColdSources.Sound] >= 2);
        Assert.Equal((1, true, 0), (cold.Report.Unknown, cold.Report.Drawn > 0, kept.Report.Drawn));
        Assert.All(models.Taste.ItemFactors.Row(Row("new-one")).ToArray(), value => Assert.Equal(0, value));
        Assert.Contains(cold.Taste.ItemFactors.Row(Row("new-one")).ToArray(), value => value != 0);
        Assert.All(cold.Taste.ItemFactors.Row(Row("unknown")).ToArray(), value => Assert.Equal(0, value));
        Assert.All(Enumerable.Range(0, catalogue.Count).Except(unheard), row => Assert.Equal(models.Taste.ItemFactors.Row(row), kept.Taste.ItemFactors.Row(row)));
        Assert.Equal(cold.Taste.ItemFactors.Row(Row("new-two")), kept.Taste.ItemFactors.Row(Row("new-two")));   // whatever the threads

        parts.Models.Publish(
            [cold.Taste, models.Neighbors, models.Popular], new(catalogue.Tracks, learning.Data.Users.Ids, learning.LogEnd), (cold.Weights, cold.Options));
        Assert.Equal(cold.Options.BlendListens, parts.Models.LoadCurrent().Cold!.Value.Options.BlendListens);
        Add(parts, heard, "newest", 3);
        await server.OnAir.Host!.TakeMusicAsync((_, _, _) => null, 1, Cancellation);
        var repertoire = server.OnAir.Station!.Repertoire;
        Assert.Equal(cold.Weights.Table, repertoire.Models.Cold!.Value.Weights.Table);
        Assert.Contains(repertoire.Models.Taste.ItemFactors.Row(repertoire.Catalogue.Find(new TrackId("newest"))!.Value).ToArray(), value => value != 0);
    }

    [Fact]
    public async Task A_track_that_comes_after_the_training_is_heard_by_the_networks_of_the_set()
    {
        await using var server = await StoreServer.StartAsync();
        var parts = server.Store.Parts;
        var heard = new HeardLibrary(parts.Sound, Path.Combine(server.Root, "files"));
        foreach (var track in parts.Store.ReadCatalogue())
        {
            heard.Add(track.Id, (int)(Numerics.SeededRandom.Hash(track.Genre ?? "") % 100), artist: track.Artist.Name);
        }
        Add(parts, heard, "unheard", 3);
        new StoreMusic(parts).Prepare((_, _, _) => null, 1, progress: null, Cancellation);
        var (learning, models) = await TrainAsync(parts);
        var options = new ColdNetworkOptions { Use = NetworkUse.Always, Steps = 2, Shape = new() { Channels = [4, 4, 4, 4], Hidden = 8 } };

        var cold = ColdTraining.Run(parts, models, learning.Data, solved: null, new(1, 2, Cancellation: Cancellation), options)!;

        Assert.True(cold.Report.Placed[ColdSources.Sound | ColdSources.Network] >= 1);
        Assert.Equal(cold.Report.Learnable, cold.Network!.Card.Tracks);
        var weights = cold.Weights with { Table = [.. Enumerable.Repeat(1.0, cold.Weights.Table.Count)] };
        parts.Models.Publish(
            [cold.Taste, models.Neighbors, models.Popular], new(learning.Data.Catalogue.Tracks, learning.Data.Users.Ids, learning.LogEnd), (weights, cold.Options), cold.Network);
        Add(parts, heard, "newest", 3);
        new StoreMusic(parts).Prepare((_, _, _) => null, 1, progress: null, Cancellation);
        var set = parts.Models.LoadCurrent();
        var (added, places) = new StoreMusic(parts).NewTo(set, learning.Data.Catalogue, 1, Cancellation);
        var (_, without) = new StoreMusic(parts).NewTo(set with { Network = null }, learning.Data.Catalogue, 1, Cancellation);

        Assert.Equal("newest", Assert.Single(added).Id.Value);
        var prediction = new float[models.Taste.Factors];
        set.Network!.Predict(added[0].Artist.Id, learntFrom: false, HeardLibrary.Features(new("newest"), 3).Spectra, prediction);
        for (var f = 0; f < prediction.Length; f++)
        {
            Assert.Equal(without.Row(0)[f] + weights.Scale * prediction[f], places.Row(0)[f], 1e-4);
        }
        Assert.Contains(prediction, value => Math.Abs(value) > 1e-3);
    }

    private static async Task<(LearningData Learning, ModelSet Models)> TrainAsync(StoreParts parts)
    {
        var learning = await LearningData.LoadAsync(parts, log: null, Cancellation);
        return (learning, LabModels.TrainAll("", learning.Data.Training, new(1, 2)));
    }
}
