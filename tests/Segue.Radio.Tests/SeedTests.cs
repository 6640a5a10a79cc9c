using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>Seeds of all sorts, what a sitting begins away from, and less of what it is asked to leave.</summary>
public sealed class SeedTests : RadioTest
{
    private Dictionary<int, float> TinySeeds(RadioSeeds seeds) => Station().Repertoire.SeedTracks(seeds);

    private static RadioEvent Less(int track) => new(RadioEventKind.Less, TinyWorld.IdOf(track));

    [Fact]
    public void A_playlist_counts_as_one_seed_of_all_its_tracks()
    {
        var seeds = RadioSeeds.None with { Playlists = [[.. TinyWorld.TracksOf(2).Take(6).Select(TinyWorld.IdOf)]] };

        var answer = Station().Start(null, seeds, 10);

        Assert.Equal(["techno"], answer.Toward);
        Assert.True(OfGenre(answer, 2) >= 8, $"{OfGenre(answer, 2)} of 10");
    }

    [Fact]
    public void A_sitting_begins_away_from_what_there_is_to_be_less_of()
    {
        var listener = TinyWorld.Listener(5);   // loves rock's and techno's neighbors: genres 2 and 0
        var before = Station().Start(listener, RadioSeeds.None, 10);

        var after = Station().Start(listener, RadioSeeds.None with { Less = new([], [], ["techno"]) }, 10);

        Assert.True(OfGenre(before, 2) > 0);
        Assert.True(2 * OfGenre(after, 2) <= OfGenre(before, 2), $"{OfGenre(before, 2)} became {OfGenre(after, 2)}");
        Assert.Equal(["techno"], after.AwayFrom);
    }

    [Fact]
    public void A_heavier_seed_draws_the_sitting_to_itself()
    {
        int Techno(float weight) => OfGenre(Station().Start(null, new([TinyWorld.IdOf(1), TinyWorld.IdOf(41)], [], [])
        {
            Weights = new Dictionary<string, float> { [TinyWorld.IdOf(41).Value] = weight, [TinyWorld.IdOf(1).Value] = 1 / weight },
        }, 10), 2);

        Assert.True(Techno(5) > Techno(0.2f), $"{Techno(5)} and {Techno(0.2f)}");
    }

    [Fact]
    public void A_lighter_seed_takes_nothing_from_a_heavier_one_that_it_shares_a_track_with()
    {
        var heavy = new RadioSeeds([TinyWorld.IdOf(41)], [], []) { Weights = new Dictionary<string, float> { [TinyWorld.IdOf(41).Value] = 5 } };
        var both = heavy with { Genres = ["techno"] };

        Assert.Equal(10, TinySeeds(heavy)[41]);
        Assert.Equal(10, TinySeeds(both)[41]);
    }

    [Fact]
    public void Less_of_a_track_moves_the_sitting_away_and_says_nothing_at_other_times()
    {
        var station = Station();
        var listener = TinyWorld.Listener(7);
        var start = station.Start(listener, RadioSeeds.None, 10);
        var genre = TinyWorld.GenreOf(Rows(start)[0]);

        var after = station.React(start.Session, [Less(Rows(start)[0]), Less(Rows(start)[1])], 10);

        Assert.True(2 * OfGenre(after, genre) <= OfGenre(start, genre), $"{OfGenre(start, genre)} became {OfGenre(after, genre)}");
        Assert.DoesNotContain(Rows(start)[0], Rows(after));
        Assert.Empty(Sink.Listens);
        Assert.Equal(Rows(start), Rows(station.Start(listener, RadioSeeds.None, 10)));
    }

    [Fact]
    public void An_unknown_track_of_a_playlist_and_an_unknown_thing_to_leave_are_named()
    {
        var station = Station();

        Assert.Equal("There is no track 'nowhere'.", Assert.Throws<NotKnownException>(() => station.Start(null, RadioSeeds.None with { Playlists = [[TinyWorld.IdOf(1), new("nowhere")]] }, 3)).Message);
        Assert.Equal("There is no genre 'polka'.", Assert.Throws<NotKnownException>(() => station.Start(null, RadioSeeds.None with { Less = new([], [], ["polka"]) }, 3)).Message);
    }
}
