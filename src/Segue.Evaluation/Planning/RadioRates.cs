using System.Diagnostics;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;
using Segue.Radio;
using Segue.Radio.Sessions;

namespace Segue.Evaluation.Planning;

/// <summary>How fast this machine's radio answers: seconds of the clock on one thread, without HTTP and log, among <see cref="Tracks"/> tracks.</summary>
/// <param name="Reaction">Of a reaction and the list of ten that follows.</param>
/// <param name="Start">Of a sitting's first list.</param>
/// <param name="SittingBytes">What a sitting of some reactions keeps.</param>
public sealed record RadioRates(double Reaction, double Start, double SittingBytes)
{
    /// <summary>Tracks of the measured world.</summary>
    public const int Tracks = 20_000;

    private const int Listeners = 2_000, Days = 20, Sittings = 200, Reactions = 8, Count = 10;

    /// <summary>Lets listeners of a lab world sit at a radio that was trained there: about a quarter of a minute. Half of the sittings are not counted.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static RadioRates Measure(int factors, TrainingRun run)
        => Measure(new() { Tracks = Tracks, Listeners = Listeners, Days = Days, Threads = run.Threads }, factors, run);

    internal static RadioRates Measure(LabOptions sizes, int factors, TrainingRun run)
    {
        var world = LabWorld.Create(sizes);
        var data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, world.SimulateHistory(cancellation: run.Cancellation)));
        run.Progress?.Report(0.3);
        T Train<T>(string kind, IReadOnlyDictionary<string, double>? settings = null)
            where T : IRecommenderModel
            => (T)ModelKinds.Get(kind).Trainer(settings).Train(data.Training, run with { Progress = null });
        var models = new ModelSet(
            "plan", Train<ImplicitAlsModel>(ImplicitAlsModel.KindName, new Dictionary<string, double> { ["factors"] = factors, ["sweeps"] = 4 }),
            Train<CooccurrenceModel>(CooccurrenceModel.KindName), Train<MostPopularModel>(MostPopularModel.KindName));
        run.Progress?.Report(0.6);
        var station = new RadioStation(data, models, new(), new Cold.NoSink(), TimeProvider.System);
        station.Repertoire.Prepare();
        Sit(world, station, 0, run.Cancellation);   // compiled before it counts
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (start, reaction) = Sit(world, station, Sittings, run.Cancellation);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Sittings;
        run.Progress?.Report(1);
        GC.KeepAlive(station);
        return new(reaction, start, Math.Max(0, bytes));
    }

    private static (double Start, double Reaction) Sit(LabWorld world, RadioStation station, int first, CancellationToken cancellation)
    {
        var (starting, reacting, reactions) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        for (var n = first; n < first + Sittings; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (clock, sitting) = (Stopwatch.GetTimestamp(), world.Sit(n, 0, world.End.AddHours(12), Reactions));
            var answer = station.Start(world.Listeners[n].Id, RadioSeeds.None, Count);
            starting += Stopwatch.GetElapsedTime(clock);
            for (; sitting.Heard < sitting.Length; reactions++)
            {
                var track = answer.Tracks[0].Track;
                var told = sitting.React(station.Catalogue.Find(track.Id)!.Value);
                clock = Stopwatch.GetTimestamp();
                answer = station.React(answer.Session, [new(told.Skipped ? RadioEventKind.Skipped : RadioEventKind.Played, track.Id, told.Heard)], Count);
                reacting += Stopwatch.GetElapsedTime(clock);
            }
        }
        return (starting.TotalSeconds / Sittings, reacting.TotalSeconds / reactions);
    }
}

/// <summary>What the radio of a service takes.</summary>
/// <param name="ReactionsPerCoreSecond">Reactions that a core answers with a list of ten, without HTTP and log.</param>
/// <param name="StartsPerCoreSecond">First lists that it makes.</param>
/// <param name="Index">Bytes of the indexes over the tracks' factors, the whole one and those of genres; the factors are mapped.</param>
/// <param name="Records">Bytes of records of <paramref name="Active"/> listeners.</param>
/// <param name="Sittings">Bytes of <paramref name="AtOnce"/> sittings.</param>
public sealed record RadioPlan(double ReactionsPerCoreSecond, double StartsPerCoreSecond, long Index, long Active, long Records, long AtOnce, long Sittings)
{
    // So many of the listeners do something between two trainings; one in a hundred sits at the radio at once.
    private const double ActiveShare = 0.1, AtOnceShare = 0.01;
    private const int RecordBytes = 529;   // with its place in an index
    private const long Cached = 32 << 20;

    /// <summary>Extrapolates: where the factors of the tracks are beyond the caches all takes <see cref="NightPlan.LargeTables"/> times as long; searches grow less than the catalogue, as norms end them.</summary>
    public static RadioPlan Of(ServiceSize size, RadioRates rates)
    {
        var wait = sizeof(float) * size.Factors * size.Tracks > Cached ? NightPlan.LargeTables : 1;
        var (active, atOnce) = ((long)(ActiveShare * size.Listeners), Math.Min(new RadioOptions().MaxSessions, (long)(AtOnceShare * size.Listeners)));
        return new(
            1 / (rates.Reaction * wait), 1 / (rates.Start * wait), 2 * Numerics.Search.ByteIndex.BytesOf(size.Tracks, size.Factors), active, RecordBytes * active,
            atOnce, (long)(rates.SittingBytes * atOnce));
    }
}
