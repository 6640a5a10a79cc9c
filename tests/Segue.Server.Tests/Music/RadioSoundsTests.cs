using Segue.Core;
using Segue.Retrieval;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Server.Tests.Music;

/// <summary>How the tracks of a store sound reaches its radio.</summary>
public sealed class RadioSoundsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static void Hear(StoreParts parts, HeardLibrary heard)
    {
        foreach (var track in parts.Store.ReadCatalogue())
        {
            heard.Add(track.Id, (int)(Numerics.SeededRandom.Hash(track.Genre ?? "") % 100), artist: track.Artist.Name);
        }
    }

    [Fact]
    public async Task Vectors_of_all_tracks_are_the_radios_and_those_that_come_join_them_to_the_same_lists()
    {
        await using var server = await StoreServer.StartAsync();
        var (parts, host) = (server.Store.Parts, server.OnAir.Host!);
        var heard = new HeardLibrary(parts.Sound, Path.Combine(server.Root, "files"));
        Assert.Null(server.OnAir.Station!.Repertoire.Sounds);
        Hear(parts, heard);
        await host.TakeMusicAsync((_, _, _) => null, 1, Cancellation);
        var repertoire = server.OnAir.Station!.Repertoire;
        var before = repertoire.Sounds!;
        await host.TakeMusicAsync((_, _, _) => null, 1, Cancellation);
        Assert.Same(before, server.OnAir.Station!.Repertoire.Sounds);   // nothing new
        parts.Catalogue.Upsert([new(new Track(new("late"), "Late", new(new("somebody"), "Somebody"), null, [], TimeSpan.FromSeconds(200)), null, null)]);
        heard.Add(new("late"), 3, artist: "Somebody");

        await host.TakeMusicAsync((_, _, _) => null, 1, Cancellation);

        var grown = server.OnAir.Station!.Repertoire;
        var (late, anew) = (grown.Catalogue.Find(new TrackId("late"))!.Value, new RadioSounds(parts).Index(grown.Models, grown.Catalogue)!);
        Assert.Equal((repertoire.Catalogue.Count, parts.SoundModels.Current()), (before.Count, before.ModelVersion));
        Assert.Equal((before.Count + 1, before.Count + 1), (grown.Sounds!.Count, anew.Count));
        Assert.True(grown.Sounds.Has(late) && !before.Has(late));
        Assert.All([0, 7, late], track => Assert.Equal(
            anew.Nearest(anew.Vector(track), 30, ExcludedTracks.None), grown.Sounds.Nearest(grown.Sounds.Vector(track), 30, ExcludedTracks.None)));
    }

    [Fact]
    public async Task Where_places_in_taste_are_places_in_sound_the_radio_needs_no_other_ears()
    {
        await using var server = await StoreServer.StartAsync();
        var parts = server.Store.Parts;
        Hear(parts, new HeardLibrary(parts.Sound, Path.Combine(server.Root, "files")));
        await server.OnAir.Host!.TakeMusicAsync((_, _, _) => null, 1, Cancellation);
        var ofSound = new StoreMusic(parts).SoundSet();

        Assert.Null(new RadioSounds(parts).Index(ofSound, new(ofSound.Rows!.Items)));
    }
}
