using Segue.Models.ColdStart;
using Segue.Numerics;

namespace Segue.Models.Tests.ColdStart;

public sealed class SoundRegressionTests
{
    private const int Tracks = 240;
    private static readonly ColdStartData Circle = MakeCircle();
    private static readonly WarmTracks Warm = new(Circle, new());

    [Fact]
    public void Between_the_tracks_it_learnt_from_it_tells_what_lies_between()
    {
        var regression = SoundRegression.Fit(Warm, new(0.5, 0.1), threads: 1)!;

        for (var degrees = 1; degrees < 360; degrees += 7)
        {
            var (sound, factors) = At(degrees * Math.PI / 180);
            Assert.InRange(Vectors.Cosine(regression.Place(sound), factors), 0.99f, 1.0001f);
        }
    }

    [Fact]
    public void A_place_has_the_length_of_a_typical_track_where_tracks_agree_and_less_where_they_do_not()
    {
        var factors = new DenseMatrix(Tracks, 2);
        var random = new SeededRandom(4);
        for (var track = 0; track < Tracks; track++)
        {
            var agrees = Circle.Sounds!.Row(track)[0] > 0;
            factors.Row(track)[0] = agrees ? 5 : (float)(5 * random.NextNormal());
            factors.Row(track)[1] = agrees ? 0 : (float)(5 * random.NextNormal());
        }
        var regression = SoundRegression.Fit(new(Circle with { Factors = factors }, new()), new(0.5, 0.3), threads: 1)!;

        Assert.Equal(5, Vectors.Norm(regression.Place(At(0).Sound)), 0.3);
        Assert.InRange(Vectors.Norm(regression.Place(At(Math.PI).Sound)), 0, 3);
    }

    [Fact]
    public void Where_sound_tells_nothing_the_smoothest_shape_is_chosen()
    {
        var (random, chance) = (new SeededRandom(9), new DenseMatrix(Tracks, 2));
        foreach (ref var value in chance.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        Assert.Equal(0.1, SoundRegression.Choose(Warm, new(1, 1))!.Value.Noise);
        Assert.Equal(3, SoundRegression.Choose(new(Circle with { Factors = chance }, new()), new(1, 2))!.Value.Noise);
    }

    [Fact]
    public void Out_of_fold_no_track_tells_of_its_own_artist()
    {
        // Each artist's tracks sound alike and lie where nobody else's do: whoever is told of them by their sound has been told by them.
        var (sounds, factors, random) = (new DenseMatrix(Tracks, 8), new DenseMatrix(Tracks, 8), new SeededRandom(2));
        for (var track = 0; track < Tracks; track++)
        {
            var artist = new SeededRandom(7, (ulong)(track / 6));
            for (var f = 0; f < 8; f++)
            {
                sounds.Row(track)[f] = (float)(artist.NextNormal() + 0.01 * random.NextNormal());
                factors.Row(track)[f] = (float)artist.NextNormal();
            }
        }
        var warm = new WarmTracks(Circle with { Sounds = sounds, Factors = factors, Artists = [.. Enumerable.Range(0, Tracks).Select(track => track / 6)] }, new());
        var shape = new RegressionShape(0.25, 0.1);

        var (known, told) = (SoundRegression.Fit(warm, shape, threads: 1)!, SoundRegression.OutOfFold(warm, warm.Items, shape, new(1, 2)));

        Assert.True(Enumerable.Range(0, Tracks).Average(track => Vectors.Cosine(known.Place(sounds.Row(track)), factors.Row(track))) > 0.95);
        Assert.True(Math.Abs(Enumerable.Range(0, Tracks).Average(track => Vectors.Cosine(told[track]!, factors.Row(track)))) < 0.3);
    }

    [Fact]
    public void It_is_taken_where_it_tells_held_out_tracks_better_than_their_neighbors_do_and_kept_with_the_weights()
    {
        // Few tracks that sound alike are near in taste: a mean of ten is drawn towards the middle of the circle, a regression is not.
        var sparse = Circle with { Listens = [.. Enumerable.Range(0, Tracks).Select(track => track % 6 == 0 ? 50 : 0)] };
        var fitted = ColdFactors.Fit(sparse, new(), new(1, 2));
        using var stream = new MemoryStream();
        fitted.Weights.Save(stream, fitted.Options);
        stream.Position = 0;
        var (weights, options) = ColdWeights.Load(stream);
        var (sound, factors) = At(0.5);

        Assert.NotNull(fitted.Weights.Regression);
        Assert.Equal(fitted.Weights.Regression, weights.Regression);
        var place = fitted.Place(new(Sound: sound)).Factors;
        Assert.Equal(place, new ColdFactors(sparse, weights, options).Place(new(Sound: sound)).Factors);
        Assert.InRange(Vectors.Cosine(place, factors), 0.98f, 1.0001f);
    }

    [Fact]
    public void Too_few_tracks_with_sound_have_no_shape()
    {
        var few = Circle with { Listens = [.. Enumerable.Range(0, Tracks).Select(track => track < 10 ? 50 : 0)] };

        Assert.Null(SoundRegression.Choose(new(few, new()), new(1, 1)));
        Assert.Null(SoundRegression.Choose(new(Circle with { Sounds = null }, new()), new(1, 1)));
    }

    private static (float[] Sound, float[] Factors) At(double angle)
        => ([(float)Math.Cos(angle), (float)Math.Sin(angle), 0], [(float)(3 * Math.Sin(angle)), (float)(3 * Math.Cos(angle))]);

    // Tracks around a circle of sounds, whose taste turns the other way; each of an artist of its own.
    private static ColdStartData MakeCircle()
    {
        var (sounds, factors) = (new DenseMatrix(Tracks, 3), new DenseMatrix(Tracks, 2));
        for (var track = 0; track < Tracks; track++)
        {
            var (sound, place) = At(2 * Math.PI * track / Tracks);
            sound.CopyTo(sounds.Row(track));
            place.CopyTo(factors.Row(track));
        }
        return new()
        {
            Factors = factors, Sounds = sounds, Listens = [.. Enumerable.Repeat(50, Tracks)], Artists = [.. Enumerable.Range(0, Tracks)], Albums = [.. Enumerable.Repeat(-1, Tracks)],
        };
    }
}
