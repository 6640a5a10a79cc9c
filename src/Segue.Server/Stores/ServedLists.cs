using Segue.Numerics;
using Segue.Retrieval.Lists;

namespace Segue.Server.Stores;

/// <summary>The lists that a server answers from: a mapped file, exchanged as a whole while requests go on.</summary>
/// <remarks>A file that was exchanged stays mapped until nobody reads it; the collector lets it go.</remarks>
public sealed class ServedLists(string path) : IProgress<double>
{
    private volatile ListenerLists? _lists;
    private double _share = 1;
    private DateTime _written;

    /// <summary>Share of the making under way that is done, in [0, 1); null when none is.</summary>
    public double? Making => Volatile.Read(ref _share) is < 1 and var share ? share : null;

    /// <summary>The lists that these models made; null when there are none: rows of other models are other listeners and tracks.</summary>
    public ListenerLists? Of(string modelVersion) => _lists is { } lists && lists.ModelVersion == modelVersion ? lists : null;

    /// <summary>A user's list of these models, and when it was made; null where there is none. A damaged one takes the file out of use: it is made
    /// anew.</summary>
    /// <returns>Also whether the list had all the tracks there were: then what is left of it is all there is.</returns>
    public (ScoredItem[] Tracks, DateTimeOffset MadeAt, bool IsAll)? Find(string modelVersion, int row)
    {
        try
        {
            return Of(modelVersion) is { } lists && lists.Find(row) is { } list ? (list, lists.MadeAt, list.Length < lists.Length) : null;
        }
        catch (InvalidDataException)
        {
            _lists = null;
            return null;
        }
    }

    public void Report(double value) => Volatile.Write(ref _share, value);

    /// <summary>As <see cref="Load"/>, where another process wrote the file anew.</summary>
    internal void LoadIfChanged(string modelVersion)
    {
        if (File.GetLastWriteTimeUtc(path) != _written)
        {
            Load(modelVersion);
        }
    }

    /// <summary>Takes the file into use, where it is of these models; else nothing is served. A damaged file counts as none: it is made anew.</summary>
    internal void Load(string? modelVersion)
    {
        _written = File.GetLastWriteTimeUtc(path);
        try
        {
            var lists = File.Exists(path) ? ListenerLists.Open(path) : null;
            _lists = lists?.ModelVersion == modelVersion ? lists : null;
        }
        catch (InvalidDataException)
        {
            _lists = null;
        }
    }
}
