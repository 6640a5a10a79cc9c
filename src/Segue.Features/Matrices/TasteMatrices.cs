using System.IO.MemoryMappedFiles;
using Segue.Numerics.Sparse;

namespace Segue.Features.Matrices;

/// <summary>Weighted matrices of users and items on disk, mapped: nothing is read before it is used, and the system may drop what was.</summary>
/// <remarks>Layout: <c>docs/matrices.md</c>. Opening checks the manifest and the sizes; what came from elsewhere needs <see cref="Verify"/>
/// before training follows a column into memory. Thread-safe for readers.</remarks>
public sealed class TasteMatrices : IDisposable
{
    private readonly string _folder;

    private TasteMatrices(string folder, MatrixManifest manifest, WeightedRows byUser, WeightedRows byItem)
        => (_folder, Manifest, ByUser, ByItem) = (folder, manifest, byUser, byItem);

    public MatrixManifest Manifest { get; }

    /// <summary>A row for each user; columns are items. Valid until this is disposed.</summary>
    public WeightedRows ByUser { get; }

    /// <summary>A row for each item; columns are users. Valid until this is disposed.</summary>
    public WeightedRows ByItem { get; }

    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">The manifest is damaged or of another format, or a file has another size; the message names it.</exception>
    public static TasteMatrices Open(string folder)
    {
        var manifest = MatrixManifest.Read(folder);
        var (users, items) = (manifest.Recipe.Users, manifest.Recipe.Items);
        var hasCodes = manifest.Weights.Count > 1;
        if (!manifest.Files.Select(file => (file.Name, file.Bytes)).SequenceEqual(MatrixFiles.Layout(users, items, manifest.Count, hasCodes)))
        {
            throw new InvalidDataException($"{folder}: the manifest names other files than {manifest.Count} entries need.");
        }
        foreach (var (name, bytes, _) in manifest.Files)
        {
            var file = new FileInfo(Path.Combine(folder, name));
            if (!file.Exists)
            {
                throw new FileNotFoundException($"{file.FullName} is missing.", file.FullName);
            }
            if (file.Length != bytes)
            {
                throw new InvalidDataException($"{file.FullName} has {file.Length} bytes instead of {bytes}.");
            }
        }
        var codebook = new WeightCodebook([.. manifest.Weights], [.. manifest.Targets]);
        var byUser = Map(folder, MatrixFiles.ByUser, users, items, manifest.Count, codebook);
        try
        {
            return new(folder, manifest, byUser, Map(folder, MatrixFiles.ByItem, items, users, manifest.Count, codebook));
        }
        catch
        {
            byUser.Dispose();
            throw;
        }
    }

    /// <summary>Reads every byte: finds every flipped bit, and proves that all rows are within bounds.</summary>
    /// <exception cref="InvalidDataException">A file is not what the manifest says; the message names it.</exception>
    public void Verify(CancellationToken cancellation = default)
    {
        var files = new MatrixFiles(_folder);
        foreach (var (name, _, sha256) in Manifest.Files)
        {
            if (files.Hash(name, cancellation) != sha256)
            {
                throw new InvalidDataException($"{files[name]} is damaged: its checksum does not agree.");
            }
        }
        ByUser.Check();
        ByItem.Check();
    }

    public void Dispose()
    {
        ByUser.Dispose();
        ByItem.Dispose();
    }

    private static WeightedRows Map(string folder, string side, int rows, int columns, long count, WeightCodebook codebook)
    {
        var arrays = new MappedArrays();
        try
        {
            var starts = arrays.Map(Path.Combine(folder, side + MatrixFiles.Starts));
            var entries = arrays.Map(Path.Combine(folder, side + MatrixFiles.Columns));
            var codes = codebook.Count > 1 ? arrays.Map(Path.Combine(folder, side + MatrixFiles.Codes)) : 0;
            var mapped = new WeightedRows(rows, columns, starts, entries, codes, codebook, arrays);
            return mapped.Start(0) == 0 && mapped.Count == count
                ? mapped
                : throw new InvalidDataException(
                    $"{Path.Combine(folder, side + MatrixFiles.Starts)} is damaged: it begins at {mapped.Start(0)} and ends at {mapped.Count}, not {count}.");
        }
        catch
        {
            arrays.Dispose();
            throw;
        }
    }

    private sealed class MappedArrays : IDisposable
    {
        private readonly List<(MemoryMappedFile File, MemoryMappedViewAccessor View)> _maps = [];

        public nint Map(string path)
        {
            var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            MemoryMappedViewAccessor view;
            try
            {
                view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            }
            catch
            {
                file.Dispose();
                throw;
            }
            _maps.Add((file, view));
            return view.SafeMemoryMappedViewHandle.DangerousGetHandle() + (nint)view.PointerOffset;
        }

        public void Dispose()
        {
            foreach (var (file, view) in _maps)
            {
                view.Dispose();
                file.Dispose();
            }
            _maps.Clear();
        }
    }
}
