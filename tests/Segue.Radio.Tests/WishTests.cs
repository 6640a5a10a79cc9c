using Segue.Core;
using Segue.Ranking.Rules;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>What a sitting asks of its lists.</summary>
public sealed class WishTests : RadioTest
{
    private static ListWishes Only(params string[] genres) => new() { Include = TrackGroups.None with { Genres = genres } };

    [Fact]
    public void A_wish_holds_for_the_whole_sitting_and_for_no_other()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 5, wishes: Only("Jazz"));

        Assert.Equal(5, OfGenre(start, 1));
        Assert.Equal(5, OfGenre(station.React(start.Session, [Skipped(Rows(start)[0])], 5), 1));
        Assert.True(OfGenre(station.Start(TinyWorld.Listener(6), RadioSeeds.None, 5), 0) >= 4);   // what that listener loves
    }

    [Fact]
    public void A_wish_goes_on_in_another_repertoire()
    {
        var station = Station();
        var id = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 1, wishes: Only("jazz")).Session;
        station.Use(new(TinyWorld.Data, TinyWorld.Models, new(), Time));

        Assert.Equal(5, OfGenre(station.Next(id, 5), 1));
    }

    [Fact]
    public void A_list_that_falls_short_tells_why()
    {
        var station = Station();
        var few = station.Start(null, RadioSeeds.None, 25, wishes: Only("jazz"));
        var none = station.Start(null, RadioSeeds.None, 3, wishes: new() { MaxLength = TimeSpan.FromSeconds(10) });
        var rest = station.React(few.Session, [Played(20), Skipped(21)], 20);

        Assert.Equal(20, few.Tracks.Count);
        Assert.Equal("There are 20 tracks instead of 25. Of 60 in the catalogue are kept out: 40 by what was asked to be included or left out, or being offered to nobody.", few.Shortfall);
        Assert.Empty(none.Tracks);
        Assert.Equal("There are 0 tracks instead of 3. Of 60 in the catalogue are kept out: 60 by what was asked to be included or left out, or being offered to nobody.", none.Shortfall);
        Assert.StartsWith("There are 18 tracks instead of 20. Of 60 in the catalogue are kept out: 2 by having been heard lately", rest.Shortfall, StringComparison.Ordinal);
        Assert.Null(station.Start(null, RadioSeeds.None, 5).Shortfall);
    }

    [Fact]
    public void The_rule_of_web_radio_counts_what_the_sitting_played_in_three_hours()
    {
        var station = Station();
        var wishes = new ListWishes { IsWebRadio = true, Include = TrackGroups.None with { Artists = [new("artist5"), new("artist6")] } };
        // Artists 5 and 6 have four tracks each: 20 to 23 and 24 to 27.
        station.Repertoire.Describe([.. Enumerable.Range(20, 8).Select(track => KeyValuePair.Create(TinyWorld.IdOf(track), new TrackFacts("one album", null)))]);
        var id = station.Start(null, RadioSeeds.None, 1, wishes: wishes).Session;
        station.React(id, [Played(20), Played(24), Skipped(0), Played(21)], 1);

        var full = station.Next(id, 5);
        Assert.Empty(Fresh(full));   // what was played already is no other track of the album
        Assert.EndsWith("5 by the rule of web radio.", full.Shortfall, StringComparison.Ordinal);

        Time.Advance(TimeSpan.FromHours(3));
        var later = station.Next(id, 5);
        Assert.Equal(2, Fresh(later).Length);   // a third of the album could only follow another track
        Assert.EndsWith("3 by the rule of web radio.", later.Shortfall, StringComparison.Ordinal);
    }

    [Fact]
    public void Sound_that_is_told_later_counts_from_then_on()
    {
        var station = Station();
        var id = station.Start(null, RadioSeeds.None, 5, wishes: new() { Tempo = new(100, null, null) });
        Assert.Empty(id.Tracks);

        station.Repertoire.Describe(
        [
            new(TinyWorld.IdOf(7), new(null, new TrackSound(0.5f, 99, -14, 900))), new(TinyWorld.IdOf(8), new(null, new TrackSound(0.5f, 100, -14, 900))),
            new(new("of another catalogue"), new("album", null)),
        ]);

        Assert.Equal([8], Rows(station.Next(id.Session, 5)));
    }

    [Fact]
    public void Discovery_leaves_the_known_behind_and_its_contrary_stays_with_it()
    {
        var known = TinyWorld.Data.History(6).Items.ToHashSet();
        var options = new RadioOptions { Rest = new() { Usual = 3 }, Spacing = new() { Gap = 0, Fatigue = 0, MostInList = 100 } };
        int Known(float discovery) => Rows(Station(options).Start(TinyWorld.Listener(6), RadioSeeds.None, 6, wishes: new() { Discovery = discovery })).Count(known.Contains);

        Assert.Equal(6, Known(-1));
        Assert.Equal(0, Known(1));
    }

    [Fact]
    public void What_was_heard_last_rests_as_long_as_the_listeners_own_habit_has_it()
    {
        var rest = new RestOptions { Usual = 0, Least = 2, Most = 12 };
        var row = TinyWorld.Data.Users.Find(TinyWorld.Listener(7).Value)!.Value;
        var own = RestWindow.Of(TinyWorld.Data.Training.Sequence(row), rest);
        var history = TinyWorld.Data.History(row).Items;
        var station = Station(new() { Rest = rest });

        var habit = new ListWishes { RestsByHabit = true };
        var offered = Fresh(station.Start(TinyWorld.Listener(7), RadioSeeds.None, 60, wishes: habit));

        Assert.InRange(own, 3, 11);
        Assert.True(history.Count > own);
        Assert.Equal(history.TakeLast(own).Order(), Enumerable.Range(0, 60).Except(offered));
        Assert.Equal(60, station.Start(new ListenerId("newcomer"), RadioSeeds.None, 60, isNew: true, wishes: habit).Tracks.Count);
        Assert.Equal(60, station.Start(TinyWorld.Listener(7), RadioSeeds.None, 60).Tracks.Count);   // the usual rest is none
    }

    [Theory]
    [InlineData("artist", "nobody")]
    [InlineData("genre", "polka")]
    [InlineData("tag", "sunny")]
    public void What_wishes_name_and_nobody_knows_is_named(string what, string id)
    {
        var groups = new TrackGroups(what == "genre" ? [id] : [], what == "artist" ? [new(id)] : [], what == "tag" ? [id] : []);
        foreach (var wishes in (ListWishes[])[new() { Include = groups }, new() { Exclude = groups }])
        {
            var fault = Assert.Throws<NotKnownException>(() => Station().Start(null, RadioSeeds.None, 1, wishes: wishes));
            Assert.Equal((what, id), (fault.What, fault.Id));
        }
    }
}
