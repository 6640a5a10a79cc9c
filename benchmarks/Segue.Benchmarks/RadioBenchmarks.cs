using BenchmarkDotNet.Attributes;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Radio.Funnel;
using Segue.Retrieval;

namespace Segue.Benchmarks;

/// <summary>One plan of the radio, event in to list out, on one thread: lab world of 2,000 listeners, seed 1, factors 32.</summary>
public class RadioBenchmarks
{
    private static readonly HashSet<int> NothingBanned = [];
    private Dataset _data = null!;
    private ModelSet _models = null!;
    private RadioPlanner _planner = null!;
    private PlanRequest[] _requests = [];
    private int _turn;

    [Params(5_000, 20_000)]
    public int Tracks { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var world = LabWorld.Create(new() { Tracks = Tracks });
        _data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, world.SimulateHistory()));
        _models = LabModels.TrainAll("benchmark", _data.Training, new(1, 2));
        _planner = new(_data.Catalogue, _models, new(_models.Taste, _models.Trained), NewReleases.Of(_data.Training, _models.Trained.Items), new());
        _requests = [.. Enumerable.Range(0, 256).Select(user => new PlanRequest(
            _data.History(user),
            [.. Enumerable.Range(0, 10).Select(n => (user * 31 + n * 97) % Tracks)],
            [.. Enumerable.Range(0, 10).Select(n => new SessionSignal((user * 31 + n * 97) % Tracks, n % 3 == 0 ? -0.9f : 1, IsSeed: false))],
            NothingBanned))];
    }

    [Benchmark(Baseline = true)]
    public Plan TenSignals() => _planner.Next(_requests[_turn++ % _requests.Length], count: 5);

    [Benchmark]
    public Plan NoSignals() => _planner.Next(_requests[_turn++ % _requests.Length] with { Signals = [] }, count: 5);
}
