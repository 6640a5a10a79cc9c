using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>What votes keep away and let back.</summary>
public sealed class VoteTests : RadioTest
{
    [Fact]
    public void A_down_vote_keeps_the_track_away_in_later_sittings_until_it_is_withdrawn()
    {
        var station = Station();
        var first = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 10);
        var track = Rows(first)[0];
        station.React(first.Session, [Voted(track, VoteValue.Down)], 1);

        Assert.DoesNotContain(track, Rows(station.Start(TinyWorld.Listener(1), RadioSeeds.None, 60)));
        station.React(first.Session, [Voted(track, VoteValue.Withdrawn)], 1);
        Assert.Contains(track, Rows(station.Start(TinyWorld.Listener(1), RadioSeeds.None, 60)));
    }

    [Fact]
    public void An_up_vote_undoes_a_down_vote_of_the_data()
    {
        var refused = TinyWorld.IdOf(5);
        var data = Dataset.Build(TinyWorld.Catalogue, [], [new(TinyWorld.Listener(1).Value, refused.Value, 1, null, InteractionAction.VoteDown)]);
        var models = LabLikeModels(data);
        var station = new RadioStation(data, models, new() { Rest = new() { Usual = 0 } }, Sink, TimeProvider.System);
        var first = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 60);
        Assert.DoesNotContain(5, Rows(first));

        station.React(first.Session, [Voted(5, VoteValue.Up)], 1);

        Assert.Contains(5, Rows(station.Start(TinyWorld.Listener(1), RadioSeeds.None, 60)));
    }

    private static ModelSet LabLikeModels(Dataset data) => new(
        "test",
        (ImplicitAlsModel)ModelKinds.Get("als").Trainer(new Dictionary<string, double> { ["factors"] = 2 }).Train(data.Training, TrainingRun.WithSeed(1)),
        (CooccurrenceModel)ModelKinds.Get("cooccurrence").Trainer().Train(data.Training, TrainingRun.WithSeed(1)),
        (MostPopularModel)ModelKinds.Get("popular").Trainer().Train(data.Training, TrainingRun.WithSeed(1)));

    [Fact]
    public void A_withdrawn_vote_lets_the_track_come_again()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 10);
        var best = Rows(start)[0];

        var down = station.React(start.Session, [Voted(best, VoteValue.Down)], 10);
        var withdrawn = station.React(start.Session, [Voted(best, VoteValue.Withdrawn)], 10);

        Assert.DoesNotContain(best, Rows(down));
        Assert.Equal(Rows(start), Rows(withdrawn));
    }
}
