using Segue.Evaluation.Adaptivity;
using Segue.Evaluation.Lab;
using Segue.Evaluation.Sound;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Evaluation.Cold;

/// <summary>How fast new tracks reach those who would like them, at radios that know their sound and at radios that do not.</summary>
/// <remarks>
/// Some tracks of a world are new: nobody has heard them when the radio goes on the air. Then each listener holds a sitting a day, and each night the radio learns from what was heard at it. All radios explore alike; they differ in what they know of a
/// track that few have heard: its artist and album; its sound too, for its place in taste; and sound as a source beside.
/// A track's true audience is the tenth of the listeners on whose own list, ordered by true liking, it stands highest, so that neither fame nor indulgent listeners count. Reached are those of them who were offered the track once.
/// Mood, length and luck of a sitting are the same for all arms. Equal seeds give equal results, for any number of threads.
/// </remarks>
public static class NewTrackComparison
{
    /// <summary>One listener in so many is the audience of a track.</summary>
    public const int AudienceOf = 10;

    /// <summary>The first offers of a track, that tell how well it is aimed.</summary>
    public const int FirstOffers = 20;

    public const string Random = "random", Popular = "most popular", Without = "radio, without sound", Placed = "radio, placed by sound", With = "radio, with sound";

    /// <param name="seeds">One world each.</param>
    /// <param name="progress">Told the share done, in [0, 1].</param>
    public static IReadOnlyList<NewTrackResult> Run(NewTrackOptions options, IReadOnlyList<ulong> seeds, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (runs, done) = (new Dictionary<string, List<NewTrackRun>>(), 0);
        foreach (var seed in seeds)
        {
            var run = new TrainingRun(seed, options.World.Threads, Cancellation: cancellation);
            var world = new NewTrackWorld(options, seed, run);
            var arms = Arms(world, run);
            foreach (var (name, learn, hear) in arms)
            {
                runs.TryAdd(name, []);
                runs[name].Add(world.Play(learn, hear, run, () => progress?.Report((double)++done / (seeds.Count * arms.Count * options.RadioDays))));
            }
        }
        return [.. runs.Select(arm => new NewTrackResult(arm.Key, arm.Value))];
    }

    // How each learns by night and begins a sitting by day, and what it does with what was heard.
    private static List<(string Name, Func<Func<int, ulong, ISittingPlan>> Learn, Action<IEnumerable<LabListen>> Hear)> Arms(NewTrackWorld world, TrainingRun run)
    {
        var data = Dataset.Build(world.World.Catalogue, world.World.Listeners, LabExport.ToInteractions(world.World, world.History));
        var (random, popular) = (new RandomPolicy(data.Catalogue.Count, run.Seed), new PopularPolicy(LabModels.TrainAll("lab", data.Training, run)));
        var day = 0;
        (string, Func<Func<int, ulong, ISittingPlan>>, Action<IEnumerable<LabListen>>) Living(string name, RadioEars ears)
        {
            var radio = new LivingRadio(world.Tracks, world.History, world.Sounds, world.Options, ears);
            return (name, () => radio.Learn(run), radio.Hear);
        }

        return
        [
            (Random, () =>
            {
                var number = day++;
                return (listener, _) => random.Begin(listener, number);
            }, _ => { }),
            (Popular, () => (listener, _) => popular.Begin(listener, 0), _ => { }),
            Living(Without, new(PlacesBySound: false, Listens: false)),
            Living(Placed, new(PlacesBySound: true, Listens: false)),
            Living(With, new(PlacesBySound: true, Listens: true)),
        ];
    }
}

/// <summary>A world with new tracks, and who they are for.</summary>
internal sealed class NewTrackWorld
{
    private readonly Dictionary<int, HashSet<int>> _audiences;

    public NewTrackWorld(NewTrackOptions options, ulong seed, TrainingRun run)
    {
        Options = options;
        Tracks = new(LabWorld.Create(options.World with { Seed = seed }), options.NewShare);
        History = [.. World.SimulateHistory(cancellation: run.Cancellation).Where(play => !Tracks.IsCold[play.Track])];
        Sounds = LabVectors.Of(Tracks, run);
        _audiences = Audiences(run);
    }

    public NewTrackOptions Options { get; }
    public LabColdTracks Tracks { get; }
    public LabWorld World => Tracks.World;

    /// <summary>Without plays of new tracks.</summary>
    public IReadOnlyList<LabListen> History { get; }
    public DenseMatrix Sounds { get; }

    /// <summary>Lets a radio play for all days.</summary>
    public NewTrackRun Play(Func<Func<int, ulong, ISittingPlan>> learn, Action<IEnumerable<LabListen>> hear, TrainingRun run, Action told)
    {
        var (offered, reached, first) = (Tracks.Cold.ToDictionary(track => track, _ => new HashSet<int>()), new List<double>(), Tracks.Cold.ToDictionary(track => track, _ => (Offers: 0, Hits: 0)));
        var (kept, played, offers) = (0, 0, 0);
        for (var day = 0; day < Options.RadioDays; day++)
        {
            var plays = Sit(learn(), day, run);
            hear(plays);
            foreach (var play in plays)
            {
                (played, kept) = (played + 1, kept + (play.Reaction.Skipped ? 0 : 1));
                if (!Tracks.IsCold[play.Track])
                {
                    continue;
                }
                var isHit = _audiences[play.Track].Contains(play.Listener);
                var (before, hits) = first[play.Track];
                first[play.Track] = before < NewTrackComparison.FirstOffers ? (before + 1, hits + (isHit ? 1 : 0)) : (before, hits);
                offers++;
                if (isHit)
                {
                    offered[play.Track].Add(play.Listener);
                }
            }
            reached.Add(offered.Average(track => (double)track.Value.Count / _audiences[track.Key].Count));
            told();
        }
        return new(reached, first.Values.Average(track => track.Offers == 0 ? 0 : (double)track.Hits / track.Offers), offers, (double)kept / played);
    }

    // All plays of a day, by place in the sitting, then by listener: as if all sat down at once.
    private List<LabListen> Sit(Func<int, ulong, ISittingPlan> begin, int day, TrainingRun run)
    {
        var plays = new List<LabListen>[World.Listeners.Count];
        Workers.For(plays.Length, run.Threads, listener =>
        {
            plays[listener] = [];
            var sitting = World.Sit(listener, day, World.End.AddDays(day).AddHours(12));
            var plan = begin(listener, SeededRandom.Mix(run.Seed ^ ((ulong)listener << 20) ^ ((ulong)day << 8)));
            while (sitting.Heard < sitting.Length)
            {
                var (track, at) = (plan.Next(), sitting.Now);
                var reaction = sitting.React(track);
                plan.Told(track, reaction);
                plays[listener].Add(new(listener, track, at, reaction));
            }
        }, run.Cancellation);
        return [.. plays.SelectMany(own => own.Select((play, place) => (play, place))).OrderBy(play => play.place).ThenBy(play => play.play.Listener).Select(play => play.play)];
    }

    private Dictionary<int, HashSet<int>> Audiences(TrainingRun run)
    {
        var places = new int[World.Listeners.Count][];   // by listener, then by new track: how many tracks are liked better
        Workers.For(places.Length, run.Threads, listener =>
        {
            var likings = World.Likings(listener);
            places[listener] = [.. Tracks.Cold.Select(track => likings.Count(liking => liking > likings[track]))];
        }, run.Cancellation);
        return Enumerable.Range(0, Tracks.Cold.Count).ToDictionary(
            n => Tracks.Cold[n],
            n => Enumerable.Range(0, places.Length).OrderBy(listener => places[listener][n]).ThenBy(listener => listener).Take(Math.Max(1, places.Length / NewTrackComparison.AudienceOf)).ToHashSet());
    }
}
