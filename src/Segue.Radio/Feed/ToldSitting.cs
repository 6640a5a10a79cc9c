using System.Text.Json.Serialization;
using Segue.Core;
using Segue.Events.Pseudonyms;
using Segue.Ranking.Rules;

namespace Segue.Radio.Feed;

/// <summary>What the log keeps of an answer beside its id, its listener, its sitting and its time.</summary>
/// <param name="Model">Version of the models.</param>
/// <param name="LogEnd">Events of the log before this offset were in the data that the models were served with.</param>
/// <param name="Began">Offset of the sitting's start.</param>
/// <param name="Position">Events before this offset were known, no others.</param>
/// <param name="Count">Tracks asked for.</param>
/// <param name="Ranker">Version of the learnt ranker that ordered it; null: the hand-weighted score did.</param>
/// <param name="Explore">Share of places that went to tracks few have heard; null: none.</param>
/// <param name="Counters">So many tracks of a region were counted for what trends; null: all.</param>
/// <param name="Digest">First 16 hexadecimal digits of the SHA-256 of the body that was sent.</param>
public sealed record ToldAnswer(string Model, long LogEnd, long Began, long Position, int Count, string? Ranker, double? Explore, int? Counters, string Digest);

/// <summary>What the log keeps of a sitting's start beside its id, its listener and its time. What is null was not asked for.</summary>
/// <param name="Scope">See <see cref="Pseudonymizer.Seal"/>.</param>
internal sealed record ToldSitting(
    IReadOnlyList<string>? Tracks, IReadOnlyList<string>? Artists, IReadOnlyList<string>? Genres, ToldWishes? Wishes, string? Scope)
{
    public IReadOnlyList<IReadOnlyList<string>>? Playlists { get; init; }
    public IReadOnlyDictionary<string, float>? Weights { get; init; }
    public ToldSitting? Less { get; init; }

    public static ToldSitting Of(RadioSeeds seeds, ListWishes wishes, string? scope) => new(
        ToldGroups.Some(seeds.Tracks.Select(track => track.Value)), ToldGroups.Some(seeds.Artists.Select(artist => artist.Value)), ToldGroups.Some(seeds.Genres),
        wishes == ListWishes.None ? null : ToldWishes.Of(wishes), scope)
    {
        Playlists = seeds.Playlists.Count == 0 ? null : [.. seeds.Playlists.Select(playlist => (IReadOnlyList<string>)[.. playlist.Select(track => track.Value)])],
        Weights = seeds.Weights.Count == 0 ? null : seeds.Weights,
        Less = seeds.Less is { } less ? Of(less, ListWishes.None, scope: null) : null,
    };

    public RadioSeeds ToSeeds() => new(
        [.. (Tracks ?? []).Select(id => new TrackId(id))], [.. (Artists ?? []).Select(id => new ArtistId(id))], Genres ?? [])
    {
        Playlists = [.. (Playlists ?? []).Select(playlist => (IReadOnlyList<TrackId>)[.. playlist.Select(id => new TrackId(id))])],
        Weights = Weights ?? new Dictionary<string, float>(),
        Less = Less?.ToSeeds(),
    };
}

/// <inheritdoc cref="TrackGroups"/>
internal sealed record ToldGroups(IReadOnlyList<string>? Genres, IReadOnlyList<string>? Artists, IReadOnlyList<string>? Tags)
{
    public static IReadOnlyList<string>? Some(IEnumerable<string> texts) => texts.ToList() is { Count: > 0 } some ? some : null;

    public static ToldGroups Of(TrackGroups groups) => new(Some(groups.Genres), Some(groups.Artists.Select(artist => artist.Value)), Some(groups.Tags));

    public TrackGroups ToGroups() => new(Genres ?? [], [.. (Artists ?? []).Select(id => new ArtistId(id))], Tags ?? []);
}

/// <inheritdoc cref="SoundWish"/>
internal sealed record ToldSound(float? Min, float? Max, float? Target)
{
    public static ToldSound? Of(SoundWish wish) => wish == SoundWish.None ? null : new(wish.Min, wish.Max, wish.Target);

    public SoundWish ToWish() => new(Min, Max, Target);
}

/// <inheritdoc cref="ListWishes"/>
internal sealed record ToldWishes
{
    public float? Discovery { get; init; }
    public float? Diversity { get; init; }
    public float? Smoothness { get; init; }
    public float? Sureness { get; init; }
    public bool? WebRadio { get; init; }
    public bool? RestByHabit { get; init; }
    public ToldGroups? Include { get; init; }
    public ToldGroups? Exclude { get; init; }

    /// <summary>In ticks of 100 ns.</summary>
    public long? MinLength { get; init; }

    /// <inheritdoc cref="MinLength"/>
    public long? MaxLength { get; init; }
    public ToldSound? Energy { get; init; }
    public ToldSound? Tempo { get; init; }
    public ToldSound? Loudness { get; init; }
    public ToldSound? Brightness { get; init; }

    public static ToldWishes Of(ListWishes wishes) => new()
    {
        Discovery = Some(wishes.Discovery),
        Diversity = Some(wishes.Diversity),
        Smoothness = Some(wishes.Smoothness),
        Sureness = wishes.Sureness > -1 ? wishes.Sureness : null,
        WebRadio = wishes.IsWebRadio ? true : null,
        RestByHabit = wishes.RestsByHabit ? true : null,
        Include = wishes.Include == TrackGroups.None ? null : ToldGroups.Of(wishes.Include),
        Exclude = wishes.Exclude == TrackGroups.None ? null : ToldGroups.Of(wishes.Exclude),
        MinLength = wishes.MinLength?.Ticks,
        MaxLength = wishes.MaxLength?.Ticks,
        Energy = ToldSound.Of(wishes.Energy),
        Tempo = ToldSound.Of(wishes.Tempo),
        Loudness = ToldSound.Of(wishes.Loudness),
        Brightness = ToldSound.Of(wishes.Brightness),
    };

    public ListWishes ToWishes() => new()
    {
        Discovery = Discovery ?? 0,
        Diversity = Diversity ?? 0,
        Smoothness = Smoothness ?? 0,
        Sureness = Sureness ?? -1,
        IsWebRadio = WebRadio ?? false,
        RestsByHabit = RestByHabit ?? false,
        Include = Include?.ToGroups() ?? TrackGroups.None,
        Exclude = Exclude?.ToGroups() ?? TrackGroups.None,
        MinLength = MinLength is { } least ? new(least) : null,
        MaxLength = MaxLength is { } most ? new(most) : null,
        Energy = Energy?.ToWish() ?? SoundWish.None,
        Tempo = Tempo?.ToWish() ?? SoundWish.None,
        Loudness = Loudness?.ToWish() ?? SoundWish.None,
        Brightness = Brightness?.ToWish() ?? SoundWish.None,
    };

    private static float? Some(float value) => value == 0 ? null : value;
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ToldSitting))]
[JsonSerializable(typeof(ToldAnswer))]
internal sealed partial class SittingJson : JsonSerializerContext;
