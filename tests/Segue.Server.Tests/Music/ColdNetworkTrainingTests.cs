using Segue.Core;
using Segue.Features;
using Segue.Features.Sound;
using Segue.Models.ColdStart;
using Segue.Numerics;
using Segue.Server.Music;

namespace Segue.Server.Tests.Music;

/// <summary>Forty tracks of two styles that can be heard and that have factors of their own; every fifth was heard by nobody.</summary>
public sealed class ColdNetworkTrainingTests : IDisposable
{
    private const int Tracks = 40, Steps = 30;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-cold-network-");
    private readonly SoundLibrary _library;
    private readonly HeardLibrary _heard;
    private readonly CatalogueIndex _catalogue;

    public ColdNetworkTrainingTests()
    {
        _library = new(Path.Combine(_folder.FullName, "music.db"));
        _heard = new(_library, Path.Combine(_folder.FullName, "files"));
        for (var n = 0; n < Tracks; n++)
        {
            _heard.Add(new($"t{n:D2}"), StyleOf(n));
        }
        _catalogue = new([.. Enumerable.Range(0, Tracks + 2).Select(n => new Track(new($"t{n:D2}"), "Title", new(new($"a{n / 4}"), "Artist"), null, [], null))]);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int StyleOf(int track) => track / 2 % 2;

    private static bool IsCold(int track) => track % 5 == 0 || track >= Tracks;

    public void Dispose()
    {
        _library.Dispose();
        _folder.Delete(recursive: true);
    }

    // Factors of 0.3 beside a little of the track's own.
    private ColdStartData Known()
    {
        var factors = new DenseMatrix(_catalogue.Count, 3);
        for (var n = 0; n < factors.Rows; n++)
        {
            (factors.Row(n)[StyleOf(n)], factors.Row(n)[2]) = IsCold(n) ? (0, 0) : (0.3f, 0.01f * (n % 7));
        }
        return new()
        {
            Factors = factors, Listens = [.. Enumerable.Range(0, factors.Rows).Select(n => IsCold(n) ? 0 : 9)],
            Artists = [.. Enumerable.Range(0, factors.Rows).Select(_catalogue.ArtistOf)], Albums = new int[factors.Rows],
        };
    }

    private ColdNetworkTraining Training(ColdNetworkOptions options, int threads = 2, IProgress<double>? progress = null, CancellationToken? cancellation = null, ColdStartData? known = null)
        => new(_library, Path.Combine(_folder.FullName, "work"), known ?? Known(), _catalogue, options, new(3, threads, progress, cancellation ?? Cancellation));

    private static readonly ColdNetworkOptions Always = new() { Use = NetworkUse.Always, Steps = Steps, Shape = new() { Channels = [8, 8, 8, 16], Hidden = 32 } };

    private static byte[] Bytes(ColdNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    [Fact]
    public void Networks_tell_the_style_of_tracks_that_nobody_heard_and_of_those_that_they_did_not_learn_from()
    {
        var training = Training(Always);

        var network = training.Learn(before: null)!;
        var predictions = training.Predict(network);

        Assert.Equal((32, Steps, 32), (network.Card.Tracks, network.Card.Steps, training.Learnable));
        Assert.True(network.Card.LossAfter < network.Card.LossBefore - 0.2, $"{network.Card}");
        Assert.True(network.Card.HeldOutCosine > 0.8, $"{network.Card}");
        for (var n = 0; n < Tracks; n++)
        {
            var row = predictions.Row(n).ToArray();
            Assert.True(row[StyleOf(n)] > row[1 - StyleOf(n)], $"{n}: {string.Join(" ", row)}");
            Assert.InRange(Vectors.Norm(row), 0.05, 0.31);   // as long as factors
        }
        Assert.Equal(new float[3], predictions.Row(Tracks));   // nobody heard it, and there is no sound
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(_folder.FullName, "work", "training")));   // kept until the set is published
    }

    [Fact]
    public void A_track_that_is_held_out_is_told_of_by_a_network_that_never_saw_its_factors()
    {
        var held = Enumerable.Range(0, Tracks).First(n => !IsCold(n));
        var part = ColdNetwork.PartOf(_catalogue.Tracks[held].Artist.Id);
        var lies = Known();
        lies.Factors.Row(held).Fill(-5);

        var told = Training(Always).Learn(null)!;
        var lied = Training(Always, known: lies).Learn(null)!;

        Assert.Equal(Weights(told, 1 + part), Weights(lied, 1 + part));
        Assert.NotEqual(Weights(told, 2 - part), Weights(lied, 2 - part));
        Assert.NotEqual(Weights(told, 0), Weights(lied, 0));
    }

    [Fact]
    public void A_training_that_was_stopped_goes_on_to_the_networks_of_one_that_was_not_with_any_threads()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Training(Always, 1, new At(1.5 / 3, stop.Cancel), stop.Token).Learn(null));
        var told = new List<double>();

        var stopped = Training(Always, 2, new At(0, () => told.Add(0))).Learn(null)!;
        Directory.Delete(Path.Combine(_folder.FullName, "work"), recursive: true);
        var whole = Training(Always, 1).Learn(null)!;

        Assert.Equal(2 * Steps, told.Count);   // the first network was done, of the second nothing was kept yet
        Assert.Equal(Bytes(whole), Bytes(stopped));
    }

    [Fact]
    public void The_next_training_goes_on_from_networks_of_the_same_shape_and_an_update_leaves_them()
    {
        var first = Training(Always).Learn(null)!;

        var second = Training(Always).Learn(first)!;
        var other = Training(Always with { Objective = Audio.Networks.FactorObjective.All[0] }).Learn(first)!;
        var kept = Training(Always with { KeepsPublished = true });

        Assert.Equal((2 * Steps, first.Card.Data), (second.Card.Steps, second.Card.Data));
        Assert.Equal(first.Card.LossAfter, second.Card.LossBefore, 1e-9);
        Assert.Equal(Steps, other.Card.Steps);
        Assert.Same(first, kept.Learn(first));
        Assert.Null(kept.Learn(null));
    }

    [Fact]
    public void Small_catalogues_have_none_by_themselves_and_a_memory_holds_a_sample()
    {
        Assert.Null(Training(Always with { Use = NetworkUse.Auto }).Learn(null));
        Assert.Null(Training(Always with { Use = NetworkUse.Never }).Learn(null));

        var sample = Training(Always with { MemoryBytes = 25 * Audio.TrackFeatures.WindowBytes, Steps = 1 }).Learn(null)!;

        Assert.Equal(25, sample.Card.Tracks);
    }

    [Fact]
    public void The_newest_tracks_that_nobody_heard_are_listened_to_again_where_their_spectra_were_not_kept()
    {
        _heard.Add(new($"t{Tracks}"), 0, hasSpectra: false);
        _heard.Add(new($"t{Tracks + 1}"), 1, hasSpectra: false);
        var paths = new List<string>();
        var network = Training(Always).Learn(null)!;

        var predictions = Training(Always with
        {
            HeardAgain = 1, Listen = (path, _, _) =>
            {
                paths.Add(Path.GetFileName(path));
                return HeardLibrary.Features(new($"t{Tracks + 1}"), 1);
            },
        }).Predict(network);

        Assert.Equal([$"t{Tracks + 1}.flac"], paths);
        Assert.True(predictions.Row(Tracks + 1)[1] > predictions.Row(Tracks + 1)[0]);
        Assert.Equal(new float[3], predictions.Row(Tracks));
    }

    private static float[] Weights(ColdNetwork network, int n) => [.. network[n].State.Weights.SelectMany(part => part.Values)];

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
