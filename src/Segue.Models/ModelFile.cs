using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segue.Models.Files;
using Segue.Numerics;
using Segue.Numerics.Memory;

namespace Segue.Models;

/// <summary>The container of every trained model: numbers by name, arrays of any size; layout in <c>docs/model-file.md</c>.</summary>
/// <remarks>It holds no time and no machine's name: equal models are equal bytes. A file on disk is mapped, so that opening it takes the same
/// short time whatever its size; its header is proved at once, an array when it is copied out, and one that is used in place by <see cref="Verify"/>.</remarks>
public sealed class ModelFile
{
    private readonly List<ModelSection> _sections = [];

    public ModelFile(string kind, int users, int items, IReadOnlyDictionary<string, double> settings)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Model files are little-endian; this processor is not.");
        }
        (Kind, Users, Items, Settings) = (kind, users, items, settings);
    }

    internal ModelFile(ModelFileHead head, IEnumerable<ModelSection> sections)
        : this(head.Kind, head.Users, head.Items, head.Settings)
        => _sections.AddRange(sections);

    public string Kind { get; }
    public int Users { get; }
    public int Items { get; }
    public IReadOnlyDictionary<string, double> Settings { get; }

    /// <summary>Whether the file holds an array; an older format may lack one that a newer has.</summary>
    public bool Has(string name) => _sections.Exists(section => section.Name == name);

    /// <param name="values">Kept until the file is written, not copied.</param>
    public void Add<T>(string name, T[] values)
        where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        Add(name, (long)size * values.Length, (from, target) =>
        {
            // A span of bytes may be too short for the whole array, never for this piece of it.
            var elements = values.AsSpan((int)(from / size), (target.Length + size - 1) / size);
            MemoryMarshal.AsBytes(elements)[..target.Length].CopyTo(target);
        });
    }

    /// <param name="matrix">Kept until the file is written, not copied.</param>
    public void Add(string name, DenseMatrix matrix)
        => Add(name, sizeof(float) * matrix.Count, (from, target) => MemoryMarshal.AsBytes(matrix.Elements(from / sizeof(float), target.Length / sizeof(float))).CopyTo(target));

    /// <param name="stretch">Kept until the file is written, not copied.</param>
    internal void Add(string name, MemoryStretch stretch) => Add(name, stretch.Length, (from, target) => stretch.Span(from, target.Length).CopyTo(target));

    /// <param name="bytes">Bytes in all.</param>
    /// <param name="read">Gives the bytes from an offset on, a multiple of 2²⁰; called from several threads, and twice for each place.</param>
    /// <exception cref="ArgumentException">There is an array of this name.</exception>
    public void Add(string name, long bytes, ReadBytes read)
    {
        if (Has(name))
        {
            throw new ArgumentException($"The model has its '{name}' already.", nameof(name));
        }
        _sections.Add(new(name, bytes, read));
    }

    /// <summary>A copy of an array, proved to be as it was written.</summary>
    /// <param name="length">Elements that there must be; null for any number.</param>
    /// <exception cref="InvalidDataException">The array is absent, damaged, or not of <paramref name="length"/> elements.</exception>
    public T[] Get<T>(string name, long? length = null)
        where T : unmanaged
    {
        var section = Find(name);
        var elements = RequireLength(section, Unsafe.SizeOf<T>(), length);
        section.RequireSound();
        var values = new T[elements];
        for (long at = 0; at < elements; at += BlockChecksum.Block)
        {
            var piece = values.AsSpan((int)at, (int)Math.Min(BlockChecksum.Block, elements - at));
            section.CopyTo(at * Unsafe.SizeOf<T>(), MemoryMarshal.AsBytes(piece));
        }
        return values;
    }

    /// <summary>An array as a matrix: where the file is mapped in place, so not yet proved.</summary>
    /// <exception cref="InvalidDataException">The array is absent or not of this shape.</exception>
    public DenseMatrix GetMatrix(string name, int rows, int columns)
    {
        var section = Find(name);
        RequireLength(section, sizeof(float), (long)rows * columns);
        return section.Place().AsMatrix(rows, columns);
    }

    /// <summary>An array as bytes: where the file is mapped in place, so not yet proved.</summary>
    /// <exception cref="InvalidDataException">The array is absent.</exception>
    internal MemoryStretch GetStretch(string name) => Find(name).Place();

    /// <summary>Reads every array that was not proved yet and compares it with its checksum; on all processors.</summary>
    /// <exception cref="InvalidDataException">An array is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Verify(CancellationToken cancellation = default) => _sections.ForEach(section => section.RequireSound(cancellation));

    /// <summary>Writes the file in format 2; reads each array twice.</summary>
    public void WriteTo(Stream stream)
    {
        var head = new ModelFileHead(Kind, Users, Items, new(Settings.ToDictionary(), StringComparer.Ordinal),
            [.. _sections.Select(section => new ModelFileHead.Section(section.Name, section.Bytes, section.Checksum()))]);
        stream.Write(head.ToBytes());
        _sections.ForEach(section => section.WriteTo(stream));
    }

    /// <summary>Reads a whole file into memory and proves every byte of it.</summary>
    /// <exception cref="InvalidDataException">Not a model file, of a newer format, cut short, or with a bit changed.</exception>
    public static ModelFile ReadFrom(Stream stream) => ModelFileReader.Read(stream);

    /// <summary>Opens a file in place: nothing but its header is read. It must not be changed afterwards; it may be renamed or deleted.</summary>
    /// <exception cref="InvalidDataException">Not a model file, of a newer format, cut short, or its header is damaged.</exception>
    public static ModelFile Open(string path) => ModelFileReader.Open(path);

    private ModelSection Find(string name)
        => _sections.Find(section => section.Name == name) ?? throw new InvalidDataException($"The model lacks its '{name}'.");

    private static long RequireLength(ModelSection section, int size, long? length)
    {
        var elements = section.Bytes / size;
        return section.Bytes % size == 0 && (length is null || elements == length)
            ? elements
            : throw new InvalidDataException($"The model's '{section.Name}' has {section.Bytes / (double)size:0.##} elements; {length?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "a whole number"} were expected.");
    }
}
