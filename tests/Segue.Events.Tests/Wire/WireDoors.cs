using System.Text;
using Segue.Core;
using Segue.Events.Catalogue;
using Segue.Events.Log;
using Segue.Events.Pseudonyms;
using Segue.Events.Resolving;
using Segue.Events.Wire;
using Segue.Events.Wire.ListenBrainz;

namespace Segue.Events.Tests.Wire;

/// <summary>Readers at a moment that stands still, over a catalogue of three recordings.</summary>
internal sealed class WireDoors
{
    public static readonly DateTimeOffset Now = new(2026, 3, 29, 1, 40, 0, TimeSpan.Zero);
    public const string Mbid = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae";

    public WireDoors(EventReaderOptions? options = null, int remembered = Segue.Events.Pseudonyms.Pseudonymizer.DefaultRemembered)
    {
        Pseudonymizer = new([new byte[32]], remembered: remembered);
        Resolver = new([
            Recording("song-204", "One Song", "The Example", 201),
            Recording("song-205", "Other Song", "The Example", null) with { Mbid = Mbid },
            Recording("song-206", "Third Song", "Another", 100) with { Isrc = "GBAYE6700001" }]);
        Events = new(Pseudonymizer, Resolver, new StandingTime(), options);
        ListenBrainz = new(Resolver, new StandingTime());
    }

    public Pseudonymizer Pseudonymizer { get; }
    public RecordingResolver Resolver { get; }
    public EventReader Events { get; }
    public ListenBrainzReader ListenBrainz { get; }

    public static CatalogueRecording Recording(string id, string title, string artist, int? seconds, DateOnly? releasedOn = null) => new(
        new Track(new(id), title, new Artist(new(artist), artist), null, [], seconds is { } s ? TimeSpan.FromSeconds(s) : null),
        null, null, releasedOn);

    public Verdict Read(string json) => Events.Read(Encoding.UTF8.GetBytes(json), new());

    public ListenerEvent Accepted(string json, DateTimeOffset? batchSentAt = null)
    {
        var batch = new EventBatch();
        var verdict = Events.Read(Encoding.UTF8.GetBytes(json), batch, batchSentAt);
        Assert.True(verdict.Kind == VerdictKind.Accepted, $"{verdict.Kind} {verdict.Fault}");
        Assert.Equal(1, batch.Count);
        return batch[0];
    }

    /// <summary>A good event with the given fields after listener and time.</summary>
    public ListenerEvent AcceptedOf(string fields) => Accepted(Event(fields));

    public Fault RejectedOf(string fields) => Rejected(Event(fields));

    public Fault Rejected(string json)
    {
        var verdict = Read(json);
        Assert.Equal(VerdictKind.Rejected, verdict.Kind);
        Assert.DoesNotContain("account-17", verdict.Fault!.Detail, StringComparison.Ordinal);
        return verdict.Fault;
    }

    public BatchResult Batch(string body, EventBatch? into = null) => Events.ReadBatch(Encoding.UTF8.GetBytes(body), into ?? new());

    public static string Event(string fields)
        => $$"""{"listener":"account-17","at":"2026-03-29T01:30:00Z",{{fields}}}""";

    private sealed class StandingTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
