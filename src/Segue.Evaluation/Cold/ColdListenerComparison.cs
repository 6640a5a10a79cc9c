using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio;

namespace Segue.Evaluation.Cold;

/// <summary>How fast the radio learns a listener of whom it knows nothing, and one whose taste has changed.</summary>
/// <remarks>
/// One listener in <see cref="OneIn"/> is kept from training and holds one sitting of <see cref="Tracks"/> tracks under each arm: with the history (folded in), with none, with none but country, age and gender, with
/// answers to the onboarding, and with both. Of the <see cref="AskedAbout"/> artists shown a newcomer chooses <see cref="Chosen"/>, by chance, those truly
/// liked more often (odds of the mean true liking of the artist's tracks): what a person can say, and no more. For the change of taste all
/// tastes are drawn anew at the end of the history; beside the listener whose history tells of the old taste sits one, alike in all else, whose history tells of the new.
/// Equal seeds give equal curves for any number of threads, but for the arm that explores: its chance is seeded by the ids of sittings, which are new each time.
/// </remarks>
public static class ColdListenerComparison
{
    /// <summary>Tracks of a sitting.</summary>
    public const int Tracks = 30;

    /// <summary>One listener in so many is new.</summary>
    public const int OneIn = 5;

    /// <summary>Artists that the onboarding shows.</summary>
    public const int AskedAbout = 12;

    private const int Strangers = 1500;

    /// <summary>How many of them a newcomer chooses.</summary>
    public const int Chosen = 3;

    public const string Known = "known", Cold = "cold", WithPeople = "cold, people like you", WithOnboarding = "cold, onboarding", WithBoth = "cold, both", Blind = "cold, no session", Exploring = "known, 10 % explored";
    public const string OldTaste = "history of the old taste", NewTaste = "history of the new taste", NoHistory = "no history", OldBlind = "old taste, no session", IdealKnown = "ideal, knows the taste", Ideal = "ideal, has to learn it";

    /// <param name="sizes">Size of each world; its seed is replaced.</param>
    /// <param name="seeds">One world each.</param>
    /// <param name="options">Of the radio.</param>
    /// <param name="withIdeal">Also two arms without a radio (see <see cref="IdealArm"/>): what can be learnt in a sitting at all.</param>
    /// <param name="progress">Told the share done, in [0, 1].</param>
    public static (IReadOnlyList<ListeningCurve> ColdListeners, IReadOnlyList<ListeningCurve> NewTastes) Run(
        LabOptions sizes, IReadOnlyList<ulong> seeds, RadioOptions options, bool withIdeal, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var (cold, changed) = (new Dictionary<string, List<double[]>>(), new Dictionary<string, List<double[]>>());
        for (var n = 0; n < seeds.Count; n++)
        {
            var world = new ColdWorld(sizes with { Seed = seeds[n], TastesChangeAt = 0 }, cancellation);
            Hold(world, [.. Newcomers(world, options), .. withIdeal ? IdealArms(world.World) : []], cold, cancellation);
            progress?.Report((n + 0.5) / seeds.Count);
            var other = ChangedWorld(sizes with { Seed = seeds[n] }, options, out var arms, cancellation);
            Hold(other, [.. arms, .. withIdeal ? IdealArms(other.World) : []], changed, cancellation);
            progress?.Report((n + 1.0) / seeds.Count);
        }
        return (Curves(cold), Curves(changed));
    }

    private static IReadOnlyList<StationArm> Newcomers(ColdWorld world, RadioOptions options)
    {
        RadioStation Station(Dataset data, RadioOptions radio, bool knowsPeople)
        {
            var station = new RadioStation(data, world.Models, radio, new NoSink(), TimeProvider.System);
            station.Repertoire.People.Know(knowsPeople ? world.World.Listeners : []);
            return station;
        }

        var (strangers, people) = (Station(world.Others, options, knowsPeople: false), Station(world.Others, options, knowsPeople: true));
        RadioSeeds Seeds(int listener) => Onboard(world.World, strangers, listener);
        return
        [
            new(Known, Station(world.All, options, knowsPeople: true)),
            new(Cold, strangers),
            new(WithPeople, people),
            new(WithOnboarding, strangers, Seeds),
            new(WithBoth, people, Seeds),
            new(Exploring, Station(world.All, options with { Exploration = new() { Share = 0.1 } }, knowsPeople: true)),
            new(Blind, Station(world.Others, options with { AdaptsToSession = false }, knowsPeople: false)),
        ];
    }

    private static ColdWorld ChangedWorld(LabOptions sizes, RadioOptions options, out IReadOnlyList<StationArm> arms, CancellationToken cancellation)
    {
        // The last hour of the last day, so that no play of the history follows the change, and a sitting of the day after does.
        var before = new ColdWorld(sizes with { TastesChangeAt = 1 - 1e-6 }, cancellation);
        // From the second day on.
        var after = new ColdWorld(sizes with { TastesChangeAt = 0.5 / sizes.Days }, cancellation);
        RadioStation Station(Dataset data, RadioOptions radio) => new(data, before.Models, radio, new NoSink(), TimeProvider.System);
        arms =
        [
            new(NewTaste, Station(after.All, options)),
            new(OldTaste, Station(before.All, options)),
            new(NoHistory, Station(before.Others, options)),
            new(OldBlind, Station(before.All, options with { AdaptsToSession = false })),
        ];
        return before;
    }

    private static IReadOnlyList<ISittingArm> IdealArms(LabWorld world)
    {
        var anybody = new WhoMightBe(world.Truth, world.Truth.Population.Strangers(Strangers));
        return [new IdealArm(IdealKnown, (listener, day) => new(world.Truth, [world.Truth.Population.On(listener, day)])), new IdealArm(Ideal, (_, _) => anybody)];
    }

    private static RadioSeeds Onboard(LabWorld world, RadioStation station, int listener)
    {
        var (likings, catalogue) = (world.Likings(listener), station.Catalogue);
        var random = new SeededRandom(world.Options.Seed, 0x0B0A, (ulong)listener);
        var chosen = new TopK(Chosen);
        foreach (var pick in station.Repertoire.Onboarding(AskedAbout))
        {
            var liking = catalogue.TracksOfArtist(pick.Artist).Average(track => likings[track]);
            // Gumbel's noise on the log odds chooses by the odds.
            chosen.Add(pick.Track, (float)(Math.Log(liking / (1 - liking)) - Math.Log(-Math.Log(1 - random.NextDouble() * (1 - 1e-12)))));
        }
        return new([], [.. chosen.Take().Select(scored => catalogue.Tracks[scored.Item].Artist.Id)], []);
    }

    private static void Hold(ColdWorld world, IReadOnlyList<ISittingArm> arms, Dictionary<string, List<double[]>> results, CancellationToken cancellation)
    {
        foreach (var arm in arms)
        {
            var kept = new int[world.Newcomers.Count][];
            Workers.For(kept.Length, world.World.Options.Threads, n =>
            {
                var listener = world.Newcomers[n];
                var own = kept[n] = new int[Tracks];
                arm.Sit(world.World, listener, world.World.Sit(listener, 0, world.World.End.AddHours(12), Tracks), (number, isKept) => own[number] = isKept ? 1 : 0);
            }, cancellation);
            results.TryAdd(arm.Name, []);
            results[arm.Name].Add([.. Enumerable.Range(0, Tracks).Select(track => kept.Average(own => own[track]))]);
        }
    }

    private static IReadOnlyList<ListeningCurve> Curves(Dictionary<string, List<double[]>> results)
        => [.. results.Select(arm => new ListeningCurve(arm.Key, arm.Value))];

    /// <summary>A world, its history, and models that know nothing of the newcomers.</summary>
    private sealed class ColdWorld
    {
        public ColdWorld(LabOptions options, CancellationToken cancellation)
        {
            World = LabWorld.Create(options);
            var history = World.SimulateHistory(cancellation: cancellation);
            Newcomers = [.. Enumerable.Range(0, options.Listeners).Where(listener => listener % OneIn == 0)];
            ListenerProfile[] others = [.. World.Listeners.Where((_, listener) => listener % OneIn != 0)];
            Others = Dataset.Build(World.Catalogue, others, LabExport.ToInteractions(World, history.Where(play => play.Listener % OneIn != 0)));
            All = Dataset.Build(World.Catalogue, [.. others, .. Newcomers.Select(listener => World.Listeners[listener])], LabExport.ToInteractions(World, history));
            Models = LabModels.TrainAll("lab", Others.Training, new(options.Seed, options.Threads, Cancellation: cancellation));
        }

        public LabWorld World { get; }

        /// <summary>Lab indices, ascending.</summary>
        public IReadOnlyList<int> Newcomers { get; }
        public Dataset Others { get; }

        /// <summary>The newcomers' rows stand behind those of the others.</summary>
        public Dataset All { get; }
        public ModelSet Models { get; }
    }
}
