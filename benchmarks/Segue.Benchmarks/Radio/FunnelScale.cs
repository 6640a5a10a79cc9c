using System.Diagnostics;
using System.Globalization;
using Segue.Benchmarks.Taste;
using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;
using Segue.Models;
using Segue.Numerics;
using Segue.Radio;
using Segue.Radio.Sessions;

namespace Segue.Benchmarks.Radio;

/// <summary>One reaction in, the changed list out, by the whole funnel of a station: <c>funnel [TRACKS LISTENERS DAYS [COUNT]]</c>, by default a lab world of 1,000,000 tracks, 50,000 listeners and 30 days,
/// 64 factors as they were learnt from it, and lists of 10.</summary>
/// <remarks>In the process, on one thread, without HTTP and without a log. Listeners sit down in the lab and react to the first track of each list.</remarks>
internal static class FunnelScale
{
    private const int Sittings = 600, MostEvents = 30, Runs = 3;

    public static void Run(string[] args)
    {
        int Given(int n, int usual) => args.Length > n ? int.Parse(args[n], CultureInfo.InvariantCulture) : usual;
        var clock = Stopwatch.StartNew();
        var world = LabWorld.Create(new() { Tracks = Given(0, 1_000_000), Listeners = Given(1, 50_000), Days = Given(2, 30) });
        var data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, world.SimulateHistory()));
        var run = new TrainingRun(1, Workers.Default);
        T Train<T>(string kind, IReadOnlyDictionary<string, double>? settings = null)
            where T : IRecommenderModel
            => (T)ModelKinds.Get(kind).Trainer(settings).Train(data.Training, run);
        var models = new ModelSet(
            "benchmark", Train<ImplicitAlsModel>(ImplicitAlsModel.KindName, new Dictionary<string, double> { ["factors"] = 64, ["sweeps"] = 8 }),
            Train<CooccurrenceModel>(CooccurrenceModel.KindName), Train<MostPopularModel>(MostPopularModel.KindName));
        Console.WriteLine(Line($"{data.Catalogue.Count:N0} tracks, {data.Users.Count:N0} listeners, {data.Training.Strengths.Count:N0} pairs; made in {clock.Elapsed.TotalSeconds:F0} s"));
        var count = Given(3, 10);
        var station = new RadioStation(data, models, new(), new NoSink(), TimeProvider.System);
        station.Start(null, RadioSeeds.None, 1);   // makes the index
        for (var n = 0; n < Runs; n++)
        {
            Measure(world, data, station, count, n, digest: null);
        }
        using var digest = new AnswerDigest();
        Measure(world, data, station, count, Runs, digest);
        Console.WriteLine($"  digest of the last run's answers: {digest.Told()}");
        foreach (var perSource in (int[])[new RadioOptions().CandidatesPerSource, 300, 600])
        {
            FunnelRecall.Run(world, data, models, sittings: 100, perSource);
        }
    }

    private static void Measure(LabWorld world, Dataset data, RadioStation station, int count, int run, AnswerDigest? digest)
    {
        var (events, changed, strong, times) = (0, 0, 0, new List<double>());
        var same = new List<(int Event, bool IsSkip, bool MovesScores)>();
        var before = CorePeaks.CpuSeconds();
        var answers = new RadioAnswer[Sittings];
        for (var sitting = 0; sitting < Sittings; sitting++)
        {
            answers[sitting] = station.Start(new ListenerId(data.Users[Listener(data, sitting)]), RadioSeeds.None, count);
        }
        var starting = CorePeaks.CpuSeconds() - before;
        before = CorePeaks.CpuSeconds();
        for (var sitting = 0; sitting < Sittings; sitting++)
        {
            var lab = world.Sit(Listener(data, sitting), run, world.End.AddHours(12));
            var answer = answers[sitting];
            digest?.Add(answer);
            for (var n = 0; n < Math.Min(MostEvents, lab.Length); n++)
            {
                var track = answer.Tracks[0].Track;
                var reaction = lab.React(data.Catalogue.Find(track.Id)!.Value);
                var told = new RadioEvent(reaction.Skipped ? RadioEventKind.Skipped : RadioEventKind.Played, track.Id, reaction.Heard);
                var clock = Stopwatch.GetTimestamp();
                var next = station.React(answer.Session, [told], count);
                times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
                digest?.Add(next);
                var isStrong = Math.Abs(told.Strength(track.Length)) > 0.5;
                strong += isStrong ? 1 : 0;
                var isChanged = !Ids(next).Take(count - 1).SequenceEqual(Ids(answer).Skip(1));
                changed += isStrong && isChanged ? 1 : 0;
                if (isStrong && !isChanged)
                {
                    same.Add((n, reaction.Skipped, next.Tracks.Take(count - 1).Zip(answer.Tracks.Skip(1)).Any(pair => pair.First.Score != pair.Second.Score)));
                }
                events++;
                answer = next;
            }
        }
        var seconds = CorePeaks.CpuSeconds() - before;
        times.Sort();
        Console.WriteLine(Line(
            $"  {events / seconds,7:F0} events a CPU second; p50 {times[times.Count / 2]:F2} ms, p99 {times[times.Count * 99 / 100]:F2} ms; {Sittings / starting:F0} starts a CPU second; the list changed after {changed} of {strong} skips and likes; of the others {same.Count(one => one.IsSkip)} were skips, {same.Count(one => one.Event >= 10)} after ten events, {same.Count(one => one.MovesScores)} moved scores"));
    }

    private static int Listener(Dataset data, int sitting) => (int)((long)sitting * data.Users.Count / Sittings);

    private static IEnumerable<TrackId> Ids(RadioAnswer answer) => answer.Tracks.Select(track => track.Track.Id);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class NoSink : IFeedbackSink
    {
        public void Shown(IReadOnlyList<Impression> impressions)
        {
        }

        public void Heard(Listen listen)
        {
        }

        public void Voted(Vote vote)
        {
        }
    }
}
