using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Retrieval.Candidates;
using Segue.Retrieval.Sounds;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Sounds;

public sealed class SittingSoundTests
{
    // Tracks 0 to 3 on the axes of a plane, 4 between the first two; 5 has no sound.
    private static readonly SoundIndex Sounds = SoundIndex.Create("000001", [0, 1, 2, 3, 4], Rows([1, 0], [0, 2], [-1, 0], [0, -3], [1, 1]));

    private static SessionSignal Kept(int track, float strength = 1) => new(track, strength, IsSeed: false);

    [Fact]
    public void A_track_counts_by_what_it_sounds_like_kept_minus_skipped_shrunk_by_the_prior()
    {
        var sound = SittingSound.Of(Sounds, [Kept(0), Kept(3, -1), Kept(5)])!;

        Assert.Equal(1f / 3, sound.Of(0), 1e-6);
        Assert.Equal(1f / 3, sound.Of(1), 1e-6);
        Assert.Equal(-1f / 3, sound.Of(2), 1e-6);
        Assert.Equal(MathF.Sqrt(2) / 3, sound.Of(4), 1e-6);
        Assert.Equal(0, sound.Of(5));
    }

    [Fact]
    public void What_signals_add_is_the_whole()
    {
        var random = new SeededRandom(1);
        for (var world = 0; world < 50; world++)
        {
            SessionSignal[] signals = [.. Enumerable.Range(0, 1 + random.NextInt(6)).Select(_ => Kept(random.NextInt(6), (float)random.NextNormal()))];
            var sound = SittingSound.Of(Sounds, signals)!;

            Assert.All(Enumerable.Range(0, 6), track => Assert.Equal(sound.Of(track), signals.Sum(signal => sound.Adds(signal, track)), 1e-5));
        }
    }

    [Fact]
    public void Without_sounds_or_signals_there_is_no_sound_of_a_sitting()
    {
        Assert.Null(SittingSound.Of(null, [Kept(0)]));
        Assert.Null(SittingSound.Of(Sounds, []));
    }

    [Fact]
    public void Candidates_sound_like_what_was_kept_and_not_like_what_was_skipped()
        => Assert.Equal([4, 1], Propose([Kept(0), Kept(3, -1)], excluded: [0]));

    [Theory]
    [InlineData(-1f, 0)]
    [InlineData(1f, 5)]
    public void Who_only_skipped_or_kept_what_has_no_sound_is_offered_nothing_by_it(float strength, int track)
        => Assert.Empty(Propose([Kept(track, strength)], excluded: []));

    private static IEnumerable<int> Propose(SessionSignal[] signals, HashSet<int> excluded)
    {
        var context = new ListenerContext(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, UserHistory.Empty, signals, new(excluded), new(Skip: 1)) { Sounds = Sounds };
        return new SoundCandidates().Propose(context, 10).Select(candidate => candidate.Track);
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
