using Segue.Evaluation.Lab;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Lab;

public sealed class LabMemoryTests
{
    private const int Hour = 3600;

    /// <summary>Tracks 0 and 1 are of one artist, 2 of another.</summary>
    private static readonly int[] Artists = [0, 0, 1];

    [Fact]
    public void Fatigue_of_a_track_halves_in_twelve_hours()
    {
        var memory = new LabMemory();
        memory.Add(0, 0);

        Assert.Equal(memory.Fatigue(0, 0, Artists, 0.5) / 2, memory.Fatigue(0, 12 * Hour, Artists, 0.5), 1e-9);
    }

    [Fact]
    public void Another_track_of_the_artist_tires_less_and_one_of_another_artist_not_at_all()
    {
        var memory = new LabMemory();
        memory.Add(0, 0);

        Assert.InRange(memory.Fatigue(1, 0, Artists, 0.5), 0.1, memory.Fatigue(0, 0, Artists, 0.5) / 2);
        Assert.Equal(0, memory.Fatigue(2, 0, Artists, 0.5));
    }

    [Fact]
    public void One_who_loves_repeats_tires_less()
    {
        var memory = new LabMemory();
        memory.Add(0, 0);

        Assert.True(memory.Fatigue(0, 0, Artists, 1) < memory.Fatigue(0, 0, Artists, 0));
    }

    [Fact]
    public void What_lies_in_the_future_or_more_than_fifty_tracks_back_does_not_tire()
    {
        var memory = new LabMemory();
        memory.Add(0, Hour);
        Assert.Equal(0, memory.Fatigue(0, 0, Artists, 0.5));

        for (var i = 0; i < LabMemory.Capacity; i++)
        {
            memory.Add(2, Hour);
        }
        Assert.Equal(0, memory.Fatigue(0, Hour, Artists, 0.5));
    }

    [Fact]
    public void Skips_follow_the_published_curve()
    {
        var random = new SeededRandom(1);
        var times = Enumerable.Range(0, 200_000).Select(_ => LabSkipCurve.Draw(200, ref random)).ToArray();

        Assert.All(times, time => Assert.InRange(time, 0.3, 200));
        foreach (var (seconds, share) in new[] { (5, 0.2414), (10, 0.2897), (30, 0.3505) })
        {
            Assert.Equal(share / 0.486, times.Count(time => time < seconds) / 200_000.0, 0.005);
        }
    }
}
