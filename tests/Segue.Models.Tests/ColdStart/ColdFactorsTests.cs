using Segue.Models.ColdStart;
using Segue.Numerics;

namespace Segue.Models.Tests.ColdStart;

public sealed class ColdFactorsTests
{
    private static readonly ColdStartData Told = new ColdWorld(ArtistTells: 0.5, SoundNoise: 0.15).Make().Data();
    private static readonly ColdFactors Fitted = ColdWorld.Fit(Told);

    [Fact]
    public void An_unknown_artist_is_placed_by_sound_alone()
    {
        for (var style = 0; style < 2; style++)
        {
            var placed = Fitted.Place(new(Sound: ColdWorld.SoundOf(style)));

            Assert.Equal(ColdSources.Sound, placed.Sources);
            Assert.True(placed.Factors[style] > 2 * Math.Abs(placed.Factors[1 - style]), string.Join(' ', placed.Factors));
        }
    }

    [Fact]
    public void Without_sound_the_artist_places_a_track()
    {
        var placed = Fitted.Place(new(Artist: 7));

        Assert.Equal((ColdSources.Artist, 8, 0), (placed.Sources, placed.ArtistTracks, placed.AlbumTracks));
        Assert.InRange(Vectors.Cosine(placed.Factors, Mean(Enumerable.Range(56, 8))), 0.99f, 1);
    }

    [Fact]
    public void Of_a_track_that_nothing_is_known_of_the_least_heard_tell()
    {
        var placed = Fitted.Place(new(Artist: 12_345, Sound: [.. new float[ColdWorld.SoundDimensions]]));

        var rare = Enumerable.Range(0, ColdWorld.Tracks).OrderBy(track => track % 50).ThenBy(track => track).Take(ColdWorld.Tracks / 4);
        Assert.Equal(ColdSources.None, placed.Sources);
        Assert.Equal(Mean(rare), placed.Factors, (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Weights_prefer_the_source_that_tells()
    {
        var artistTells = ColdWorld.Fit(new ColdWorld(ArtistTells: 2, SoundNoise: 1).Make().Data()).Weights;
        var soundTells = ColdWorld.Fit(Scattered(new ColdWorld(ArtistTells: 0.02, SoundNoise: 0.1).Make())).Weights;
        const ColdSources Both = ColdSources.Artist | ColdSources.Sound;

        Assert.True(artistTells.Of(Both)[0] > 5 * artistTells.Of(Both)[2], $"{string.Join(' ', artistTells.Of(Both))}");
        Assert.True(soundTells.Of(Both)[2] > 5 * soundTells.Of(Both)[0], $"{string.Join(' ', soundTells.Of(Both))}");
    }

    [Fact]
    public void More_sources_leave_less_unexplained()
    {
        var losses = Fitted.Weights.Losses;

        Assert.True(losses[(int)(ColdSources.Artist | ColdSources.Sound)] <= losses[(int)ColdSources.Artist]);
        Assert.True(losses[(int)ColdSources.Sound] < 1);
        Assert.All(Enumerable.Range(8, 8), set => Assert.Equal(double.NaN, losses[set]));   // nobody gave a network's guesses
    }

    [Fact]
    public void A_network_that_is_right_is_believed_and_one_that_guesses_is_not()
    {
        var right = ColdWorld.Fit(Told with { Predictions = Told.Factors }).Weights;
        var guesses = new DenseMatrix(ColdWorld.Tracks, ColdWorld.Dimensions);
        var random = new SeededRandom(3);
        foreach (ref var value in guesses.AsSpan())
        {
            value = (float)random.NextNormal();
        }
        var wrong = ColdWorld.Fit(Told with { Predictions = guesses }).Weights;
        const ColdSources All = ColdSources.Artist | ColdSources.Album | ColdSources.Sound | ColdSources.Network;

        Assert.Equal(1, right.Of(All)[3], 0.05);
        Assert.Equal(0, wrong.Of(All)[3], 0.05);
        Assert.Equal(1, right.Of(ColdSources.Network)[3], 0.01);
    }

    [Fact]
    public void A_set_of_sources_that_was_never_seen_goes_by_the_best_part_of_it()
    {
        var table = Fitted.Weights;
        const ColdSources Seen = ColdSources.Artist | ColdSources.Sound;

        var placed = Fitted.Place(new(Artist: 7, Sound: ColdWorld.SoundOf(1), Prediction: [1, 2, 3, 4, 5, 6]));

        Assert.Equal(Seen | ColdSources.Network, placed.Sources);
        Assert.Equal(0, table.Of(Seen | ColdSources.Network)[3]);
        Assert.Equal(Fitted.Place(new(Artist: 7, Sound: ColdWorld.SoundOf(1))).Factors, placed.Factors);
    }

    [Fact]
    public void Places_have_the_length_of_tracks_that_few_have_heard()
    {
        var factors = new DenseMatrix(ColdWorld.Tracks, ColdWorld.Dimensions);
        for (var track = 0; track < ColdWorld.Tracks; track++)
        {
            Vectors.AddScaled(factors.Row(track), Told.Factors.Row(track), (10 + track % 50) / 60f);   // the more heard, the longer
        }
        var fitted = ColdWorld.Fit(Told with { Factors = factors });
        double Median(IEnumerable<float> lengths) => lengths.Order().ElementAt(lengths.Count() / 2);

        var placed = Enumerable.Range(0, 50).Select(artist => Vectors.Norm(fitted.Place(new(artist, 2 * artist)).Factors)).ToList();

        var rare = Enumerable.Range(0, ColdWorld.Tracks).Where(track => track % 50 < 12).Select(track => Vectors.Norm(factors.Row(track)));
        Assert.InRange(Median(placed), 0.8 * Median(rare), 1.3 * Median(rare));
    }

    [Fact]
    public void Factors_sounds_and_guesses_that_are_not_numbers_are_passed_over()
    {
        var (factors, sounds) = (Copy(Told.Factors), Copy(Told.Sounds!));
        factors.Row(3).Fill(float.NaN);
        factors.Row(4).Clear();
        sounds.Row(5)[2] = float.PositiveInfinity;
        var fitted = ColdWorld.Fit(Told with { Factors = factors, Sounds = sounds });

        var placed = fitted.PlaceAll([new(0, 0, ColdWorld.SoundOf(0)), new(Sound: [.. Enumerable.Repeat(float.NaN, 12)]), new(Prediction: [float.NaN, 0, 0, 0, 0, 0])], threads: 2, TestContext.Current.CancellationToken);

        Assert.All(placed, place => Assert.All(place.Factors, value => Assert.True(float.IsFinite(value))));
        Assert.Equal((6, 3), (placed[0].ArtistTracks, placed[0].AlbumTracks));
        Assert.Equal([ColdSources.None, ColdSources.None], placed[1..].Select(place => place.Sources));
    }

    [Fact]
    public void Without_any_trained_track_a_place_is_zero()
    {
        var none = ColdWorld.Fit(Told with { Listens = new int[ColdWorld.Tracks] });

        Assert.All(none.Place(new(1, 2, ColdWorld.SoundOf(0))).Factors, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Threads_change_nothing_and_what_was_saved_places_alike()
    {
        var (one, two) = (ColdWorld.Fit(Told), ColdWorld.Fit(Told, threads: 2));
        using var stream = new MemoryStream();
        one.Weights.Save(stream, one.Options);
        using var other = new MemoryStream();
        two.Weights.Save(other, two.Options);

        stream.Position = 0;
        var (weights, options) = ColdWeights.Load(stream);
        var loaded = new ColdFactors(Told, weights, options);
        ColdTrack[] tracks = [.. Enumerable.Range(0, 60).Select(n => new ColdTrack(n, n % 3 == 0 ? 2 * n : -1, n % 2 == 0 ? ColdWorld.SoundOf(n % 4 / 2) : null))];

        Assert.Equal(stream.ToArray(), other.ToArray());
        Assert.Equal(one.PlaceAll(tracks, 1, TestContext.Current.CancellationToken).SelectMany(place => place.Factors), loaded.PlaceAll(tracks, 2, TestContext.Current.CancellationToken).SelectMany(place => place.Factors));
        Assert.Equal(one.PlaceAll(tracks, 1, TestContext.Current.CancellationToken).Select(place => place.Sources), [.. tracks.Select(track => loaded.Place(track).Sources)]);
    }

    [Fact]
    public void Own_factors_count_the_more_the_more_listens_there_are()
    {
        float[] own = [1, 0, 0, 0, 0, 0], place = [0, 1, 0, 0, 0, 0];

        Assert.Equal(place, Fitted.Blend(own, 0, place));
        Assert.Equal([0.5f, 0.5f, 0, 0, 0, 0], Fitted.Blend(own, 20, place));
        Assert.Equal([0.75f, 0.25f, 0, 0, 0, 0], Fitted.Blend(own, 60, place));
        Assert.Equal(place, Fitted.Blend([float.NaN, 0, 0, 0, 0, 0], 60, place));
    }

    [Fact]
    public void Parts_that_disagree_are_refused()
    {
        Assert.Contains("399 albums", Assert.Throws<ArgumentException>(() => ColdWorld.Fit(Told with { Albums = new int[399] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Fitted.Place(new(Sound: [1, 2])));
        Assert.Throws<ArgumentException>(() => Fitted.Place(new(Prediction: [1, 2])));
        Assert.Contains("neighbors=0", Assert.Throws<ArgumentException>(() => ColdFactorsOptions.From(new Dictionary<string, double> { ["neighbors"] = 0 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_kind_of_model_is_no_such_file()
    {
        using var stream = new MemoryStream();
        new ModelFile("other", 0, 0, new Dictionary<string, double>()).WriteTo(stream);
        stream.Position = 0;

        Assert.Contains("'other'", Assert.Throws<InvalidDataException>(() => ColdWeights.Load(stream)).Message, StringComparison.Ordinal);
    }

    // Artists of tracks of both styles: only sound tells which.
    private static ColdStartData Scattered(ColdWorld world)
        => world.Data() with { Artists = [.. Enumerable.Range(0, ColdWorld.Tracks).Select(track => track % 50)], Albums = [.. Enumerable.Repeat(-1, ColdWorld.Tracks)] };

    private static float[] Mean(IEnumerable<int> tracks)
    {
        var (mean, all) = (new float[ColdWorld.Dimensions], tracks.ToList());
        all.ForEach(track => Vectors.AddScaled(mean, Told.Factors.Row(track), 1f / all.Count));
        return mean;
    }

    private static DenseMatrix Copy(DenseMatrix matrix) => new(matrix.Rows, matrix.Columns, matrix.AsSpan().ToArray());
}
