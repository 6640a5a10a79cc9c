using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Segue.Events.Compaction;
using Segue.Features.Matrices;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Server.Stores;

namespace Segue.Cli;

/// <summary>Taste learnt from matrices on disk: which part of what happened counts, the matrices in a memory that does not grow with it.</summary>
internal sealed class MatrixTraining
{
    private readonly Option<int?> _memory = new("--memory") { Description = "Build matrices of taste on disk within so many MiB, and train from there. Default, with any of the next five: 1024." };
    private readonly Option<double?> _horizon = new("--horizon") { Description = "Leave out of taste what is older than so many days." };
    private readonly Option<int?> _newest = new("--newest") { Description = "Let only the newest so many tracks of each listener count for taste." };
    private readonly Option<int?> _sample = new("--sample") { Description = "Let only a seeded sample of so many tracks of each listener count for taste." };
    private readonly Option<int?> _minTracks = new("--min-tracks") { Description = "Leave out of taste listeners of fewer tracks." };
    private readonly Option<int?> _minListeners = new("--min-listeners") { Description = "Leave out of taste tracks of fewer listeners." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_memory, _horizon, _newest, _sample, _minTracks, _minListeners])
        {
            command.Add(option);
        }
    }

    /// <summary>The options of the build; null when none of them was given: then taste is learnt in memory.</summary>
    /// <exception cref="ArgumentException">Both a newest part and a sample are asked for.</exception>
    public MatrixOptions? Read(ParseResult line, TrainingRun run)
    {
        var (newest, sample) = (line.GetValue(_newest), line.GetValue(_sample));
        if (newest < 1 || sample < 1)
        {
            throw new ArgumentException($"--newest and --sample take a number of at least 1, not {newest ?? sample}.");
        }
        if (newest is not null && sample is not null)
        {
            throw new ArgumentException("--newest and --sample cannot both be given.");
        }
        if (line.GetValue(_memory) is null && line.GetValue(_horizon) is null && newest is null && sample is null && line.GetValue(_minTracks) is null && line.GetValue(_minListeners) is null)
        {
            return null;
        }
        return new()
        {
            MemoryBytes = (long)(line.GetValue(_memory) ?? 1024) << 20,
            Horizon = line.GetValue(_horizon) ?? 0,
            MaxItemsPerUser = newest ?? sample ?? 0,
            CapMode = sample is null ? CapMode.Newest : CapMode.Sampled,
            MinUserItems = line.GetValue(_minTracks) ?? 0,
            MinItemUsers = line.GetValue(_minListeners) ?? 0,
            Seed = run.Seed,
            Threads = run.Threads,
        };
    }

    /// <summary>Builds the matrices, or goes on with a build that was broken off, and learns from them.</summary>
    public static ImplicitAlsModel Train(
        MatrixOptions matrices, TrainingFolder work, LearningData learning, ImplicitAlsOptions options, ImplicitAlsTrainer trainer, TrainingRun run, TextWriter output)
    {
        var builder = new MatrixBuilder(learning.Data.Users.Count, learning.Data.Catalogue.Count, options.CreateWeights(), matrices);
        var source = new OccurrenceSource(Occurrences(learning), Fingerprint(learning), learning.Interactions.Count);
        if (Directory.Exists(work.Matrices))
        {
            Directory.Delete(work.Matrices, recursive: true);   // of a training that was broken off: of its recipe or of another one
        }
        var manifest = ConsoleProgress.Run("Building matrices", progress => builder.BuildAsync(source, work.Matrices, work.MatricesWork, new Share(progress), run.Cancellation).GetAwaiter().GetResult());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Matrices: {manifest.Count:N0} pairs of {manifest.Occurrences:N0} interactions, {manifest.Files.Sum(file => file.Bytes) / 1048576.0:F0} MiB on disk, {manifest.Weights.Count} different weights."));
        ImplicitAlsModel model;
        using (var opened = TasteMatrices.Open(work.Matrices))
        {
            model = ConsoleProgress.Run($"Training {ImplicitAlsModel.KindName}", progress => trainer.Train(opened.ByUser, opened.ByItem, run with { Progress = progress }));
        }
        Directory.Delete(work.Matrices, recursive: true);
        return model;
    }

    private static async IAsyncEnumerable<Occurrence> Occurrences(LearningData learning)
    {
        await Task.CompletedTask;
        foreach (var occurrence in InOrder(learning))
        {
            yield return occurrence;
        }
    }

    private static IEnumerable<Occurrence> InOrder(LearningData learning)
    {
        var newest = learning.Interactions.Where(told => (float)told.Value > 0).Max(told => told.Time);
        foreach (var told in learning.Interactions)
        {
            if ((float)told.Value > 0)
            {
                var age = newest is { } last && told.Time is { } time ? (float)(last - time).TotalDays : 0;
                yield return new(learning.Data.Users.Find(told.User)!.Value, learning.Data.Catalogue.Find(new(told.Item))!.Value, told.Action, (float)told.Value, age);
            }
        }
    }

    // Of the sequence: a build that was cut off goes on at a place in it.
    private static string Fingerprint(LearningData learning)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new Occurrence[4096];
        var count = 0;
        void Flush()
        {
            hash.AppendData(MemoryMarshal.AsBytes(buffer.AsSpan(0, count)));
            count = 0;
        }

        foreach (var occurrence in InOrder(learning))
        {
            buffer[count++] = occurrence;
            if (count == buffer.Length)
            {
                Flush();
            }
        }
        Flush();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Of the step under way: steps have no common measure.
    private sealed class Share(IProgress<double> progress) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => progress.Report(value.Total > 0 ? Math.Min(1, value.Done / (double)value.Total) : 0);
    }
}
