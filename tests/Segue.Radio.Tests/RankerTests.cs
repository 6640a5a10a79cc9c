using Segue.Events.Pseudonyms;
using Segue.Radio.Feed;
using Segue.Ranking.Learnt;
using Segue.Ranking.Rules;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

public sealed class RankerTests : RadioTest
{
    private static readonly KnownListener Listener = new(TinyWorld.Listener(3), "");

    // The first six parts of the hand-weighted score, each with this weight; nobody skips here, so that the seventh is 0.
    private static LearntRanker Ranker(float weight) => new(
        new(RankerKinds.Logistic, null, 0, RankingFeatures.Names(0), new float[RankingFeatures.Context.Count], [.. Enumerable.Repeat(1f, RankingFeatures.Context.Count)],
            [.. Enumerable.Repeat(weight, 6), .. new float[RankingFeatures.Context.Count - 6], 0], 1, 0, 1, 0, 0),
        "000002");

    [Fact]
    public void Impressions_keep_what_a_ranker_could_see_and_the_first_of_an_answer_the_factors()
    {
        var answer = Station().Start(Listener, RadioSeeds.None, 4);

        var seen = Sink.Impressions.Select(impression => Observation.Unpack(impression.Seen.Span)!).ToList();
        Assert.Equal([8, 0, 0, 0], seen.Select(observation => observation.Taste.Length));
        Assert.All(answer.Tracks.Zip(seen), pair => Assert.Equal(pair.First.Score, pair.Second.Features[..6].Sum(), 0.02));
        Assert.All(Sink.Impressions, impression => Assert.Null(impression.Ranker));
        var logged = EventFeed.ToEvent(Sink.Impressions.First());
        Assert.Equal(Sink.Impressions.First().Seen.ToArray(), SeenField.Read(logged.Extra.Span));
    }

    [Fact]
    public void A_learnt_ranker_orders_the_lists_and_impressions_name_it()
    {
        var (plain, turned) = (Station(), Station());
        turned.Repertoire.Ranker = Ranker(-1);

        var (first, answer) = (plain.Start(Listener, RadioSeeds.None, 5), turned.Start(Listener, RadioSeeds.None, 5));

        Assert.Empty(Rows(first).Intersect(Rows(answer)));
        Assert.Equal([null, "000002"], Sink.Impressions.Select(impression => impression.Ranker).Distinct());
        Assert.Contains("\"ranker\":\"000002\"", System.Text.Encoding.UTF8.GetString(EventFeed.ToEvent(Sink.Impressions.Last()).Extra.Span), StringComparison.Ordinal);
        var seen = Observation.Unpack(Sink.Impressions.Last().Seen.Span)!;
        Assert.Equal(-answer.Tracks[4].Score, seen.Features[..6].Sum(), 0.02);   // as the hand-weighted score has it, whoever ordered
    }

    [Fact]
    public void Reasons_follow_the_parts_that_were_learnt()
    {
        var (plain, same) = (Station(), Station());
        same.Repertoire.Ranker = Ranker(1);

        Assert.Equal(plain.Start(Listener, RadioSeeds.None, 8).Tracks.Select(track => track.Reason.Text), same.Start(Listener, RadioSeeds.None, 8).Tracks.Select(track => track.Reason.Text));
    }

    [Fact]
    public void The_ranker_stays_where_tracks_are_added()
    {
        var repertoire = new Repertoire(TinyWorld.Data, TinyWorld.Models, new(), Time) { Ranker = Ranker(1) };

        var grown = repertoire.WithTracks([new(new("new"), "New", new(new("someone"), "Someone"), null, [], null)], new(1, 8));

        Assert.Same(repertoire.Ranker, grown.Ranker);
    }

    [Fact]
    public void Few_but_sure_brings_the_sure_ones_or_says_that_there_are_none()
    {
        var (learnt, plain) = (Station(), Station());
        learnt.Repertoire.Ranker = Ranker(1);
        var (sure, surest) = (new ListWishes { Sureness = 0.5f }, new ListWishes { Sureness = 1 });

        var some = learnt.Start(Listener, RadioSeeds.None, 30, wishes: sure);

        Assert.NotEmpty(some.Tracks);
        Assert.All(some.Tracks, track => Assert.True(2 / (1 + Math.Exp(-track.Score)) - 1 > 0.49));
        Assert.Contains("not being as sure to please as asked", some.Shortfall, StringComparison.Ordinal);
        Assert.Empty(learnt.Start(Listener, RadioSeeds.None, 3, wishes: surest).Tracks);
        Assert.Empty(plain.Start(Listener, RadioSeeds.None, 3, wishes: sure).Tracks);   // without a ranker nothing is sure
    }
}
