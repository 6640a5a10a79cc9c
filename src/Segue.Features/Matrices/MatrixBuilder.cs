using Segue.Events.Compaction;
using Segue.Events.Files;
using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Numerics.Memory;

namespace Segue.Features.Matrices;

/// <summary>Makes the matrices that training reads from what happened, in a memory that does not grow with it.</summary>
/// <remarks>
/// What happened is spilled in runs that are sorted coarsely by user; then some users at a time are read from all runs, sorted by
/// (user, item, action), added up and weighed (<see cref="TasteWeights"/>); then the codebook is found and entries are written by user and
/// scattered by groups of items; then each group is gathered in memory and written by item. The result's bytes depend on the recipe alone:
/// not on the order of the source, on memory or threads. Cut off at any moment, the same build goes on after the last run, group of users or
/// step that is on disk. Time O(occurrences), disk 28 bytes an occurrence (<see cref="MatrixNeeds"/>).
/// </remarks>
public sealed class MatrixBuilder
{
    private readonly int _users, _items;
    private readonly TasteWeights _weights;
    private readonly MatrixOptions _options;
    private readonly BuildSizes _sizes;

    /// <exception cref="ArgumentException">A number is out of range, or the memory too little; the message names it.</exception>
    public MatrixBuilder(int users, int items, TasteWeights weights, MatrixOptions options)
        : this(users, items, weights, options, null)
    {
    }

    internal MatrixBuilder(int users, int items, TasteWeights weights, MatrixOptions options, BuildSizes? sizes)
    {
        options.Require(users, items);
        (_users, _items, _weights, _options) = (users, items, weights, options);
        _sizes = sizes ?? BuildSizes.Of(options, users, items);
    }

    /// <summary>Builds, or goes on where an earlier call with the same source and options was cut off.</summary>
    /// <param name="resultFolder">Where the matrices will be, whole or not at all: must not be there yet, unless it holds the result of the same recipe,
    /// which is kept. While it is made it lies beside, as <c>NAME.draft</c>.</param>
    /// <param name="workFolder">For this build alone: empty, absent, or left by a build that was cut off. It is gone in the end.</param>
    /// <exception cref="TooLittleMemoryException">The machine has less memory than the budget.</exception>
    /// <exception cref="InvalidDataException">The source is empty, nothing of it counts, or an occurrence is out of range; the message says which.</exception>
    /// <exception cref="IOException">Too little disk, other matrices at the place, another build in the work folder, or a disk failed.</exception>
    public async Task<MatrixManifest> BuildAsync(
        OccurrenceSource source, string resultFolder, string workFolder, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var recipe = MatrixRecipe.Of(source.Fingerprint, _users, _items, _weights, _options);
        var draft = Path.TrimEndingDirectorySeparator(Path.GetFullPath(resultFolder)) + ".draft";
        if (Published(resultFolder, recipe) is { } published)
        {
            WorkFolder.Remove(workFolder);   // an earlier call may have been cut off just after it published
            return published;
        }
        using var work = WorkFolder.Open(workFolder, draft, new BuildKey(recipe, _options.MemoryBytes, _options.Threads));
        Directory.CreateDirectory(draft);
        if (work.Marked<IntakeTotals>(WorkFolder.IntakeMark) is null)
        {
            MemoryNeed.Require(_options.MemoryBytes, $"matrices of {_users} users and {_items} items");
            MatrixNeeds.Of(_users, _items, source.AtMost).RequireDisk(workFolder, draft);
        }
        var totals = await new Intake(work, _sizes, _users, _items, _weights, _options, progress).RunAsync(source, cancellation);
        if (totals.Kept == 0)
        {
            work.Remove();
            Directory.Delete(draft, recursive: true);
            throw new InvalidDataException(totals.Occurrences == 0
                ? "The source is empty: it holds no occurrence."
                : $"None of {totals.Occurrences} occurrences counts: all are older than {_options.Horizon} days or of actions that weigh nothing.");
        }
        return await Task.Run(() => Finish(recipe, totals, resultFolder, draft, work, progress, cancellation), cancellation);
    }

    private MatrixManifest Finish(
        MatrixRecipe recipe, IntakeTotals totals, string resultFolder, string draft, WorkFolder work, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var files = new MatrixFiles(draft);
        var groups = new UserRows(work, _sizes, _users, _items, _weights, _options, progress).Run(totals, cancellation);
        if (groups.All(group => group.Entries == 0))
        {
            throw new InvalidDataException(
                $"Nothing is left of {totals.Kept} occurrences: no item has {_options.MinItemUsers} users, or no user has {_options.MinUserItems} of those items.");
        }
        var encoded = new RowEncoder(work, files, _sizes, _items, _options, progress).Run(groups, cancellation);
        new ItemTurn(work, files, _sizes, _items, _options, progress).Run(encoded, cancellation);
        var manifest = Seal(recipe, totals, encoded, files, progress, cancellation);
        DurableFile.SyncDirectory(draft);
        Directory.Move(draft, resultFolder);
        DurableFile.SyncDirectory(Path.GetDirectoryName(draft)!);
        work.Remove();
        return manifest;
    }

    private MatrixManifest Seal(
        MatrixRecipe recipe, IntakeTotals totals, EncodedRows encoded, MatrixFiles files, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var layout = MatrixFiles.Layout(_users, _items, encoded.Count, encoded.HasCodes).ToArray();
        var sealedFiles = new MatrixFile[layout.Length];
        long done = 0;
        Workers.For(layout.Length, _options.Threads, n =>
        {
            var (name, bytes) = layout[n];
            using (var file = File.OpenHandle(files[name], FileMode.Open, FileAccess.ReadWrite))
            {
                DurableFile.Sync(file, files[name]);
            }
            sealedFiles[n] = new(name, bytes, files.Hash(name, cancellation));
            progress?.Report(new("sealing", Interlocked.Increment(ref done), layout.Length));
        }, cancellation);
        var manifest = new MatrixManifest(
            MatrixManifest.CurrentFormat, recipe, encoded.Count, totals.Occurrences, totals.Kept, encoded.Weights, encoded.Targets, encoded.IsExact, sealedFiles);
        DurableFile.Replace(files[MatrixManifest.Name], stream => stream.Write(manifest.ToBytes()));
        return manifest;
    }

    // What an earlier call published; null when nothing is at the place.
    private static MatrixManifest? Published(string resultFolder, MatrixRecipe recipe)
    {
        if (!Directory.Exists(resultFolder))
        {
            return null;
        }
        var found = File.Exists(Path.Combine(resultFolder, MatrixManifest.Name)) ? MatrixManifest.Read(resultFolder) : null;
        return found is not null && found.Recipe.IsSame(recipe)
            ? found
            : throw new IOException(
                $"{resultFolder} is there already and holds {(found is null ? "no matrices" : "matrices of another recipe")}: remove it or name another folder.");
    }

    private sealed record BuildKey(MatrixRecipe Recipe, long MemoryBytes, int Threads);
}
