using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;
using Segue.Numerics;
using Segue.Retrieval.Nearest;

namespace Segue.Tests.Shared;

/// <summary>Three genres of 20 tracks by five artists each, and 40 listeners who love one or two of them: small enough to know who
/// should hear what, and trained by the real models.</summary>
/// <remarks>Track n is of genre n / 20 and of artist n / 4. Listener n loves genre n % 3; every fifth one the next genre too.</remarks>
internal static class TinyWorld
{
    public const int TracksPerGenre = 20, TracksPerArtist = 4, Listeners = 40;

    public static IReadOnlyList<string> Genres { get; } = ["rock", "jazz", "techno"];

    public static IReadOnlyList<Track> Catalogue { get; } =
    [
        .. Enumerable.Range(0, Genres.Count * TracksPerGenre).Select(n => new Track(
            IdOf(n), $"Title {n}", new(new($"artist{n / TracksPerArtist}"), $"Artist {n / TracksPerArtist}"), Genres[n / TracksPerGenre], [], TimeSpan.FromSeconds(200))),
    ];

    public static Dataset Data { get; } = Build();

    public static ModelSet Models { get; } = Train(Data);
    public static TasteIndex Nearest { get; } = new(Models.Taste, Models.Trained);

    public static TrackId IdOf(int track) => new($"track{track}");

    public static ListenerId Listener(int n) => new($"listener{n}");

    public static int RowOf(TrackId id) => Data.Catalogue.Find(id)!.Value;

    public static int GenreOf(int track) => track / TracksPerGenre;

    public static IEnumerable<int> TracksOf(int genre) => Enumerable.Range(genre * TracksPerGenre, TracksPerGenre);

    public static ModelSet Train(Dataset data)
    {
        T Of<T>(string kind, Dictionary<string, double>? settings = null) => (T)ModelKinds.Get(kind).Trainer(settings).Train(data.Training, new(1, 1));
        return new("000001",
            Of<ImplicitAlsModel>(ImplicitAlsModel.KindName, new() { ["factors"] = 8, ["sweeps"] = 8 }),
            Of<CooccurrenceModel>(CooccurrenceModel.KindName),
            Of<MostPopularModel>(MostPopularModel.KindName));
    }

    /// <summary>The same models after everybody heard or skipped every track: track n is heard to its end with a chance of n ÷ 60.</summary>
    public static ModelSet WithAppeal { get; } = Models with { Popular = Appealing() };

    private static MostPopularModel Appealing()
    {
        var (random, plays) = (new SeededRandom(5), new List<(int User, PairAction Action)>());
        for (var n = 0; n < Listeners * Catalogue.Count; n++)
        {
            var (user, track) = (n / Catalogue.Count, n % Catalogue.Count);
            plays.Add((user, new(track, random.NextInt(Catalogue.Count) < track ? InteractionAction.Listen : InteractionAction.Skip, 1, 0)));
        }
        return (MostPopularModel)new MostPopularTrainer().Train(new(Data.Training.Strengths, actions: ActionRows.Gather(Listeners, plays)), new(1, 1));
    }

    private static Dataset Build()
    {
        var profiles = Enumerable.Range(0, Listeners).Select(n => new ListenerProfile(Listener(n), null, AgeBand.Unknown, Gender.Unknown)).ToList();
        var interactions = new List<Interaction>();
        var clock = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var n = 0; n < Listeners; n++)
        {
            var random = new SeededRandom(99, (ulong)n);
            int[] loved = n % 5 == 0 ? [n % 3, (n + 1) % 3] : [n % 3];
            for (var play = 0; play < 30; play++)
            {
                // The lower of two draws: early tracks of a genre are better known than late ones.
                var place = Math.Min(random.NextInt(TracksPerGenre), random.NextInt(TracksPerGenre));
                var track = loved[random.NextInt(loved.Length)] * TracksPerGenre + place;
                interactions.Add(new(Listener(n).Value, IdOf(track).Value, 1, clock = clock.AddMinutes(4), InteractionAction.Listen));
            }
        }
        return Dataset.Build(Catalogue, profiles, interactions);
    }
}
