using System.Globalization;
using Segue.Events.Files;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Similarity;

namespace Segue.Models.Registry;

/// <summary>A directory of published model sets: <c>000001/</c>, <c>000002/</c> … and the file <c>current</c> that names the one in use.</summary>
/// <remarks>A set is written beside and appears by one rename; a second rename of <c>current</c> publishes it, so a reader sees the
/// old set or the new one, never a part, whenever the writer was killed. Sets are never changed afterwards, so their files are mapped
/// where they lie; a set that is deleted stays readable for those who have it. One writer at a time.</remarks>
public sealed class ModelRegistry(string directory)
{
    private const string CurrentName = "current", PartialPrefix = ".partial-", LockName = ".publishing";

    /// <summary>Writes the models, one file a kind, and makes them the current set.</summary>
    /// <param name="rows">What the rows are, when catalogue or listeners may grow afterwards.</param>
    /// <returns>The new version.</returns>
    /// <exception cref="IOException">Another process publishes, or the disk failed; what was in use is in use still.</exception>
    public string Publish(IReadOnlyList<IRecommenderModel> models, ModelRows? rows = null)
    {
        Directory.CreateDirectory(directory);
        using var alone = new FileStream(Path.Combine(directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        foreach (var left in Directory.GetDirectories(directory, PartialPrefix + "*"))
        {
            Directory.Delete(left, recursive: true);   // of a writer that was killed
        }
        var partial = Path.Combine(directory, $"{PartialPrefix}{Guid.NewGuid():N}");
        Directory.CreateDirectory(partial);
        try
        {
            foreach (var model in models)
            {
                DurableFile.Replace(Path.Combine(partial, FileName(model.Kind)), model.Save);
            }
            rows?.Save(partial);
            DurableFile.SyncDirectory(partial);
            var version = (Versions().Select(v => int.Parse(v, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max() + 1).ToString("D6", CultureInfo.InvariantCulture);
            Directory.Move(partial, Path.Combine(directory, version));
            DurableFile.SyncDirectory(directory);
            Use(version);
            return version;
        }
        catch
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
            throw;
        }
    }

    /// <summary>The version in use, or null when nothing was published.</summary>
    public string? Current()
    {
        var path = Path.Combine(directory, CurrentName);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    /// <summary>Published versions, oldest first.</summary>
    public IReadOnlyList<string> Versions()
        => Directory.Exists(directory)
            ? [.. Directory.GetDirectories(directory).Select(path => Path.GetFileName(path)).Where(name => name.All(char.IsAsciiDigit)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Loads the set in use, and proves every byte of it.</summary>
    /// <exception cref="ModelsMissingException">Nothing was published.</exception>
    /// <exception cref="InvalidDataException">A model is damaged, or the models are not of one training.</exception>
    public ModelSet LoadCurrent()
    {
        var (set, verify) = Open(RequireCurrent());
        verify(CancellationToken.None);
        return set;
    }

    /// <summary>Opens the set in use without reading its factors, which are proved behind: <see cref="ModelSet.Verified"/> tells.</summary>
    /// <inheritdoc cref="LoadCurrent"/>
    public ModelSet OpenCurrent()
    {
        var (set, verify) = Open(RequireCurrent());
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
        var known = Versions().Where(version => ModelRows.Load(Path.Combine(directory, version))?.Users.Contains(user) == true).ToList();
        if (known.Count == 0)
        {
            return known;
        }
        var set = LoadCurrent();
        if (set.Rows is { } rows && rows.Users.ToList().IndexOf(user) is >= 0 and var row)
        {
            var users = rows.Users.ToArray();
            users[row] = ModelRows.ErasedName(row);
            Publish([set.Taste.WithoutUser(row), set.Neighbors, set.Popular], rows with { Users = users, Fingerprints = rows.Fingerprints?.WithoutUser(row) });
        }
        foreach (var version in known)
        {
            Directory.Delete(Path.Combine(directory, version), recursive: true);
        }
        return known;
    }

    /// <summary>The rows of the set in use; null when nothing was published, or without its rows.</summary>
    public ModelRows? CurrentRows() => Current() is { } version ? ModelRows.Load(Path.Combine(directory, version)) : null;

    /// <summary>Deletes all sets. The newest leaves its empty folder, so that no later set gets its number.</summary>
    public void Clear()
    {
        File.Delete(Path.Combine(directory, CurrentName));
        var versions = Versions();
        foreach (var version in versions)
        {
            Directory.Delete(Path.Combine(directory, version), recursive: true);
        }
        if (versions.Count > 0)
        {
            Directory.CreateDirectory(Path.Combine(directory, versions[^1]));
        }
    }

    private void Use(string version)
        => DurableFile.Replace(Path.Combine(directory, CurrentName), file => file.Write(System.Text.Encoding.ASCII.GetBytes(version + "\n")));

    private string RequireCurrent()
        => Current() ?? throw new ModelsMissingException($"No model was trained yet ({Path.Combine(directory, CurrentName)} does not exist).");

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

        var set = new ModelSet(
            version,
            Model<ImplicitAlsModel>(ImplicitAlsModel.KindName),
            Model<CooccurrenceModel>(CooccurrenceModel.KindName),
            Model<MostPopularModel>(MostPopularModel.KindName),
            ModelRows.Load(Path.Combine(directory, version)));
        return set.Taste.Items == set.Neighbors.Items && set.Taste.Items == set.Popular.Items
            ? (set, cancellation => files.ForEach(file => Named(file.Path, () =>
            {
                file.File.Verify(cancellation);
                return true;
            })))
            : throw new InvalidDataException($"The models of version {version} were not trained on the same items.");
    }

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
