using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Core;
using Segue.Features;
using Segue.Features.Sound;
using Segue.Models;
using Segue.Models.ColdStart;
using Segue.Models.Sound;
using Segue.Numerics;
using Segue.Server.Stores;

namespace Segue.Server.Music;

/// <summary>Teaches networks what listeners make of a sound, on the spectra that were kept, and lets them predict.</summary>
/// <param name="library">Spectra of the tracks.</param>
/// <param name="workFolder">For the checkpoints.</param>
/// <param name="known">What is known of the tracks of the catalogue, by row.</param>
internal sealed class ColdNetworkTraining(
    SoundLibrary library, string workFolder, ColdStartData known, CatalogueIndex catalogue, ColdNetworkOptions options, TrainingRun run)
{
    private const int CheckpointEvery = 100, Judged = 2000, Together = 64;
    private readonly IReadOnlySet<TrackId> _withSpectra = library.TracksWithSpectra();

    /// <summary>Heard tracks with spectra: as many as a network can learn from.</summary>
    public int Learnable { get; private set; }

    /// <summary>Why there are no networks although there were to be some; null where that is not so.</summary>
    public string? Fault { get; private set; }

    /// <summary>Networks by the options, after the ones of the last training where they have the same shape.</summary>
    /// <returns>Null where there are to be none.</returns>
    public ColdNetwork? Learn(ColdNetwork? before)
    {
        int[] rows = [.. Enumerable.Range(0, catalogue.Count).Where(row => IsLearnt(row) && _withSpectra.Contains(catalogue.Tracks[row].Id))];
        Learnable = rows.Length;
        if (options.Use == NetworkUse.Never || options.KeepsPublished)
        {
            return options.Use == NetworkUse.Never || before?.Options.Outputs != known.Factors.Columns ? null : before;
        }
        if (rows.Length < (options.Use == NetworkUse.Auto ? ColdNetworkOptions.FromTracks : ColdNetworkOptions.FewestTracks))
        {
            return null;
        }
        var (learnt, spectra) = Read(rows);
        try
        {
            return learnt.Length == 0 ? null : Learn(learnt, spectra, before);   // none where a scan hears them anew meanwhile
        }
        catch (ArithmeticException fault)   // taste is learnt, and must not be lost for it
        {
            Fault = fault.Message;
            return null;
        }
    }

    private ColdNetwork Learn(int[] learnt, ReadOnlyMemory<byte>[] spectra, ColdNetwork? before)
    {
        var shape = options.Shape with { Outputs = known.Factors.Columns, Loss = options.Objective.Loss };
        var from = before is { } last && last.Objective == options.Objective && last.Options.Outputs == shape.Outputs && last.Options.Hidden == shape.Hidden
            && last.Options.Channels.SequenceEqual(shape.Channels) ? last : null;
        var steps = options.Steps ?? ColdNetwork.StepsFor(learnt.Length) / (from is null ? 1 : 4);
        var scale = from?.Scale ?? SpectrumScale.Measure(
            spectra.SelectMany(track => Enumerable.Range(0, track.Length / TrackFeatures.WindowBytes).Select(n => track.Slice(n * TrackFeatures.WindowBytes, TrackFeatures.WindowBytes))));
        var data = HashOf(learnt, spectra);
        FactorNetwork[] networks = [.. Enumerable.Range(0, ColdNetwork.Parts + 1).Select(_ => new FactorNetwork(shape, run.Seed))];
        for (var n = 0; from is not null && n < networks.Length; n++)
        {
            networks[n].State.Restore(from[n].State.Weights);
        }
        var untaught = Cosine(networks[0], scale, learnt, spectra, _ => true);
        for (var n = 0; n < networks.Length; n++)
        {
            Teach(networks, n, scale, learnt, spectra, steps, SeededRandom.Mix(data ^ SeededRandom.Mix((from?.Card.Data ?? 0) + (ulong)(from?.Card.Steps ?? 0))));
        }
        var heldOut = learnt.Select(PartOf).Distinct().Order().Average(part => Cosine(networks[1 + part], scale, learnt, spectra, row => PartOf(row) == part));
        var card = new ColdNetworkCard(
            data, learnt.Length, steps + (from?.Card.Steps ?? 0), 1 - untaught, 1 - Cosine(networks[0], scale, learnt, spectra, _ => true), heldOut, WeightShare: 0);
        return new(networks, options.Objective, scale, options.Objective.ScaleOf(FactorsOf(learnt)), card);
    }

    /// <summary>What networks say of all tracks with spectra, and of some that have to be heard again.</summary>
    /// <returns>By row; zeros where they say nothing.</returns>
    public DenseMatrix Predict(ColdNetwork network)
    {
        var predictions = new DenseMatrix(catalogue.Count, known.Factors.Columns);
        void PredictOf(int row, byte[] spectra)
        {
            if (spectra.Length >= TrackFeatures.WindowBytes)
            {
                network.Predict(catalogue.Tracks[row].Artist.Id, IsLearnt(row), spectra, predictions.Row(row));
            }
        }

        foreach (var chunk in library.ReadSpectra().Where(track => catalogue.Find(track.Track) is not null).Chunk(Together))
        {
            Workers.For(chunk.Length, run.Threads, n => PredictOf(catalogue.Find(chunk[n].Track)!.Value, chunk[n].Values), run.Cancellation);
        }
        var again = library.ReadTracks()
            .Where(track => !_withSpectra.Contains(track.Track) && catalogue.Find(track.Track) is { } row && known.Listens[row] == 0)
            .OrderByDescending(track => track.Sound).Take(options.HeardAgain).ToList();
        Workers.For(again.Count, run.Threads, n => PredictOf(catalogue.Find(again[n].Track)!.Value, options.Listen(again[n].Path, null, run.Cancellation)?.Spectra ?? []), run.Cancellation);
        return predictions;
    }

    private bool IsLearnt(int row)
        => known.Listens[row] >= new ColdFactorsOptions().WarmListens && Vectors.Norm(known.Factors.Row(row)) is > 0 and < float.PositiveInfinity;

    private int PartOf(int row) => ColdNetwork.PartOf(catalogue.Tracks[row].Artist.Id);

    // Within the memory: as many windows of each track as fit, evenly; where not even one does, the tracks of the least hashes, so that a later training meets the same.
    private (int[] Rows, ReadOnlyMemory<byte>[] Spectra) Read(int[] rows)
    {
        var room = (int)Math.Clamp(options.MemoryBytes / TrackFeatures.WindowBytes, ColdNetworkOptions.FewestTracks, int.MaxValue);
        var drawn = (rows.Length <= room ? rows : rows.OrderBy(row => SeededRandom.Mix(SeededRandom.Hash(catalogue.Tracks[row].Id.Value) ^ run.Seed)).Take(room)).ToHashSet();
        var (windows, read) = (room / drawn.Count, new SortedDictionary<int, ReadOnlyMemory<byte>>());
        foreach (var track in library.ReadSpectra())
        {
            run.Cancellation.ThrowIfCancellationRequested();
            if (catalogue.Find(track.Track) is { } row && drawn.Contains(row) && track.Values.Length >= TrackFeatures.WindowBytes)
            {
                read[row] = Windows(track.Values, windows);
            }
        }
        return ([.. read.Keys], [.. read.Values]);
    }

    // So many of a track's windows, evenly; all where there are no more.
    private static byte[] Windows(byte[] spectra, int count)
    {
        var all = spectra.Length / TrackFeatures.WindowBytes;
        if (all <= count)
        {
            return spectra;
        }
        var kept = new byte[count * TrackFeatures.WindowBytes];
        for (var n = 0; n < count; n++)
        {
            spectra.AsSpan((int)((n + 0.5) * all / count) * TrackFeatures.WindowBytes, TrackFeatures.WindowBytes).CopyTo(kept.AsSpan(n * TrackFeatures.WindowBytes));
        }
        return kept;
    }

    private void Teach(FactorNetwork[] networks, int n, SpectrumScale scale, int[] learnt, ReadOnlyMemory<byte>[] spectra, int steps, ulong data)
    {
        int[] places = [.. Enumerable.Range(0, learnt.Length).Where(place => n == 0 || PartOf(learnt[place]) != n - 1)];
        if (places.Length == 0)
        {
            return;   // all artists are of one part: the network of that part says what it begins with
        }
        var training = new CropTraining(new() { Steps = steps, Seed = run.Seed, Threads = run.Threads });
        var recipe = SeededRandom.Mix(data ^ SeededRandom.Hash($"{options.Objective.Name} {steps} {run.Seed} {n}"));
        var path = new TrainingFolder(workFolder).NetworkCheckpoints[n];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var checkpoint = new SoundCheckpoint(path, recipe);
        var done = checkpoint.Restore(networks[n]);
        FactorPrediction.Teach(
            networks[n], [.. places.Select(place => spectra[place])], options.Objective.Targets(FactorsOf([.. places.Select(place => learnt[place])])), scale, training, done, step =>
            {
                run.Progress?.Report((n + (double)step / steps) / networks.Length);
                if (step % CheckpointEvery == 0 || step == steps)
                {
                    checkpoint.Save(networks[n], step);
                }
            }, run.Cancellation);
    }

    private DenseMatrix FactorsOf(int[] rows)
    {
        var factors = new DenseMatrix(rows.Length, known.Factors.Columns);
        for (var n = 0; n < rows.Length; n++)
        {
            known.Factors.Row(rows[n]).CopyTo(factors.Row(n));
        }
        return factors;
    }

    // On the first tracks that are asked about; 0 where there are none.
    private double Cosine(FactorNetwork network, SpectrumScale scale, int[] learnt, ReadOnlyMemory<byte>[] spectra, Func<int, bool> isAsked)
    {
        int[] asked = [.. Enumerable.Range(0, learnt.Length).Where(place => isAsked(learnt[place])).Take(Judged)];
        var cosines = new double[asked.Length];
        Workers.For(asked.Length, run.Threads, n =>
        {
            var prediction = new float[network.Outputs];
            var truth = known.Factors.Row(learnt[asked[n]]);
            FactorPrediction.Of(network, scale, spectra[asked[n]].Span, prediction);
            var lengths = Vectors.Norm(prediction) * Vectors.Norm(truth);
            cosines[n] = lengths > 0 ? Vectors.Dot(prediction, truth) / lengths : 0;
        }, run.Cancellation);
        return cosines.DefaultIfEmpty().Average();
    }

    private ulong HashOf(int[] learnt, ReadOnlyMemory<byte>[] spectra)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var n = 0; n < learnt.Length; n++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{catalogue.Tracks[learnt[n]].Id.Value}\n{catalogue.Tracks[learnt[n]].Artist.Id.Value}\n"));
            hash.AppendData(spectra[n].Span);
            hash.AppendData(MemoryMarshal.AsBytes(known.Factors.Row(learnt[n])));
        }
        return MemoryMarshal.Read<ulong>(hash.GetHashAndReset());
    }
}
