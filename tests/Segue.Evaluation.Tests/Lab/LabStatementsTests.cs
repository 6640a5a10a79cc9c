using Segue.Core;
using Segue.Evaluation.Lab;

namespace Segue.Evaluation.Tests.Lab;

public sealed class LabStatementsTests
{
    private static readonly LabOptions Sizes = new() { Listeners = 150, Tracks = 400, Days = 20, Seed = 5 };

    [Fact]
    public void Frequent_statements_are_about_five_times_the_rare_ones_and_of_kept_tracks_alone()
    {
        var (rare, often) = (Plays(LabStatements.Rare), Plays(LabStatements.Frequent));
        double Share(IReadOnlyList<LabListen> plays, Func<LabReaction, bool> which) => plays.Count(play => which(play.Reaction)) / (double)plays.Count;

        Assert.InRange(Share(often, r => r.Vote == VoteValue.Up) / Share(rare, r => r.Vote == VoteValue.Up), 4, 6);
        Assert.InRange(Share(often, r => r.PlaylistAdd) / Share(rare, r => r.PlaylistAdd), 3.5, 6.5);
        Assert.DoesNotContain(often, play => play.Reaction is { Skipped: true, Vote: VoteValue.Up } or { Skipped: true, PlaylistAdd: true } or { Skipped: false, Vote: VoteValue.Down });
    }

    [Fact]
    public void Statements_by_chance_fall_on_kept_and_skipped_tracks_alike()
    {
        var plays = Plays(LabStatements.Random);
        double ShareUp(bool skipped) => plays.Where(play => play.Reaction.Skipped == skipped).Average(play => play.Reaction.Vote == VoteValue.Up ? 1.0 : 0);

        Assert.InRange(ShareUp(true), 0.035, 0.065);
        Assert.InRange(ShareUp(false), 0.035, 0.065);
    }

    [Fact]
    public void Tastes_change_on_their_day_and_not_before()
    {
        var (still, changing) = (LabWorld.Create(Sizes), LabWorld.Create(Sizes with { TastesChangeAt = 0.5 }));
        var (one, two) = (still.SimulateHistory(cancellation: TestContext.Current.CancellationToken), changing.SimulateHistory(cancellation: TestContext.Current.CancellationToken));
        var day = still.Start.AddDays(10);

        Assert.Equal(one.Where(play => play.StartedAt < day), two.Where(play => play.StartedAt < day));
        Assert.NotEqual(one.Where(play => play.StartedAt >= day), two.Where(play => play.StartedAt >= day));
        Assert.True(Enumerable.Range(0, 150).Count(listener => !still.TasteGenres(listener).SequenceEqual(changing.TasteGenres(listener))) > 100);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_share_outside_its_range_is_told(double share)
        => Assert.Contains("TastesChangeAt is", Assert.Throws<ArgumentOutOfRangeException>(() => new LabOptions { TastesChangeAt = share }).Message, StringComparison.Ordinal);

    private static IReadOnlyList<LabListen> Plays(LabStatements statements) => LabWorld.Create(Sizes with { Statements = statements }).SimulateHistory(cancellation: TestContext.Current.CancellationToken);
}
