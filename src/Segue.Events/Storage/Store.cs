using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Segue.Core;
using Segue.Events.Importing;

namespace Segue.Events.Storage;

/// <summary>One data set on disk: a catalogue, listeners, their interactions, and the models trained on them. Immutable but for the
/// models and for the erasure of a listener; safe for any number of readers.</summary>
public sealed class Store
{
    internal const string CatalogueFile = "catalogue.jsonl";
    internal const string ListenersFile = "listeners.jsonl";
    internal const string InteractionsFile = "interactions.tsv";
    internal const string ModelsFolder = "models";

    private Store(string path, StoreManifest manifest) => (Path, Manifest) = (path, manifest);

    /// <summary>The store's directory, as a full path.</summary>
    public string Path { get; }

    public StoreManifest Manifest { get; }

    /// <summary>Where models of this data lie; they go when the store is replaced.</summary>
    public string ModelsDirectory => System.IO.Path.Combine(Path, ModelsFolder);

    /// <summary>Opens a store; reads the manifest and compares the lengths of the files with it.</summary>
    /// <exception cref="StoreException">There is no store, it is damaged, or its format is newer than this program.</exception>
    public static Store Open(string directory)
    {
        var path = System.IO.Path.GetFullPath(directory);
        StoreEraser.Complete(path);
        var manifestPath = System.IO.Path.Combine(path, StoreManifest.FileName);
        if (!File.Exists(manifestPath))
        {
            throw new StoreException($"There is no store at {path}.");
        }
        var store = new Store(path, StoreManifest.Parse(File.ReadAllBytes(manifestPath), manifestPath));
        string[] expected = [CatalogueFile, ListenersFile, InteractionsFile];
        if (!store.Manifest.Files.Select(file => file.Name).Order().SequenceEqual(expected.Order()))
        {
            throw new StoreException($"{manifestPath} is damaged: it does not list the files of a store.");
        }
        foreach (var file in store.Manifest.Files)
        {
            var found = new FileInfo(store.In(file.Name));
            if (!found.Exists || found.Length != file.Length)
            {
                var state = found.Exists ? $"it has {found.Length} bytes" : "it is missing";
                throw new StoreException($"{found.FullName} is damaged: {state}, and {file.Length} were written.");
            }
        }
        return store;
    }

    /// <summary>Takes a listener and all of the listener's interactions out, whole or not at all; also when the process dies in between. Open
    /// the store anew afterwards.</summary>
    /// <returns>Lines removed; 0 when the store does not know the listener.</returns>
    public long Erase(ListenerId listener) => StoreEraser.Erase(this, listener);

    /// <summary>Reads every byte and compares it, by SHA-256, with what was written.</summary>
    /// <exception cref="StoreException">A file differs; the message names the first such file.</exception>
    public void Verify()
    {
        foreach (var file in Manifest.Files)
        {
            using var stream = File.OpenRead(In(file.Name));
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != file.Sha256)
            {
                throw new StoreException($"{In(file.Name)} is damaged: its SHA-256 is not the one in the manifest.");
            }
        }
    }

    /// <summary>All tracks, in the order in which they were written.</summary>
    /// <exception cref="StoreException">A line is damaged; the message names the file and the line.</exception>
    public IReadOnlyList<Track> ReadCatalogue()
        => ReadAll(CatalogueFile, Manifest.Tracks, StoreFormat.Lines.TrackLine, line => line.ToTrack());

    /// <summary>All listeners, in the order in which they were written.</summary>
    /// <exception cref="StoreException">A line is damaged; the message names the file and the line.</exception>
    public IReadOnlyList<ListenerProfile> ReadListeners()
        => ReadAll(ListenersFile, Manifest.Listeners, StoreFormat.Lines.ListenerLine, line => line.ToProfile());

    /// <summary>Streams the interactions in the order in which they were written; each enumeration reads the file anew.</summary>
    /// <exception cref="StoreException">A line is damaged; the message names the file and the line.</exception>
    public IEnumerable<Interaction> ReadInteractions()
    {
        using var lines = OpenLines(InteractionsFile);
        if (!Next(lines) || !lines.Text.SequenceEqual(InteractionLine.Header))
        {
            throw new StoreException($"{lines.Name} is damaged: its header is not that of a store's interactions.");
        }
        var splitter = new FieldSplitter(FieldSeparator.Tab);
        long count = 0;
        while (Next(lines))
        {
            if (InteractionLine.Parse(lines.Text, splitter, out var interaction) is { } fault)
            {
                throw Damaged(lines, fault);
            }
            count++;
            yield return interaction;
        }
        RequireCount(lines, count, Manifest.Interactions);
    }

    private List<T> ReadAll<TLine, T>(string file, long expected, JsonTypeInfo<TLine> format, Func<TLine, T> convert)
    {
        using var lines = OpenLines(file);
        var values = new List<T>();
        while (Next(lines))
        {
            try
            {
                var line = JsonSerializer.Deserialize(lines.Bytes.Span, format) ?? throw new JsonException("it is null");
                values.Add(convert(line));
            }
            catch (Exception fault) when (fault is JsonException or ArgumentException or OverflowException)
            {
                throw Damaged(lines, fault.Message);
            }
        }
        RequireCount(lines, values.Count, expected);
        return values;
    }

    private static bool Next(LineReader lines)
        => lines.Read() && (lines.Fault is { } fault ? throw Damaged(lines, fault) : true);

    private static void RequireCount(LineReader lines, long count, long expected)
    {
        if (count != expected)
        {
            throw new StoreException($"{lines.Name} is damaged: it holds {count} rows, and the manifest says {expected}.");
        }
    }

    private static StoreException Damaged(LineReader lines, string fault)
        => new($"{lines.Name}:{lines.Line}: the store is damaged: {fault}");

    private LineReader OpenLines(string file)
        => new TextSource(In(file), () => File.OpenRead(In(file))) { MaxLineBytes = LineReader.LongestLineBytes }
            .OpenLines(bytesRead: null, CancellationToken.None);

    private string In(string file) => System.IO.Path.Combine(Path, file);
}
