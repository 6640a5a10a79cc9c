using Segue.Evaluation.Adaptivity;
using Segue.Evaluation.Lab;

namespace Segue.Evaluation.Tests.Adaptivity;

public sealed class SourcePolicyTests
{
    [Fact]
    public void Radios_with_sound_tags_and_playlists_stand_before_the_radio_and_play_in_sittings_without_repeating()
    {
        var world = LabWorld.Create(new() { Listeners = 25, Tracks = 40, Days = 5, Seed = 4, PlaylistKeepers = 1 });
        var history = world.SimulateHistory(cancellation: TestContext.Current.CancellationToken);
        var data = Features.Interactions.Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, history, world.Playlists(history)));
        var models = LabModels.TrainAll("lab", data.Training, new(4, 1));

        var policies = SourcePolicies.Create(world, data, models, TestContext.Current.CancellationToken);

        Assert.Equal(["radio without session", "radio with sound", "radio with tags", "radio with both", "radio with playlists", "radio"], policies.Select(policy => policy.Name).TakeLast(6));
        foreach (var policy in policies)
        {
            var (plan, heard) = (policy.Begin(3, 0), new HashSet<int>());
            for (var n = 0; n < 8; n++)
            {
                var track = plan.Next();
                Assert.True(heard.Add(track), policy.Name);
                plan.Told(track, new(n % 2 == 0, TimeSpan.FromSeconds(30), Core.VoteValue.Withdrawn, false));
            }
        }
    }
}
