using System.Text;
using Segue.Core;
using Segue.Events.Log;
using Segue.Events.Wire;
using Segue.Events.Wire.ListenBrainz;

namespace Segue.Events.Tests.Wire.ListenBrainz;

public class ListenBrainzReaderTests
{
    public const string Line = """
        {"user_name":"somebody","recording_msid":"1","listened_at":1774744200,"track_metadata":{"track_name":"One Song","artist_name":"Example",
         "mbid_mapping":{"recording_mbid":"8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"},"additional_info":{"recording_mbid":"","duration_ms":201500}}}
        """;

    public const string Import = """
        {"listen_type":"import","payload":[
          {"listened_at":1774744200,"track_metadata":{"artist_name":"The Example","track_name":"One Song","release_name":"Songs",
           "additional_info":{"isrc":"not one","duration":202,"duration_played":187,"tags":["dub"],"submission_client":"player"}}},
          {"listened_at":1774744201,"track_metadata":{"artist_name":"The Example","track_name":""}},
          {"listened_at":1774744400,"track_metadata":{"artist_name":"X","track_name":"Y","additional_info":{
           "recording_mbid":"8F3471B5-7E6A-48DA-86A9-C1C07A0F47AE"}}}]}
        """;

    private readonly WireDoors _doors = new();
    private readonly ListenerId _listener = new("0123456789abcdef0123456789abcdef");

    [Fact]
    public void An_import_gives_each_listen_its_verdict()
    {
        var events = new EventBatch();
        var items = Submit(Import, events).Items;

        Assert.Equal([VerdictKind.Accepted, VerdictKind.Rejected, VerdictKind.Accepted], items.Select(item => item.Verdict.Kind));
        var listen = events[0];
        Assert.Equal((EventKind.Listen, _listener, "song-204"), (listen.Kind, listen.Listener, listen.Track!.Value.Value));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1774744200), listen.At);
        Assert.Equal((TimeSpan.FromSeconds(187), TimeSpan.FromSeconds(202)), (listen.Heard!.Value, listen.Length!.Value));
        Assert.Equal(new RecordingDescription(null, null, "The Example", "One Song", "Songs"), listen.Described);
        Assert.Equal("""{"isrc":"not one","tags":["dub"],"submission_client":"player"}""", Encoding.UTF8.GetString(listen.Extra.Span));
        Assert.Equal("song-205", events[1].Track!.Value.Value);
        Assert.Equal(RejectReason.BadText, items[1].Verdict.Fault!.Reason);
        Assert.StartsWith("{\"listened_at\":1774744201,", Encoding.UTF8.GetString(items[1].Raw.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_playing_now_is_checked_and_said_not_to_be_logged()
    {
        const string Song = """ "track_metadata":{"artist_name":"The Example","track_name":"One Song"} """;

        var events = new EventBatch();
        var playing = Assert.Single(Submit($$"""{"listen_type":"playing_now","payload":[{ {{Song}} }]}""", events).Items).Verdict;
        var dated = Assert.Single(Submit($$"""{"listen_type":"playing_now","payload":[{"listened_at":1774744200,{{Song}} }]}""").Items).Verdict;

        Assert.Equal((VerdictKind.PlayingNow, 0), (playing.Kind, events.Count));
        Assert.Equal(RejectReason.UnexpectedField, dated.Fault!.Reason);
    }

    [Fact]
    public void A_line_of_an_export_is_a_listen_found_by_the_exports_own_match()
    {
        var events = new EventBatch();
        _doors.ListenBrainz.ReadExported(Encoding.UTF8.GetBytes(Line), _listener, events);
        var listen = events[0];

        Assert.Equal((_listener, "song-205", TimeSpan.FromMilliseconds(201_500)), (listen.Listener, listen.Track!.Value.Value, listen.Length!.Value));
        Assert.Equal(WireDoors.Mbid, listen.Described!.Mbid);
        Assert.True(listen.Extra.IsEmpty);   // least of all the account's name
    }

    [Fact]
    public void The_same_listen_by_submission_and_by_export_has_one_key()
    {
        const string Listen = """{"listened_at":1774744200,"track_metadata":{"artist_name":"A","track_name":"B"}}""";

        var events = new EventBatch();
        Submit($$"""{"listen_type":"single","payload":[{{Listen}}]}""", events);
        _doors.ListenBrainz.ReadExported(Encoding.UTF8.GetBytes(Listen), _listener, events);

        Assert.Equal(events[0].Key, events[1].Key);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("[]", "not-an-object")]
    [InlineData("{\"listen_type\":\"single\"", "malformed")]
    [InlineData("{\"payload\":[]}", "unknown-value")]
    [InlineData("{\"listen_type\":\"double\",\"payload\":[{}]}", "unknown-value")]
    [InlineData("{\"listen_type\":\"single\"}", "missing-field")]
    [InlineData("{\"listen_type\":\"single\",\"payload\":{}}", "missing-field")]
    [InlineData("{\"listen_type\":\"single\",\"payload\":[]}", "empty")]
    [InlineData("{\"listen_type\":\"single\",\"payload\":[{},{}]}", "too-many-events")]
    [InlineData("{\"listen_type\":\"playing_now\",\"payload\":[{},{}]}", "too-many-events")]
    [InlineData("{\"listen_type\":\"single\",\"payload\":[{\"a\":1,\"a\":1}]}", "duplicate-field")]
    [InlineData("{\"listen_type\":\"single\",\"payload\":[{\"a\":NaN}]}", "number-not-finite")]
    [InlineData("{\"listen_type\":\"\\ud800\",\"payload\":[{}]}", "lone-surrogate")]
    [InlineData("{\"\\ud800\":\"single\",\"payload\":[{}]}", "lone-surrogate")]
    [InlineData("[[[[[[[[[[[1]]]]]]]]]]]", "too-deep")]
    public void Bodies_that_are_no_submission_are_rejected_as_a_whole(string body, string reason)
        => Assert.Equal(reason, Submit(body).Fault?.Reason);

    [Theory]
    [InlineData("7", "not-an-object")]
    [InlineData("{}", "missing-field")]
    [InlineData("{\"listened_at\":\"1774744200\"}", "wrong-type")]
    [InlineData("{\"listened_at\":1774744200.5}", "wrong-type")]
    [InlineData("{\"listened_at\":1033430399}", "time-range")]
    [InlineData("{\"listened_at\":1774744200000}", "time-range")]
    [InlineData("{\"listened_at\":1774748521}", "future")]
    [InlineData("{\"listened_at\":1774744200,\"track_metadata\":[]}", "missing-field")]
    public void Listens_without_a_good_time_are_rejected(string listen, string reason)
    {
        var whole = listen.Contains("track_metadata", StringComparison.Ordinal) || !listen.EndsWith('}') || listen == "{}"
            ? listen
            : listen[..^1] + ",\"track_metadata\":{\"artist_name\":\"A\",\"track_name\":\"B\"}}";

        Assert.Equal(reason, Single(whole).Fault?.Reason);
    }

    [Theory]
    [InlineData("\"track_name\":\"B\"", "missing-field", "artist_name: missing")]
    [InlineData("\"artist_name\":\"A\",\"track_name\":\" \"", "bad-text", "track_name: is empty")]
    [InlineData("\"artist_name\":7,\"track_name\":\"B\"", "wrong-type", "artist_name: not a string")]
    [InlineData("\"artist_name\":\"A\\u0000\",\"track_name\":\"B\"", "control-character", "artist_name: ")]
    [InlineData("\"artist_name\":\"\\ud800\",\"track_name\":\"B\"", "lone-surrogate", "")]
    [InlineData("\"artist_name\":\"A\",\"track_name\":\"B\",\"additional_info\":[]", "wrong-type", "additional_info: not an object")]
    [InlineData("\"artist_name\":\"A\",\"track_name\":\"B\",\"additional_info\":{\"recording_mbid\":\"x\"}", "bad-format", "recording_mbid: x is none")]
    [InlineData("\"artist_name\":\"A\",\"track_name\":\"B\",\"additional_info\":{\"duration_ms\":0}", "out-of-range", "duration_ms: 0; allowed: above 0")]
    [InlineData("\"artist_name\":\"A\",\"track_name\":\"B\",\"additional_info\":{\"duration\":\"3\"}", "wrong-type", "duration: not a number")]
    [InlineData("\"artist_name\":\"A\",\"track_name\":\"B\",\"additional_info\":{\"duration_played\":-1}", "out-of-range", "duration_played: -1")]
    [InlineData("\"artist_name\":\"A\",\"track_name\":\"B\",\"additional_info\":{\"duration_played\":1e400}", "number-not-finite", "duration_played: 1e400")]
    [InlineData("\"artist_name\":\"A\",\"track_name\":\"B\",\"additional_info\":{\"duration\":3,\"duration_ms\":3000}", "conflicting-fields", "both")]
    [InlineData("\"artist_name\":\"A\",\"track_name\":\"B\",\"additional_info\":{\"tags\":[\"\\u0000\"]}", "control-character", "tags: ")]
    [InlineData("\"artist_name\":\"A\",\"track_name\":\"B\",\"additional_info\":{\"tracknumber\":1e999}", "number-not-finite", "tracknumber: 1e999")]
    public void Wrong_metadata_has_its_reasons(string metadata, string reason, string detail)
    {
        var fault = Single("{\"listened_at\":1774744200,\"track_metadata\":{" + metadata + "}}").Fault;

        Assert.Equal(reason, fault?.Reason);
        Assert.StartsWith(detail, fault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Listens_have_a_largest_size_and_imports_a_largest_count()
    {
        Assert.Equal("too-large", Single($$"""{"listened_at":1774744200,"x":"{{new string('x', ListenBrainzReader.MaxListenBytes)}}"}""").Fault?.Reason);
        Assert.Equal("too-many-events", Submit($$"""{"listen_type":"import","payload":[{{string.Join(',', Enumerable.Repeat("{}", 1_001))}}]}""").Fault?.Reason);
        Assert.Equal(1_000, Submit($$"""{"listen_type":"import","payload":[{{string.Join(',', Enumerable.Repeat("{}", 1_000))}}]}""").Items.Count);
    }

    private BatchResult Submit(string body, EventBatch? into = null)
        => _doors.ListenBrainz.ReadSubmission(Encoding.UTF8.GetBytes(body), _listener, into ?? new());

    private Verdict Single(string listen)
    {
        var result = Submit($$"""{"listen_type":"single","payload":[{{listen}}]}""");
        Assert.Null(result.Fault);
        return Assert.Single(result.Items).Verdict;
    }
}
