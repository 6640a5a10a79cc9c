using Segue.Core;
using Segue.Evaluation.Lab;

namespace Segue.Evaluation.Tests.Lab;

public sealed class LabCalibrationTests
{
    [Theory]
    [InlineData(500, 2000, 1)]
    [InlineData(500, 2000, 2)]
    [InlineData(500, 2000, 3)]
    [InlineData(2000, 5000, 1)]
    [InlineData(2000, 5000, 2)]
    [InlineData(2000, 5000, 3)]
    public void A_world_comes_near_the_published_figures(int listeners, int tracks, ulong seed)
    {
        var calibration = Measure(listeners, tracks, seed);

        Assert.Equal(0.2414, calibration.SkippedWithin5Seconds.World, 0.02);
        Assert.Equal(0.2897, calibration.SkippedWithin10Seconds.World, 0.02);
        Assert.Equal(0.3505, calibration.SkippedWithin30Seconds.World, 0.02);
        Assert.Equal(0.486, calibration.SkippedBeforeEnd.World, 0.02);
        Assert.InRange(calibration.TopArtistsShare.World, 0.4, 0.6);
        Assert.InRange(calibration.SessionMedian.World, 2, 9);
        Assert.True(calibration.SessionNinetyNinth.World > 4 * calibration.SessionMedian.World);
        Assert.InRange(calibration.OracleKept.World, 0.75, 0.92);
        Assert.True(calibration.OracleKept.World > calibration.PopularKept.World + 0.25);
    }

    [Fact]
    public void The_report_has_a_heading_and_a_line_for_each_figure()
    {
        var calibration = Measure(50, 200, 1);

        var lines = LabReport.Lines(calibration).ToArray();

        Assert.Equal(1 + calibration.Figures.Count, lines.Length);
        Assert.Matches("^figure +world +published +source$", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("skipped before the end ", StringComparison.Ordinal) && line.Contains(" 0.486 "));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 100));
    }

    [Fact]
    public void An_empty_history_cannot_be_measured()
    {
        var world = LabWorld.Create(new LabOptions { Listeners = 1, Tracks = 20, Days = 1, Threads = 1 });

        Assert.Throws<ArgumentException>(() => LabCalibration.Measure(world, [], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Plays_become_interactions_with_their_strength_and_time()
    {
        var world = LabWorld.Create(new LabOptions { Listeners = 3, Tracks = 20, Days = 1, Threads = 1 });
        var length = world.Catalogue[7].Length!.Value;
        LabListen[] history =
        [
            new(1, 7, world.Start, new LabReaction(false, length, VoteValue.Up, PlaylistAdd: true)),
            new(2, 7, world.Start, new LabReaction(true, length / 4, VoteValue.Down, PlaylistAdd: false)),
        ];

        Assert.Equal(
            [
                new Interaction("l000001", "t00007", 1, world.Start, InteractionAction.Listen),
                new Interaction("l000001", "t00007", 1, world.Start + length, InteractionAction.VoteUp),
                new Interaction("l000001", "t00007", 1, world.Start + length, InteractionAction.PlaylistAdd),
                new Interaction("l000002", "t00007", 0.75, world.Start, InteractionAction.Skip),
                new Interaction("l000002", "t00007", 1, world.Start + length / 4, InteractionAction.VoteDown),
            ],
            LabExport.ToInteractions(world, history));
    }

    private static LabCalibration Measure(int listeners, int tracks, ulong seed)
    {
        var world = LabWorld.Create(new LabOptions { Listeners = listeners, Tracks = tracks, Seed = seed });
        var history = world.SimulateHistory(null, TestContext.Current.CancellationToken);
        return LabCalibration.Measure(world, history, TestContext.Current.CancellationToken);
    }
}
