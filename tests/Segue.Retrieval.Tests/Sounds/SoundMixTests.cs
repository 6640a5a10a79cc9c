using Segue.Retrieval.Sounds;

namespace Segue.Retrieval.Tests.Sounds;

public sealed class SoundMixTests
{
    private readonly SoundSpace _degrees = SoundWorlds.Of(SoundWorlds.Degrees(180), SoundWorlds.Plain);

    [Fact]
    public void The_sum_of_two_tracks_lies_between_them()
        => Assert.Equal([28, 29, 31, 32], Find(new() { Seeds = [new(20), new(40), new(30)], Count = 4 }).Order());

    [Fact]
    public void A_heavier_track_draws_the_sum_to_itself()
        => Assert.InRange(Find(new() { Seeds = [new(20, 3), new(50)], Count = 1 })[0], 24, 29);

    [Fact]
    public void As_a_set_tracks_near_to_any_one_are_found()
        => Assert.Equal([19, 21, 89, 91], Find(new() { Seeds = [new(20), new(90)], Blend = SoundBlend.Any, Count = 4 }).Order());

    [Fact]
    public void What_is_nearer_to_the_subtracted_is_left_out()
    {
        var found = Find(new() { Seeds = [new(50), new(60, -0.1f)], Count = 100 });

        Assert.All(found, track => Assert.InRange(track, 0, 55));
        Assert.NotEmpty(found);
    }

    [Fact]
    public void A_threshold_leaves_out_what_is_nearer_than_it()
    {
        var found = Find(new() { Seeds = [new(50), new(60, -0.1f)], Count = 200, SubtractAbove = MathF.Cos(3.5f * MathF.PI / 180) });

        Assert.Equal(Enumerable.Range(57, 7), Enumerable.Range(0, 180).Except(found).Except([50]).Order());
    }

    [Fact]
    public void Subtracting_turns_the_direction_away()
        => Assert.InRange(Find(new() { Seeds = [new(50), new(80, -0.5f)], Count = 1, SubtractAbove = 1 })[0], 15, 35);

    [Fact]
    public void Artists_are_kept_apart_where_others_are_left()
    {
        int ArtistOf(int track) => track / 10;   // neighbors by degree are of one artist
        var found = Find(new() { Seeds = [new(45)], Count = 6, Artists = new(2, ArtistOf) });

        for (var n = 0; n < found.Count; n++)
        {
            Assert.DoesNotContain(ArtistOf(found[n]), found.Take(n).TakeLast(2).Select(ArtistOf));
        }
        Assert.Equal(4, ArtistOf(found[0]));
    }

    [Fact]
    public void Where_only_one_artist_is_left_the_list_is_still_as_long()
        => Assert.Equal(6, Find(new() { Seeds = [new(45)], Count = 6, Artists = new(3, _ => 1) }).Count);

    [Fact]
    public void Nothing_added_or_a_track_twice_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Find(new() { Seeds = [new(1, -1)] }));
        Assert.Throws<ArgumentException>(() => Find(new() { Seeds = [new(1), new(1, -1)] }));
        Assert.Throws<ArgumentException>(() => Find(new() { Seeds = [new(1), new(2, 0)] }));
        Assert.Throws<ArgumentException>(() => Find(new() { Seeds = [new(1)], SubtractAbove = 1.5f }));
    }

    [Fact]
    public void Long_tracks_and_talk_stay_out_unless_one_of_their_kind_was_asked_about()
    {
        var options = new SoundFlagOptions();
        SoundFlags FlagsOf(int track) => options.Of(TimeSpan.FromMinutes(track == 46 ? 21 : 4), track == 44 ? 0.9f : track == 47 ? float.NaN : 0.1f);

        Assert.Equal([43, 47], Find(new() { Seeds = [new(45)], Count = 2, Keep = SoundFlagOptions.WithoutFlagged(FlagsOf) }).Order());
        Assert.Equal([45, 47], Find(new() { Seeds = [new(46)], Count = 2, Keep = SoundFlagOptions.WithoutFlagged(FlagsOf, 46) }).Order());
        Assert.Equal([45, 46], Find(new() { Seeds = [new(47)], Count = 3, Keep = track => track < 48 && SoundFlagOptions.WithoutFlagged(FlagsOf, 46)(track) }).Order().TakeLast(2));
    }

    private List<int> Find(SoundQuery query) => [.. SoundMix.Find(_degrees, query).Select(match => match.Track)];
}
