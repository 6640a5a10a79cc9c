using Segue.Audio.Networks;
using Segue.Core;
using Segue.Features.Sound;
using Segue.Models.Sound;
using Segue.Server.Music;

namespace Segue.Server.Tests.Music;

public sealed class SoundTrainerTests : IDisposable
{
    private static readonly SoundTrainingOptions Short = new() { Steps = 3, Batch = 8, Threads = 1 };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-trainer-");
    private readonly SoundLibrary _library;

    public SoundTrainerTests() => _library = new(In("music.db"));

    public void Dispose()
    {
        _library.Dispose();
        _folder.Delete(recursive: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Checkpoint => In("work/training/sound.checkpoint");

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private SoundModels Models(string name = "models") => new(In(name));

    private SoundTrainer Trainer(string models = "models") => new(_library, Models(models), In("work"));

    private HeardLibrary Fill(int tracks, int ofAlbum = 4)
    {
        var heard = new HeardLibrary(_library, In("files"));
        for (var n = 0; n < tracks; n++)
        {
            heard.Add(new($"t{n:D3}"), n / ofAlbum, $"album {n / ofAlbum}");
        }
        return heard;
    }

    private byte[] ModelBytes(string models) => File.ReadAllBytes(Path.Combine(In(models), "000001", "sound.model"));

    [Fact]
    public void A_library_is_learnt_published_and_given_vectors_and_the_next_training_goes_on()
    {
        Fill(24);

        var (version, card) = Trainer().Train(Short, [], cancellation: Cancellation);

        Assert.Equal(("sound-000001", 24, 6, 3, null), (version, card.Tracks, card.Albums, card.Steps, card.WarmFrom));
        Assert.False(File.Exists(Checkpoint));
        var model = Models().LoadCurrent()!.Value.Model;
        Assert.Equal((24, 0), Trainer().EmbedAll(version, model, (_, _, _) => throw new InvalidOperationException("All spectra are kept."), threads: 2, cancellation: Cancellation));
        Assert.Equal((0, 0), Trainer().EmbedAll(version, model, (_, _, _) => null, threads: 2, cancellation: Cancellation));
        var vectors = _library.ReadVectors(version).ToList();
        Assert.Equal(24, vectors.Count);
        Assert.All(vectors, vector => Assert.Equal(1, vector.Values.Sum(value => (double)value * (double)value), 0.01));

        var (next, second) = Trainer().Train(Short, [], cancellation: Cancellation);
        Assert.Equal(("sound-000002", "sound-000001", 6), (next, second.WarmFrom, second.Steps));
        Assert.Equal(card.DataHash, second.DataHash);
        Assert.Equal(model.Scale.Means, Models().LoadCurrent()!.Value.Model.Scale.Means);
        Assert.Null(Trainer().Train(Short with { Anew = true }, [], cancellation: Cancellation).Card.WarmFrom);
    }

    [Fact]
    public void A_training_that_was_stopped_goes_on_to_the_model_of_one_that_was_not()
    {
        Fill(16);
        var options = Short with { Steps = 52 };
        Trainer("whole").Train(options, [], cancellation: Cancellation);
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => Trainer().Train(options, [], new At(51.0 / 52, stop.Cancel), cancellation: stop.Token));
        Assert.True(File.Exists(Checkpoint));
        Assert.Null(Models().Current());
        var steps = 0;
        Trainer().Train(options with { Threads = 2 }, [], new At(0, () => steps++), cancellation: Cancellation);

        Assert.Equal(1, steps);   // from the checkpoint of step 51, when it was told to stop
        Assert.Equal(ModelBytes("whole"), ModelBytes("models"));
    }

    [Fact]
    public void Albums_are_held_out_to_judge_by_where_there_are_ten()
    {
        Fill(160);

        var (_, card) = Trainer().Train(Short, [(new("t000"), new("t005")), (new("t000"), new("nobody"))], cancellation: Cancellation);

        Assert.InRange(card.Tracks, 80, 156);
        Assert.Equal(160, card.Tracks + card.Evaluation["tracks"]);
        Assert.True(card.Evaluation["sound.precision@5"] > card.Evaluation["chance.precision@5"]);
        Assert.Contains("timbre.map", card.Evaluation.Keys);
        Assert.DoesNotContain("previous.map", card.Evaluation.Keys);
        Assert.Contains("previous.map", Trainer().Train(Short, [], cancellation: Cancellation).Card.Evaluation.Keys);
    }

    [Fact]
    public void Challengers_are_judged_beside_the_model_and_the_autoencoder_goes_on_with_the_next_training()
    {
        Fill(60);

        var (version, card) = Trainer().Train(Short with { Steps = 2, Challengers = true }, [], cancellation: Cancellation);

        string[] judged = ["random", "autoencoder", "encoder", "descriptors", "timbre", "sound"];
        Assert.All(judged, name => Assert.InRange(card.Evaluation[name + ".map"], 0, 1));
        Assert.DoesNotContain("backbone.map", card.Evaluation.Keys);
        var learnt = Models().LoadAutoencoder(version)!;
        var fresh = new SpectrogramAutoencoder(learnt.Options, Short.Seed);
        Assert.NotEqual(fresh.State.Weights[0].Values, learnt.State.Weights[0].Values);
        Trainer().Train(Short with { Steps = 1, Challengers = true }, [], cancellation: Cancellation);
        Trainer("anew").Train(Short with { Steps = 1, Challengers = true }, [], cancellation: Cancellation);
        Assert.NotEqual(Models("anew").LoadAutoencoder("sound-000001")!.State.Weights[0].Values, Models().LoadAutoencoder("sound-000002")!.State.Weights[0].Values);
        Trainer().Train(Short with { Steps = 1 }, [], cancellation: Cancellation);
        Assert.Null(Models().LoadAutoencoder("sound-000003"));
    }

    [Fact]
    public void Too_few_tracks_are_told_and_nothing_is_published()
    {
        Fill(7);

        Assert.Contains("at least 8 tracks with sound; the library has 7", Assert.Throws<TooFewTracksException>(() => Trainer().Train(Short, [], cancellation: Cancellation)).Message, StringComparison.Ordinal);
        Assert.Throws<TooFewTracksException>(() => Trainer().FitDescriptors(null, 1));
        Assert.Null(Models().Current());
    }

    [Fact]
    public void A_track_without_spectra_is_heard_again_and_one_that_cannot_be_heard_is_counted()
    {
        var heard = Fill(16);
        var (version, _) = Trainer().Train(Short, [], cancellation: Cancellation);
        var model = Models().LoadCurrent()!.Value.Model;
        var again = heard.Add(new("again"), 1, hasSpectra: false);
        heard.Add(new("lost"), 1, hasSpectra: false);
        File.Delete(heard.Add(new("gone"), 1, hasSpectra: false));
        var features = HeardLibrary.Features(new("again"), 1);

        Assert.Equal((17, 2), Trainer().EmbedAll(version, model, (path, _, _) => path == again ? features : null, threads: 1, cancellation: Cancellation));

        Assert.Equal(model.VectorOf(features).Select(value => (Half)value), _library.ReadVectors(version).Single(vector => vector.Track == new TrackId("again")).Values);
    }

    [Fact]
    public void Descriptors_alone_make_a_model_that_needs_no_spectra()
    {
        Fill(16).Add(new("bare"), 1, hasSpectra: false);

        var version = Trainer().FitDescriptors(null, 1)!;

        var (_, model, card) = Models().LoadCurrent()!.Value;
        Assert.Equal((0, 17, 0), (model.Encoders.Count, card.Tracks, card.Steps));
        Assert.Equal((17, 0), Trainer().EmbedAll(version, model, (_, _, _) => null, threads: 1, cancellation: Cancellation));
        Assert.Null(Trainer().FitDescriptors(null, 1));   // another came since nothing was there
        Assert.Equal(version, Models().Current());
    }

    [Fact]
    public void A_library_has_doubled_by_all_its_tracks_and_not_by_those_that_were_learnt_from()
    {
        var heard = Fill(16);
        for (var n = 0; n < 20; n++)
        {
            heard.Add(new($"bare{n:D2}"), n % 4, hasSpectra: false);
        }

        var (_, card) = Trainer().Train(new() { Steps = 2, Batch = 16, Threads = 1 }, [], hear: (_, _, _) => null, cancellation: Cancellation);

        Assert.Equal(16, card.Tracks);
        Assert.False(Trainer().HasDoubled(card));
        for (var n = 20; n < 56; n++)
        {
            heard.Add(new($"bare{n:D2}"), n % 4, hasSpectra: false);
        }
        Assert.True(Trainer().HasDoubled(card));
    }

    /// <summary>Does something once so much is told, and each time after.</summary>
    private sealed class At(double share, Action reached) : IProgress<double>
    {
        public void Report(double value)
        {
            if (value >= share - 1e-9)
            {
                reached();
            }
        }
    }
}
