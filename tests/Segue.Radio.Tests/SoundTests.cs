using Segue.Models;
using Segue.Models.Tags;
using Segue.Numerics;
using Segue.Radio.Sessions;
using Segue.Retrieval.Nearest;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>A radio that has listened to its tracks: six sounds, whatever the genre.</summary>
public sealed class SoundTests : RadioTest
{
    private const int Kinds = 6;
    private static readonly RadioOptions FewOfEach = new() { CandidatesPerSource = 4, Rest = new() { Usual = 3 } };

    private static int KindOf(int track) => track % Kinds;

    private static DirectionIndex Ears()
    {
        var (vectors, random) = (new DenseMatrix(60, Kinds), new SeededRandom(8));
        for (var track = 0; track < vectors.Rows; track++)
        {
            foreach (ref var value in vectors.Row(track))
            {
                value = 0.05f * (float)random.NextNormal();
            }
            vectors.Row(track)[KindOf(track)] += 1;
        }
        return DirectionIndex.Create("sound-000001", [.. Enumerable.Range(0, 60)], vectors);
    }

    private RadioStation Listening(RadioOptions? options = null)
    {
        var station = Station(options);
        station.Repertoire.Sounds = Ears();
        return station;
    }

    [Fact]
    public void What_sounds_like_a_kept_track_joins_the_candidates_and_of_a_deaf_radio_it_does_not()
    {
        var (station, deaf) = (Listening(FewOfEach), Station(FewOfEach));
        RadioAnswer Kept(RadioStation radio) => radio.React(radio.Start(TinyWorld.Listener(6), RadioSeeds.None, 1).Session, [Played(22)], 50);

        var bySound = Kept(station).Tracks.Where(track => track.Source == "sound").ToList();

        Assert.NotEmpty(bySound);
        Assert.All(bySound, track => Assert.Equal(KindOf(22), KindOf(TinyWorld.RowOf(track.Track.Id))));
        Assert.DoesNotContain(Kept(deaf).Tracks, track => track.Source == "sound");
    }

    [Fact]
    public void Where_the_models_know_tags_they_are_a_source_and_tracks_that_come_later_wait_for_the_next_training()
    {
        var tags = (TagSpaceModel)ModelKinds.Get(TagSpaceModel.KindName).Trainer(null).Train(TinyWorld.Data.Training, new(1, 1));
        var station = new RadioStation(TinyWorld.Data, TinyWorld.Models with { Tags = tags }, FewOfEach, Sink, Time);
        var added = TinyWorld.Catalogue[22] with { Id = new("added"), Artist = new(new("newcomer"), "Newcomer") };
        IEnumerable<int> ByTags() => station.React(station.Start(TinyWorld.Listener(6), RadioSeeds.None, 1).Session, [Played(22), Played(30)], 50).Tracks
            .Where(track => track.Source == "tags").Select(track => station.Catalogue.Find(track.Track.Id)!.Value);

        var before = ByTags().ToList();
        station.Use(station.Repertoire.WithTracks([added], new(1, TinyWorld.Models.Taste.Factors)));

        Assert.NotEmpty(before);
        Assert.All(before, track => Assert.Equal(1, TinyWorld.GenreOf(track)));
        Assert.Equal(before, ByTags());
    }

    [Fact]
    public void A_list_depends_on_what_was_done_and_never_on_when_lists_were_asked_for()
    {
        for (ulong world = 0; world < 10; world++)
        {
            var random = new SeededRandom(32, world);
            var (asked, silent) = (Listening(FewOfEach), Listening(FewOfEach));
            var listener = TinyWorld.Listener(random.NextInt(TinyWorld.Listeners));
            var (often, once) = (asked.Start(listener, RadioSeeds.None, 3), silent.Start(listener, RadioSeeds.None, 1));
            RadioEvent[] events = [.. Enumerable.Range(0, 4 + random.NextInt(20)).Select(_ => random.NextInt(60)).Distinct().Select((track, n) => n % 3 == 0 ? Skipped(track) : Played(track))];
            foreach (var reaction in events)
            {
                asked.React(often.Session, [reaction], 1 + random.NextInt(9));
            }
            silent.React(once.Session, events, 1);

            Assert.Equal(Rows(silent.Next(once.Session, 10)), Rows(asked.Next(often.Session, 10)));
        }
    }

    [Fact]
    public void A_repertoire_that_grows_keeps_its_ears_and_those_that_grew_find_what_came()
    {
        var station = Listening(FewOfEach);
        var before = station.Repertoire;
        var added = TinyWorld.Catalogue[0] with { Id = new("added"), Artist = new(new("newcomer"), "Newcomer") };
        var grown = before.WithTracks([added], new(1, before.Models.Taste.Factors));   // nowhere in taste

        Assert.Same(before.Sounds, grown.Sounds);
        var vector = new DenseMatrix(1, Kinds);
        before.Sounds!.Vector(22).CopyTo(vector.Row(0));
        grown.Sounds = before.Sounds.With([60], vector);
        station.Use(grown);
        var answer = station.React(station.Start(TinyWorld.Listener(6), RadioSeeds.None, 1).Session, [Played(22)], 50);
        Assert.Equal("sound", answer.Tracks.Single(track => track.Track.Id == added.Id).Source);
    }
}
