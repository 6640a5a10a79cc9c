using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Retrieval.Candidates;
using Segue.Retrieval.Nearest;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Candidates;

public sealed class SoundCandidatesTests
{
    // Tracks 0 to 3 on the axes of a plane, 4 between the first two; 5 has no sound.
    private static readonly DirectionIndex Sounds = DirectionIndex.Create("000001", [0, 1, 2, 3, 4], Rows([1, 0], [0, 2], [-1, 0], [0, -3], [1, 1]));

    private static SessionSignal Told(int track, float strength = 1) => new(track, strength, IsSeed: false);

    private static ScoredItem[] Propose(SessionSignal[] signals, HashSet<int> excluded, DirectionIndex? sounds)
    {
        var context = new ListenerContext(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, UserHistory.Empty, signals, new(excluded), new(Skip: 1)) { Sounds = sounds };
        return new SoundCandidates().Propose(context, 10);
    }

    [Fact]
    public void Tracks_come_by_how_much_they_sound_like_what_was_kept_less_what_was_skipped()
    {
        var proposed = Propose([Told(0), Told(3, -0.5f), Told(5)], excluded: [0], Sounds);

        Assert.Equal([4, 1], proposed.Select(candidate => candidate.Item));
        Assert.Equal(1.5 / Math.Sqrt(2), proposed[0].Score, 1e-6);
        Assert.Equal(0.5, proposed[1].Score, 1e-6);
    }

    [Theory]
    [InlineData(-1f, 0)]
    [InlineData(1f, 5)]
    public void Who_only_skipped_or_kept_what_has_no_sound_is_offered_nothing_by_it(float strength, int track)
        => Assert.Empty(Propose([Told(track, strength)], excluded: [], Sounds));

    [Fact]
    public void A_radio_that_has_not_listened_and_a_sitting_that_told_nothing_are_offered_nothing_by_it()
    {
        Assert.Empty(Propose([Told(0)], excluded: [], sounds: null));
        Assert.Empty(Propose([], excluded: [], Sounds));
    }

    private static DenseMatrix Rows(params float[][] rows)
    {
        var matrix = new DenseMatrix(rows.Length, rows[0].Length);
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row].CopyTo(matrix.Row(row));
        }
        return matrix;
    }
}
