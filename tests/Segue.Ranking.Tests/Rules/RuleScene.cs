using Segue.Core;
using Segue.Features;
using Segue.Ranking.Rules;
using Segue.Tests.Shared;

namespace Segue.Ranking.Tests.Rules;

/// <summary>Scenes of the tiny world, or of tracks made for one test.</summary>
internal static class RuleScene
{
    public static ListScene Of(IEnumerable<(int Track, float Score)> ranking, int[]? before = null, CatalogueIndex? catalogue = null)
        => new(catalogue ?? TinyWorld.Data.Catalogue, [.. ranking.Select(r => Ranked(r.Track, r.Score))], before ?? []);

    public static RankedTrack Ranked(int track, float score) => new(new(track, "test", 0), default(ScoreParts) with { Taste = score });

    public static int[] Pick(ListScene scene, IReadOnlyList<ListRule> rules, int count)
        => [.. ListPicker.Pick(scene, rules, count).Tracks.Select(ranked => ranked.Track)];

    /// <summary>Tracks 0, 1, 2 … of these artists.</summary>
    public static CatalogueIndex Catalogue(string artists, TimeSpan? length)
        => new([.. artists.Select((artist, n) => new Track(new($"t{n}"), $"t{n}", new(new($"{artist}"), $"{artist}"), null, [], length))]);

    /// <summary>Tracks 0, 1, 2 … of these albums; '-' is none.</summary>
    public static IReadOnlyList<TrackFacts> Albums(string albums)
        => [.. albums.Select(album => new TrackFacts(album == '-' ? null : $"{album}", null))];

    public static IReadOnlyList<TrackFacts> Sounds(params TrackSound?[] sounds) => [.. sounds.Select(sound => new TrackFacts(null, sound))];
}
