using System.Globalization;
using Segue.Audio;
using Segue.Audio.Tags;
using Segue.Core;
using Segue.Events.Catalogue;
using Segue.Events.Relational;
using Segue.Features.Sound;
using Segue.Server.Music;

namespace Segue.Server.Tests.Music;

/// <summary>A folder of music, a library and a catalogue of a test's own.</summary>
internal sealed class MusicBench : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-music-");
    private readonly RelationalStore _database;
    private int _analyses;

    public MusicBench()
    {
        Directory.CreateDirectory(Music);
        _database = RelationalStore.OpenFile(Path.Combine(_folder.FullName, "accounts.db"));
        (Catalogue, Library) = (new(_database), new(Path.Combine(_folder.FullName, "music.db")));
        Scanner = new(Library, Catalogue, Catalogue.ReadAll, new(Version, () => new(Analyze, (path, _) => TinyWave.ReadTags(path)) { Doubt = () => Doubt }), TimeProvider.System)
        {
            Told = file => Told(file),
        };
    }

    public string Music => Path.Combine(_folder.FullName, "music");
    public CatalogueStore Catalogue { get; }
    public SoundLibrary Library { get; }
    public MusicScanner Scanner { get; private set; }
    public string Version { get; private set; } = "tiny/1";
    public Action<ScannedTrack> Told { get; set; } = _ => { };

    /// <summary>What the analyzers tell of themselves.</summary>
    public string? Doubt { get; set; }

    /// <summary>Called before the n-th analysis, from 1.</summary>
    public Action<int> BeforeAnalysis { get; set; } = _ => { };

    public string this[string name] => Path.Combine(Music, name);

    public void Write(string name, int voice, double seconds = 4, AudioTags? tags = null) => TinyWave.Write(this[name], voice, seconds, tags);

    public void WriteTagged(string name, int voice, string title, string artist = "Ann", string? album = null, double seconds = 4)
        => Write(name, voice, seconds, new() { Title = title, Artist = artist, Album = album });

    public Task<ScanReport> ScanAsync(int workers = 2, bool again = false, CancellationToken? cancellation = null)
        => Scanner.ScanAsync([Music], new() { Workers = workers, Again = again }, progress: null, cancellation ?? TestContext.Current.CancellationToken);

    /// <summary>An analysis of another version from now on.</summary>
    public void NewAnalysis()
    {
        Version += "'";
        Scanner = new(Library, Catalogue, Catalogue.ReadAll, new(Version, () => new(Analyze, (path, _) => TinyWave.ReadTags(path))), TimeProvider.System);
    }

    public TrackId? TrackOf(string name) => Library.FindFile(this[name])?.Sound is { } sound ? Library.FindSound(sound)!.Track : null;

    public string OutcomeOf(string name) => Library.FindFile(this[name]) switch
    {
        null => "never seen",
        { IsGone: true } => "gone",
        { Outcome: var outcome } => outcome.ToString(),
    };

    /// <summary>All that matters of library and catalogue, whatever rows it stands in.</summary>
    public IReadOnlyList<string> Dump() =>
    [
        .. Library.ReadTracks().Select(track => $"{track.Track} {track.Title}|{track.Artist}|{track.Album}|{track.AlbumKey} {track.IsOwn} {Path.GetRelativePath(Music, track.Path)}"
            .Replace(Music, "", StringComparison.Ordinal)),
        .. Library.ReadDescriptors().Select(told => $"{told.Track} {string.Join(' ', told.Values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}"),
        .. Library.ListFaults(null, 0, 1000).Select(file => $"{file.Path} {file.Outcome} {file.Fault}".Replace(Music, "", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        .. Catalogue.ReadAll().Select(entry => $"{entry.Track.Id} {entry.Track.Title} by {entry.Track.Artist} {entry.Track.Length} {entry.Track.Genre} {entry.Mbid}"),
        .. Library.WithdrawnTracks().Select(track => $"withdrawn {track}").Order(StringComparer.Ordinal),
    ];

    public void Dispose()
    {
        Library.Dispose();
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    private TrackAnalysis Analyze(string path, CancellationToken cancellation)
    {
        BeforeAnalysis(Interlocked.Increment(ref _analyses));
        cancellation.ThrowIfCancellationRequested();
        return TinyWave.Analyze(path);
    }
}
