using Segue.Core;
using Segue.Events;
using Segue.Events.Analytics;
using Segue.Events.Catalogue;
using Segue.Events.Compaction;
using Segue.Events.Tests;
using Segue.Events.Tests.Compaction;
using Segue.Features.Snapshots;

namespace Segue.Features.Tests.Snapshots;

/// <summary>A store of a test's own: events go in, snapshots come out.</summary>
internal sealed class FeatureWorld : IDisposable
{
    public static readonly DateTimeOffset Start = new(2018, 11, 5, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private long _offset;

    public FeatureWorld(int threads = 2)
    {
        Assert.SkipUnless(DuckDbLibrary.IsPresent, "DuckDB's library is absent: run build/natives/fetch (it needs npm).");
        Objects = new(_folder["objects"]);
        Builder = new(Objects, _folder["work"], new() { MemoryMiB = 512, Threads = threads });
        Compactor = new(Objects, _folder["compaction"], new() { MemoryMiB = 256 });
        Store = new(Objects, _folder["store"]);
    }

    public PlainObjects Objects { get; }
    public FeatureBuilder Builder { get; }
    public EventCompactor Compactor { get; }
    public FeatureStore Store { get; }
    public string Folder => _folder["run"];
    public List<ListenerProfile> Accounts { get; init; } = [];
    public List<CatalogueRecording> Catalogue { get; init; } = [];
    public FeatureSources Sources => new(Accounts.ToAsyncEnumerable(), Catalogue.ToAsyncEnumerable());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task AddAsync(IReadOnlyCollection<ListenerEvent> events)
    {
        var from = _offset;
        await Compactor.CompactAsync(SomeEvents.Logged(events, from), _offset += events.Count, null, Cancel);
    }

    public async Task<FeatureSnapshot> SnapshotAsync(DateTimeOffset asOf, DateTimeOffset? from = null)
    {
        var manifest = await Builder.BuildAsync(asOf, from, Sources, null, Cancel);
        return await FeatureSnapshot.OpenAsync(Objects, manifest.Version, Cancel);
    }

    public static CatalogueRecording Recording(string track, string artist, string? genre = null, params string[] tags)
        => new(new(new(track), $"Title of {track}", new(new(artist), $"Name of {artist}"), genre, tags, TimeSpan.FromSeconds(200)), null, null);

    public static ListenerEvent Listen(
        string listener, string track, TimeSpan at, double? heardSeconds, double? lengthSeconds = 200, EndReason end = EndReason.Finished, bool recommended = false)
        => Make(EventKind.Listen, listener, at) with
        {
            Track = new(track),
            Heard = heardSeconds is { } heard ? TimeSpan.FromSeconds(heard) : null,
            Length = lengthSeconds is { } length ? TimeSpan.FromSeconds(length) : null,
            End = end,
            Recommendation = recommended ? new RecommendationId(Guid.Empty) : null,
        };

    public static ListenerEvent Vote(string listener, string track, TimeSpan at, int value)
        => Make(EventKind.Vote, listener, at) with { Track = new(track), Value = (sbyte)value };

    public static ListenerEvent Follow(string listener, string artist, TimeSpan at, bool begins)
        => Make(EventKind.Follow, listener, at) with { Artist = new(artist), Value = (sbyte)(begins ? 1 : 0) };

    public static ListenerEvent Make(EventKind kind, string listener, TimeSpan at) => new()
    {
        Kind = kind,
        Key = SomeEvents.Key($"{kind} {listener} {at.Ticks}"),
        Listener = new(listener),
        At = Start + at,
    };

    public void Dispose() => _folder.Dispose();
}
