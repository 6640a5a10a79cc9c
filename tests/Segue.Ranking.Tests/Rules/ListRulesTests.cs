using Segue.Core;
using Segue.Features;
using Segue.Numerics;
using Segue.Ranking.Rules;

namespace Segue.Ranking.Tests.Rules;

/// <summary>The smaller rules, and which of them hold.</summary>
public sealed class ListRulesTests
{
    private static readonly ArtistSpacingOptions NoSpacing = new() { Gap = 0, Fatigue = 0, MostInList = 100 };

    private static int[] Pick(ListScene scene, ListWishes wishes, int count)
        => RuleScene.Pick(scene, ListRules.For(scene, wishes, NoSpacing), count);

    private static TrackSound Sound(float energy = 0.5f, float tempo = 120, float loudness = -14, float brightness = 1_000)
        => new(energy, tempo, loudness, brightness);

    [Fact]
    public void Albums_are_kept_apart_where_others_are_left()
    {
        var scene = RuleScene.Of(Enumerable.Range(0, 6).Select(track => (track, 0f)), [6], RuleScene.Catalogue("ABCDEFG", null)) with
        {
            Facts = RuleScene.Albums("xxx--yx"),
        };

        // Track 6, of album x, was heard: two others come first, and of x two in all before every other track is used up.
        Assert.Equal([3, 4, 0, 5, 1, 2], RuleScene.Pick(scene, [new AlbumSpacing(scene, gap: 2, mostInList: 2)], 6));
        Assert.Equal([3, 4, 5, 0, 1, 2], RuleScene.Pick(scene, [new AlbumSpacing(scene, gap: 5, mostInList: 1)], 6));
    }

    [Fact]
    public void Nothing_asked_leaves_the_order_alone_and_costs_one_rule()
    {
        var scene = RuleScene.Of(Enumerable.Range(0, 60).Select(track => (track, -track / 10f)));

        Assert.IsType<ArtistSpacing>(Assert.Single(ListRules.For(scene, ListWishes.None, NoSpacing)));
        Assert.Equal(Enumerable.Range(0, 60), Pick(scene, ListWishes.None, 60));
    }

    [Fact]
    public void Discovery_brings_new_artists_first_and_its_contrary_what_was_heard()
    {
        // Track 0 was heard, 1 is of the same artist, 4 of another. All are liked alike.
        var scene = RuleScene.Of([(0, 0), (1, 0), (4, 0)]) with { Familiar = new HashSet<int> { 0 } };

        Assert.Equal([4, 1, 0], Pick(scene, new() { Discovery = 0.1f }, 3));
        Assert.Equal([0, 1, 4], Pick(scene, new() { Discovery = -0.1f }, 3));
        var liked = scene with { Ranking = [RuleScene.Ranked(0, 5.9f), RuleScene.Ranked(4, 0)] };
        Assert.Equal([4, 0], Pick(liked, new() { Discovery = 1 }, 2));
        Assert.Equal([0, 4], Pick(liked, new() { Discovery = 0.9f }, 2));
    }

    [Fact]
    public void A_target_of_sound_brings_the_nearest_first_and_the_unknown_between()
    {
        var scene = RuleScene.Of(Enumerable.Range(0, 4).Select(track => (track, 0f))) with
        {
            Facts = RuleScene.Sounds(Sound(energy: 1, tempo: 60, loudness: -34, brightness: 4_000), null, Sound(energy: 0.3f, tempo: 130, loudness: -10, brightness: 900), Sound(energy: 0, tempo: 120, loudness: -14, brightness: 1_000)),
        };

        Assert.Equal([2, 3, 1, 0], Pick(scene, new() { Energy = new(null, null, 0.2f) }, 4));
        Assert.Equal([3, 2, 1, 0], Pick(scene, new() { Tempo = new(null, null, 120) }, 4));
        Assert.Equal([3, 2, 1, 0], Pick(scene, new() { Loudness = new(null, null, -14) }, 4));
        Assert.Equal([3, 2, 1, 0], Pick(scene, new() { Brightness = new(null, null, 1_000) }, 4));
    }

    [Fact]
    public void Smooth_lists_step_to_the_nearest_energy_and_take_double_tempo_for_the_same()
    {
        var steps = RuleScene.Of([(0, 0), (1, 0), (2, 0), (3, 0)], [4]) with
        {
            Facts = RuleScene.Sounds(Sound(energy: 0.1f), Sound(energy: 0.8f), Sound(energy: 0.4f), Sound(energy: 0.6f), Sound(energy: 0.9f)),
        };
        Assert.Equal([1, 3, 2, 0], Pick(steps, new() { Smoothness = 1 }, 4));
        Assert.Equal([0, 1, 2, 3], Pick(steps, ListWishes.None, 4));

        var doubled = RuleScene.Of([(0, 0), (1, 0)], [2]) with { Facts = RuleScene.Sounds(Sound(tempo: 130), Sound(tempo: 60), Sound(tempo: 120)) };
        Assert.Equal([1, 0], Pick(doubled, new() { Smoothness = 0.5f }, 2));
    }

    [Fact]
    public void A_filter_keeps_out_what_matches_no_entry_of_a_sort_or_any_that_is_unwanted()
    {
        var catalogue = new CatalogueIndex(
        [
            Track("a", "rock", ["Loud"], 100), Track("b", "rock", ["soft"], 200), Track("a", "jazz", [], 300), Track("c", null, ["loud", "soft"], null),
        ]);
        int[] KeptOut(ListWishes wishes, params TrackFacts[] facts) => [.. Enumerable.Range(0, catalogue.Count).Where(track => !new TrackFilter(catalogue, facts, wishes).Allows(track))];
        TrackGroups Groups(string[]? genres = null, string[]? artists = null, string[]? tags = null)
            => new(genres ?? [], [.. (artists ?? []).Select(id => new ArtistId(id))], tags ?? []);

        Assert.Empty(KeptOut(ListWishes.None));
        Assert.Equal([2, 3], KeptOut(new() { Include = Groups(genres: ["ROCK"]) }));
        Assert.Equal([1, 2, 3], KeptOut(new() { Include = Groups(genres: ["rock"], artists: ["a", "c"]) }));
        Assert.Equal([1, 2], KeptOut(new() { Include = Groups(tags: ["LOUD"]) }));
        Assert.Equal([0, 1, 3], KeptOut(new() { Exclude = Groups(genres: ["rock"], artists: ["c"]) }));
        Assert.Equal([1, 3], KeptOut(new() { Exclude = Groups(tags: ["soft"]) }));
        Assert.Equal([0, 1, 2, 3], KeptOut(new() { Include = Groups(genres: ["rock"]), Exclude = Groups(artists: ["a", "b"]) }));
        Assert.Equal([0, 3], KeptOut(new() { MinLength = TimeSpan.FromSeconds(200) }));
        Assert.Equal([2, 3], KeptOut(new() { MaxLength = TimeSpan.FromSeconds(200) }));
        Assert.Equal([0, 2, 3], KeptOut(new() { Energy = new(0.4f, 0.6f, null) }, new(null, Sound(energy: 0.3f)), new(null, Sound(energy: 0.4f)), new("x", null)));
        Assert.Equal([1, 2, 3], KeptOut(new() { Tempo = new(null, 100, null) }, new(null, Sound(tempo: 90)), new(null, Sound(tempo: 101))));
        Assert.Equal([1, 2, 3], KeptOut(new() { Loudness = new(-15, null, null) }, new(null, Sound()), new(null, Sound(loudness: -16))));
        Assert.Equal([1, 2, 3], KeptOut(new() { Brightness = new(null, 1_500, null) }, new(null, Sound()), new(null, Sound(brightness: 1_501))));
        Assert.Throws<ArgumentException>(() => new SoundWish(2, 1, null));
    }

    [Fact]
    public void Diversity_agrees_with_its_plain_twin()
    {
        for (ulong world = 0; world < 40; world++)
        {
            var random = new SeededRandom(23, world);
            var places = new DenseMatrix(60, 5);
            for (var cell = 0; cell < 300; cell++)
            {
                places.Row(cell / 5)[cell % 5] = (float)random.NextNormal();
            }
            var tracks = Enumerable.Range(0, 60).ToArray();
            random.Shuffle<int>(tracks);
            var before = tracks[..random.NextInt(13)];
            var ranking = tracks[13..(14 + random.NextInt(40))].Select(track => (Track: track, Score: (float)random.NextNormal())).OrderByDescending(r => r.Score).ToList();
            var scene = RuleScene.Of(ranking, before) with { Places = places };
            var diversity = 0.9f * (float)random.NextDouble();

            Assert.Equal(PlainMmr(ranking, before, places, 1 - diversity), RuleScene.Pick(scene, [new Diversity(scene, diversity)], 60));
        }
    }

    private static List<int> PlainMmr(List<(int Track, float Score)> ranking, int[] before, DenseMatrix places, double lambda)
    {
        var (list, left) = (new List<int>(), ranking.ToList());
        var (lowest, spread) = (ranking[^1].Score, Math.Max(1e-9, ranking[0].Score - ranking[^1].Score));
        while (left.Count > 0)
        {
            var best = left.MaxBy(r => lambda * (r.Score - lowest) / spread - (1 - lambda) * before.TakeLast(10).Concat(list)
                .Select(other => (double)Vectors.Cosine(places.Row(r.Track), places.Row(other))).Append(0).Max());
            list.Add(best.Track);
            left.Remove(best);
        }
        return list;
    }

    private static Track Track(string artist, string? genre, string[] tags, double? seconds)
        => new(new($"{artist}{genre}{seconds}"), "title", new(new(artist), artist), genre, tags, seconds is { } length ? TimeSpan.FromSeconds(length) : null);
}
