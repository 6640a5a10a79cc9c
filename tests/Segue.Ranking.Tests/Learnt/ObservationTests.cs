using System.Text;
using Segue.Features.Interactions;
using Segue.Ranking.Learnt;
using Segue.Retrieval;
using Segue.Tests.Shared;

namespace Segue.Ranking.Tests.Learnt;

public sealed class ObservationTests
{
    internal static ListenerContext Context(UserHistory history, params SessionSignal[] signals)
        => new(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, history, signals, ExcludedTracks.None, new(1));

    internal static IReadOnlyList<RankedTrack> Weighed(ListenerContext context, string source = "taste")
        => new TrackRanker(new()).Rank(context, [.. Enumerable.Range(0, 60).Select(track => new Candidate(track, source, 0))]);

    private static Dictionary<string, float> Features(ListenerContext context, int track, string source = "taste")
    {
        var features = new float[RankingFeatures.Context.Count];
        new RankingScene(context).Write(Weighed(context, source).Single(ranked => ranked.Track == track), features);
        return features.Select((value, n) => (RankingFeatures.Context[n].Name, value)).ToDictionary(pair => pair.Name, pair => pair.value, StringComparer.Ordinal);
    }

    [Fact]
    public void Features_say_what_history_and_sitting_know_of_the_track()
    {
        // Track 0 was liked by 3 long ago, 1 (same artist) refused by 1 last; the sitting kept 2, then skipped 5 of the next artist.
        var context = Context(new(null, [0, 20, 1], [3, 1, -1]), new(2, 1, IsSeed: false), new(5, -0.5f, IsSeed: false));

        var (liked, refused, next) = (Features(context, 0), Features(context, 1), Features(context, 6, "co-listen"));

        Assert.Equal((2, 0), (liked["heard"], liked["refused"]));
        Assert.Equal((0, 1), (refused["heard"], refused["refused"]));
        Assert.Equal(Math.Pow(2, -3 / 20.0), liked["lately"], 1e-6);
        Assert.Equal(Math.Pow(2, -1 / 20.0), refused["lately"], 1e-6);
        Assert.Equal((2, 0.75f), (liked["artist heard"], liked["genre heard"]));
        Assert.Equal((1, 1), (liked["artist again"], next["artist again"]));
        Assert.Equal((-0.5f, 0), (liked["genre now"], liked["artist now"]));
        Assert.Equal((-0.5f, -0.5f), (next["genre now"], next["artist now"]));
        Assert.Equal((1, 0, 1), (liked["from taste"], next["from taste"], next["from co-listen"]));
        Assert.Equal((MathF.Log2(3), 0.5f, 0), (liked["tracks so far"], liked["kept so far"], liked["position"]));
        Assert.Equal(1, Features(context, 2)["like kept"], 1e-5);
        Assert.Equal(1, Features(context, 5)["like skipped"], 1e-5);
    }

    [Fact]
    public void The_parts_of_the_hand_weighted_score_are_the_first_features()
    {
        var context = Context(TinyWorld.Data.History(3), new SessionSignal(21, 1, IsSeed: false));
        var weighed = Weighed(context)[0];
        var features = new float[RankingFeatures.Context.Count];

        new RankingScene(context).Write(weighed, features);

        Assert.Equal(weighed.Score, features[..6].Sum(), 1e-5);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, -1)]
    [InlineData(1, -1)]
    public void The_features_of_an_answers_tracks_are_those_of_each_alone_to_the_bit(float first, float second)
    {
        var context = Context(TinyWorld.Data.History(3), new(21, first, IsSeed: false), new(2, second, IsSeed: false));
        var (weighed, scene) = (Weighed(context, "session"), new RankingScene(context));
        var (candidates, tracks, all) = (new Candidate[weighed.Count], new int[weighed.Count], new float[weighed.Count * RankingFeatures.Width]);
        Array.Fill(all, 7);   // memory is given back as it was used

        scene.WriteAll(weighed, candidates, tracks, all);

        Assert.Equal(weighed.Select(track => track.Candidate), candidates);
        Assert.Equal(weighed.Select(track => track.Track), tracks);
        var alone = new float[RankingFeatures.Width];
        for (var n = 0; n < weighed.Count; n++)
        {
            scene.Write(weighed[n], alone);
            Assert.Equal(alone, all[(n * alone.Length)..((n + 1) * alone.Length)]);
        }
    }

    [Fact]
    public void What_is_kept_with_impressions_is_read_back_within_half_precision()
    {
        var context = Context(TinyWorld.Data.History(3), new SessionSignal(21, 1, IsSeed: false));
        var weighed = Weighed(context).Take(3).ToList();
        var features = new float[RankingFeatures.Context.Count];

        var packed = Observation.OfAnswer(context, weighed);

        Assert.Equal([52 + 4 * 8, 52, 52], packed.Select(bytes => bytes.Length));
        for (var n = 0; n < 3; n++)
        {
            new RankingScene(context).Write(weighed[n], features);
            var extra = SeenField.Write(packed[n], n == 0 ? null : "000007");
            Assert.Equal(packed[n], SeenField.Read(extra.Span));
            Assert.Equal(n > 0, Encoding.UTF8.GetString(extra.Span).Contains("\"ranker\":\"000007\"", StringComparison.Ordinal));
            var seen = Observation.Unpack(SeenField.Read(extra.Span))!;
            Assert.All(Enumerable.Range(0, RankingFeatures.Kept), f => Assert.Equal(features[f], seen.Features[f], 1e-3 * Math.Max(1, Math.Abs(features[f]))));
        }
        Assert.All(Enumerable.Range(0, 8), f => Assert.Equal(context.SessionTaste![f], Observation.Unpack(packed[0])!.Session[f], 2e-3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"seen\":5}")]
    [InlineData("{\"seen\":\"no base64!\"}")]
    [InlineData("{\"seen\":\"AQID\"}")]
    [InlineData("{\"card\":{\"seen\":\"AQID\"}}")]
    [InlineData("{\"seen\":")]
    public void What_another_sender_put_there_is_no_observation(string extra)
        => Assert.Null(Observation.Unpack(SeenField.Read(Encoding.UTF8.GetBytes(extra))));

    [Fact]
    public void Values_that_are_no_numbers_are_no_observation()
    {
        var features = new float[RankingFeatures.Kept];
        features[4] = float.NaN;

        Assert.Null(Observation.Unpack(Observation.Pack(features, [], [])));
    }
}
