using System.Security.Cryptography;
using System.Text;
using Segue.Events.Files;
using Segue.Models.ColdStart;
using Segue.Models.Factorization;
using Segue.Models.Playlists;
using Segue.Models.Popularity;
using Segue.Models.Similarity;
using Segue.Models.Tags;
using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Models.Registry;

/// <summary>A directory of published model sets, in <see cref="VersionedFolders"/>.</summary>
/// <remarks>Sets are never changed once they are published, so their files are mapped
/// where they lie; a set that is deleted stays readable for those who have it. One writer at a time.</remarks>
/// <param name="longestWait">How long to wait for another writer; null: a minute.</param>
public sealed class ModelRegistry(string directory, TimeSpan? longestWait = null)
{
    private const string ErasedName = ".erased", ColdName = "cold", NetworkName = "cold-network";
    private readonly VersionedFolders _folders = new(directory, longestWait);

    /// <summary>Writes the models, one file a kind, and makes them the current set.</summary>
    /// <param name="rows">What the rows are, when catalogue or listeners may grow afterwards.</param>
    /// <param name="cold">How tracks that nobody heard were placed; null where none was.</param>
    /// <param name="network">What told their factors from their spectra; null where nothing did.</param>
    /// <returns>The new version.</returns>
    /// <remarks>Users who were erased since <see cref="BeginTraining"/> are left out, whatever the models learnt of them.</remarks>
    /// <exception cref="IOException">Another process publishes for longer than a minute, or the disk failed; what was in use is in use still.</exception>
    public string Publish(
        IReadOnlyList<IRecommenderModel> models, ModelRows? rows = null, (ColdWeights Weights, ColdFactorsOptions Options)? cold = null, ColdNetwork? network = null)
    {
        using var alone = _folders.Alone();
        var erased = ErasedUsers();
        for (var row = 0; row < (erased.Count == 0 ? 0 : rows?.Users.Count ?? 0); row++)
        {
            if (erased.Contains(HashOf(rows!.Users[row])))
            {
                (models, rows) = Without(models, rows, row);
            }
        }
        return PublishAlone(models, rows, cold, network);
    }

    /// <summary>To be called before a training reads what it learns from: who is erased from now on is not in what it publishes.</summary>
    public void BeginTraining()
    {
        using var alone = _folders.Alone();
        File.Delete(Path.Combine(directory, ErasedName));
    }

    /// <summary>Deletes old sets.</summary>
    /// <param name="keep">So many of the newest stay, the one in use among them; at least 1.</param>
    /// <returns>The versions that were deleted.</returns>
    public IReadOnlyList<string> Prune(int keep) => _folders.Prune(keep);

    private string PublishAlone(
        IReadOnlyList<IRecommenderModel> models, ModelRows? rows, (ColdWeights Weights, ColdFactorsOptions Options)? cold, ColdNetwork? network) => _folders.Publish(folder =>
    {
        foreach (var model in models)
        {
            DurableFile.Replace(Path.Combine(folder, FileName(model.Kind)), model.Save);
        }
        if (cold is var (weights, options))
        {
            DurableFile.Replace(Path.Combine(folder, FileName(ColdName)), file => weights.Save(file, options));
        }
        if (network is not null)
        {
            DurableFile.Replace(Path.Combine(folder, FileName(NetworkName)), network.Save);
        }
        if (models.OfType<ImplicitAlsModel>().FirstOrDefault() is { Items: >= IndexFile.FewestItems } taste)
        {
            DurableFile.Replace(Path.Combine(folder, FileName(IndexFile.Kind)), file => IndexFile.Write(taste.ItemFactors, file));
        }
        rows?.Save(folder);
    });

    /// <summary>The version in use, or null when nothing was published.</summary>
    public string? Current() => _folders.Current();

    /// <summary>Published versions, oldest first.</summary>
    public IReadOnlyList<string> Versions() => _folders.Versions();

    /// <summary>Loads the set in use, and proves every byte of it.</summary>
    /// <exception cref="ModelsMissingException">Nothing was published.</exception>
    /// <exception cref="InvalidDataException">A model is damaged, or the models are not of one training.</exception>
    public ModelSet LoadCurrent()
    {
        var (set, verify) = Open(_folders.RequireCurrent());
        verify(CancellationToken.None);
        return set;
    }

    /// <summary>Loads a published set, and proves every byte of it.</summary>
    /// <exception cref="ModelsMissingException">It was never published, or was pruned since.</exception>
    /// <inheritdoc cref="LoadCurrent"/>
    public ModelSet Load(string version)
    {
        if (!Versions().Contains(version))
        {
            throw new ModelsMissingException($"The models of version {version} are not kept any more; there are {string.Join(", ", Versions().DefaultIfEmpty("none"))}.");
        }
        var (set, verify) = Open(version);
        verify(CancellationToken.None);
        return set;
    }

    /// <summary>Opens the set in use without reading its factors, which are proved behind: <see cref="ModelSet.Verified"/> tells.</summary>
    /// <inheritdoc cref="LoadCurrent"/>
    public ModelSet OpenCurrent()
    {
        var (set, verify) = Open(_folders.RequireCurrent());
        return set with { Verified = Task.Run(() => verify(CancellationToken.None)) };
    }

    /// <summary>Reads every byte of all published sets.</summary>
    /// <returns>What is wrong, a line for each damaged set with the path of the file; empty when all are as they were written.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<string> Verify(CancellationToken cancellation = default)
    {
        var faults = new List<string>();
        foreach (var version in Versions().Where(version => Directory.EnumerateFiles(Path.Combine(directory, version)).Any()))
        {
            try
            {
                Open(version).Verify(cancellation);
            }
            catch (InvalidDataException fault)
            {
                faults.Add(fault.Message);
            }
        }
        return faults;
    }

    /// <summary>Removes a user from the models: publishes the current set anew with the user's factors zero and the id gone, and deletes
    /// every older set that knows the id.</summary>
    /// <returns>The versions that were deleted; empty when no set knew the user.</returns>
    public IReadOnlyList<string> Erase(string user)
    {
        using var alone = _folders.Alone();
        File.AppendAllLines(Path.Combine(directory, ErasedName), [HashOf(user)]);   // a training under way has read of the user
        var known = Versions().Where(version => ModelRows.Load(Path.Combine(directory, version))?.Users.Contains(user) == true).ToList();
        if (known.Count == 0)
        {
            return known;
        }
        var set = LoadCurrent();
        if (set.Rows is { } rows && rows.Users.ToList().IndexOf(user) is >= 0 and var row)
        {
            var (models, without) = Without([.. new IRecommenderModel?[] { set.Taste, set.Neighbors, set.Popular, set.Tags, set.Playlists }.OfType<IRecommenderModel>()], rows, row);
            PublishAlone(models, without, set.Cold, set.Network);
        }
        foreach (var version in known)
        {
            _folders.Delete(version);
        }
        return known;
    }

    /// <summary>The rows of the set in use; null when nothing was published, or without its rows.</summary>
    public ModelRows? CurrentRows() => Current() is { } version ? ModelRows.Load(Path.Combine(directory, version)) : null;

    /// <summary>Deletes all sets. The newest leaves its empty folder, so that no later set gets its number.</summary>
    public void Clear() => _folders.Clear();

    // What was learnt of a user is zero, and the id says nothing.
    private static (IReadOnlyList<IRecommenderModel> Models, ModelRows Rows) Without(IReadOnlyList<IRecommenderModel> models, ModelRows rows, int row)
    {
        var users = rows.Users.ToArray();
        users[row] = ModelRows.ErasedName(row);
        return ([.. models.Select(model => model is ImplicitAlsModel taste ? taste.WithoutUser(row) : model)],
            rows with { Users = users, Fingerprints = rows.Fingerprints?.WithoutUser(row) });
    }

    // Ids are pseudonyms; of those erased not even they are kept.
    private static string HashOf(string user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)));

    private HashSet<string> ErasedUsers()
        => File.Exists(Path.Combine(directory, ErasedName)) ? [.. File.ReadAllLines(Path.Combine(directory, ErasedName))] : [];

    private (ModelSet Set, Action<CancellationToken> Verify) Open(string version)
    {
        var files = new List<(string Path, ModelFile File)>();
        T Model<T>(string kind)
            where T : class, IRecommenderModel
        {
            var path = Path.Combine(directory, version, FileName(kind));
            return Named(path, () =>
            {
                var (model, file) = ModelKinds.Open(path);
                files.Add((path, file));
                return model as T ?? throw new InvalidDataException("The file holds another kind of model.");
            });
        }

        T? Optional<T>(string kind)
            where T : class, IRecommenderModel
            => File.Exists(Path.Combine(directory, version, FileName(kind))) ? Model<T>(kind) : null;

        var set = new ModelSet(
            version,
            Model<ImplicitAlsModel>(ImplicitAlsModel.KindName),
            Model<CooccurrenceModel>(CooccurrenceModel.KindName),
            Model<MostPopularModel>(MostPopularModel.KindName),
            Named(Path.Combine(directory, version), () => ModelRows.Load(Path.Combine(directory, version))))
        {
            Tags = Optional<TagSpaceModel>(TagSpaceModel.KindName), Playlists = Optional<PlaylistNeighborsModel>(PlaylistNeighborsModel.KindName),
            Cold = ReadCold(Path.Combine(directory, version, FileName(ColdName))), Network = OpenNetwork(Path.Combine(directory, version, FileName(NetworkName)), files),
        };
        set = set with { Index = OpenIndex(Path.Combine(directory, version, FileName(IndexFile.Kind)), set.Taste.ItemFactors, files) };
        return new int?[] { set.Neighbors.Items, set.Popular.Items, set.Tags?.Items, set.Playlists?.Items }.All(items => items is null || items == set.Taste.Items)
            ? (set, cancellation => files.ForEach(file => Named(file.Path, () =>
            {
                file.File.Verify(cancellation);
                return true;
            })))
            : throw new InvalidDataException($"The models of version {version} were not trained on the same items.");
    }

    // Small, so it is proved when it is read.
    private static (ColdWeights Weights, ColdFactorsOptions Options)? ReadCold(string path)
        => !File.Exists(path) ? null : Named(path, () =>
        {
            using var file = File.OpenRead(path);
            try
            {
                return ColdWeights.Load(file);
            }
            catch (ArgumentException fault)
            {
                throw new InvalidDataException($"The file holds a setting that this program does not know: {fault.Message}", fault);
            }
        });

    private static ColdNetwork? OpenNetwork(string path, List<(string Path, ModelFile File)> files)
        => !File.Exists(path) ? null : Named(path, () =>
        {
            var file = ModelFile.Open(path);
            files.Add((path, file));
            return ColdNetwork.Open(file);
        });

    private static ByteIndex? OpenIndex(string path, DenseMatrix items, List<(string Path, ModelFile File)> files)
        => !File.Exists(path) ? null : Named(path, () =>
        {
            var file = ModelFile.Open(path);
            files.Add((path, file));
            return IndexFile.Open(file, items);
        });

    private static T Named<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"{path}: {fault.Message}", fault);
        }
    }

    private static string FileName(string kind) => kind + ".model";
}

/// <summary>A store has no trained models.</summary>
public sealed class ModelsMissingException(string message) : Exception(message);
