using System.Reflection;
using System.Text;
using Segue.Events.Wire;

namespace Segue.Events.Tests.Wire;

public class RejectTests
{
    private const string Listen = "\"type\":\"listen\",\"track\":\"t\"";
    private const string Impression =
        "\"type\":\"impression\",\"track\":\"t\",\"recommendation\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"model\":\"m\",\"source\":\"s\"";
    private readonly WireDoors _doors = new();

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \r\n\t", "empty")]
    [InlineData("{", "malformed")]
    [InlineData("{}}", "trailing-bytes")]
    [InlineData("{} {}", "trailing-bytes")]
    [InlineData("{'a':1}", "malformed")]
    [InlineData("{\"a\":1,}", "malformed")]
    [InlineData("{/**/}", "malformed")]
    [InlineData("{\"a\":01}", "malformed")]
    [InlineData("{\"a\":\"\n\"}", "malformed")]
    [InlineData("\uFEFF{}", "malformed")]
    [InlineData("[]", "not-an-object")]
    [InlineData("\"listen\"", "not-an-object")]
    [InlineData("null", "not-an-object")]
    [InlineData("{\"a\":NaN}", "number-not-finite")]
    [InlineData("{\"a\":[1,-Infinity]}", "number-not-finite")]
    [InlineData("{\"a\":[1e400]}", "number-not-finite")]
    [InlineData("{\"a\":{\"b\":1,\"\\u0062\":2}}", "duplicate-field")]
    [InlineData("{\"a\":1,\"a\":2}", "duplicate-field")]
    [InlineData("{\"a\":[[[[[[[1]]]]]]]}", "missing-field")]
    [InlineData("{\"a\":[[[[[[[[1]]]]]]]]}", "too-deep")]
    [InlineData("{\"a\":{\"b\":\"x\\u0000\"}}", "control-character")]
    [InlineData("{\"a\\u007f\":1}", "control-character")]
    [InlineData("{\"a\":{\"\\u0085\":1}}", "control-character")]
    [InlineData("{\"a\":\"\\ud800\"}", "lone-surrogate")]
    [InlineData("{\"\\udc00\":1}", "lone-surrogate")]
    [InlineData("{\"a\":{\"b\":\"\\ud800x\"}}", "lone-surrogate")]
    public void Broken_texts_have_their_reasons(string json, string reason) => Assert.Equal(reason, _doors.Rejected(json).Reason);

    [Theory]
    [InlineData("\"track\":\"t\"", "missing-field", "type: missing")]
    [InlineData("\"type\":\"listen\"", "missing-field", "track or recording: missing")]
    [InlineData("\"type\":\"ban\"", "missing-field", "track, recording or artist: missing")]
    [InlineData("\"type\":\"vote\",\"track\":\"t\"", "missing-field", "vote: missing")]
    [InlineData("\"type\":\"follow\"", "missing-field", "artist: missing")]
    [InlineData("\"type\":\"click\",\"track\":\"t\"", "missing-field", "position: missing")]
    [InlineData("\"type\":\"playlistAdd\",\"track\":\"t\"", "missing-field", "playlist: missing")]
    [InlineData(Impression + ",\"position\":0,\"arm\":\"a\"", "missing-field", "propensity: missing")]
    [InlineData("\"type\":\"listen\",\"recording\":{\"artist\":\"a\"}", "missing-field", "recording: mbid, isrc, or artist and title: missing")]
    [InlineData("\"type\":\"love\",\"track\":\"t\"", "unknown-value", "type: love; allowed: listen, ")]
    [InlineData("\"type\":1", "wrong-type", "type: not a string")]
    [InlineData(Listen + ",\"vote\":1", "unexpected-field", "vote: ")]
    [InlineData("\"type\":\"vote\",\"track\":\"t\",\"vote\":1,\"artist\":\"a\"", "unexpected-field", "artist: ")]
    [InlineData(Listen + ",\"recording\":{\"mbid\":\"8f3471b5-7e6a-48da-86a9-c1c07a0f47ae\"}", "conflicting-fields", "more than one of track")]
    [InlineData("\"type\":\"ban\",\"track\":\"t\",\"artist\":\"a\"", "conflicting-fields", "more than one of track, recording, artist")]
    [InlineData("\"type\":\"ban\",\"track\":\"t\",\"banned\":false,\"until\":\"2027-01-01T00:00:00Z\"", "conflicting-fields", "until: ")]
    [InlineData("\"type\":\"ban\",\"track\":\"t\",\"until\":\"2026-03-29T01:30:00Z\"", "out-of-range", "until: not after at")]
    [InlineData("\"type\":\"ban\",\"track\":\"t\",\"until\":99999999999999", "time-range", "until: 99999999999999")]
    [InlineData("\"type\":\"vote\",\"track\":\"t\",\"vote\":2", "out-of-range", "vote: 2; allowed: -1, 0, 1")]
    [InlineData("\"type\":\"vote\",\"track\":\"t\",\"vote\":0.5", "out-of-range", "vote: 0.5; allowed: -1, 0, 1")]
    [InlineData("\"type\":\"vote\",\"track\":\"t\",\"vote\":\"1\"", "wrong-type", "vote: not a number")]
    [InlineData(Listen + ",\"heardSeconds\":-0.1", "out-of-range", "heardSeconds: -0.1; allowed: seconds from 0 to 86400")]
    [InlineData(Listen + ",\"heardSeconds\":86400.1", "out-of-range", "heardSeconds: ")]
    [InlineData(Listen + ",\"trackSeconds\":0", "out-of-range", "trackSeconds: 0; allowed: seconds from 0.001 to 86400")]
    [InlineData(Listen + ",\"trackSeconds\":1e400", "number-not-finite", "trackSeconds: 1e400")]
    [InlineData(Listen + ",\"endReason\":\"Skipped\"", "unknown-value", "endReason: Skipped; allowed: finished, ")]
    [InlineData(Listen + ",\"chosenBy\":false", "wrong-type", "chosenBy: ")]
    [InlineData(Listen + ",\"chosenBy\":\"dj\"", "unknown-value", "chosenBy: dj; allowed: listener, radio")]
    [InlineData(Listen + ",\"recommendation\":\"0f8fad5bd9cb469fa16570867728950e\"", "bad-format", "recommendation: ")]
    [InlineData(Listen + ",\"recommendation\":4", "wrong-type", "recommendation: ")]
    [InlineData(Listen + ",\"session\":\" \"", "bad-identifier", "session: is empty")]
    [InlineData(Listen + ",\"id\":\"\"", "bad-identifier", "id: is empty")]
    [InlineData(Listen + ",\"id\":7", "wrong-type", "id: not a string")]
    [InlineData(Listen + ",\"private\":1", null, "")]
    [InlineData(Listen + ",\"type\":\"listen\"", "duplicate-field", "type: given twice")]
    [InlineData("\"type\":\"listen\",\"track\":\"a\\u0000b\"", "control-character", "track: holds the control character U+0000")]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\\u009fb\"", "control-character", "artist: holds the control character U+009F")]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\",\"following\":1", "wrong-type", "following: not true or false")]
    [InlineData("\"type\":\"listen\",\"recording\":[]", "wrong-type", "recording: not an object")]
    [InlineData("\"type\":\"listen\",\"recording\":{\"mbid\":\"x\"}", "bad-format", "recording.mbid: x is none")]
    [InlineData("\"type\":\"listen\",\"recording\":{\"isrc\":\"1BAYE6700001\"}", "bad-format", "recording.isrc: ")]
    [InlineData("\"type\":\"listen\",\"recording\":{\"title\":\"\"}", "bad-text", "recording.title: is empty")]
    [InlineData("\"type\":\"listen\",\"recording\":{\"title\":\"a\",\"title\":\"b\"}", "duplicate-field", "recording.title: given twice")]
    [InlineData("\"type\":\"listen\",\"recording\":{\"x\":1,\"x\":1}", "duplicate-field", "recording.x: given twice")]
    [InlineData("\"type\":\"click\",\"track\":\"t\",\"position\":1000001", "out-of-range", "position: ")]
    [InlineData("\"type\":\"click\",\"track\":\"t\",\"position\":-1", "out-of-range", "position: ")]
    [InlineData("\"type\":\"click\",\"track\":\"t\",\"position\":0,\"card\":{\"volume\":1.01}", "out-of-range", "card.volume: 1.01; allowed: 0 to 1")]
    [InlineData("\"type\":\"click\",\"track\":\"t\",\"position\":0,\"card\":{\"artistRank\":0}", "out-of-range", "card.artistRank: 0")]
    [InlineData(Impression + ",\"position\":0,\"arm\":\"a\",\"propensity\":0", "out-of-range", "propensity: 0; allowed: above 0, at most 1")]
    public void Wrong_fields_have_their_reasons_and_say_what_is_allowed(string fields, string? reason, string detail)
    {
        if (reason is null)
        {
            Assert.Equal(VerdictKind.Private, _doors.Read(WireDoors.Event(fields)).Kind);
            return;
        }
        var fault = _doors.RejectedOf(fields);

        Assert.Equal(reason, fault.Reason);
        Assert.StartsWith(detail, fault.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"\"", "bad-identifier")]
    [InlineData("\"account-17\\u0000\"", "control-character")]
    [InlineData("17", "wrong-type")]
    [InlineData("null", "missing-field")]
    public void A_bad_listener_is_rejected_and_not_named(string listener, string reason)
        => Assert.Equal(reason, _doors.Rejected($$"""{"type":"follow","artist":"a","at":1,"listener":{{listener}}}""").Reason);

    [Fact]
    public void Texts_and_ids_have_a_longest_length()
    {
        Assert.Equal(new string('x', 256), _doors.AcceptedOf($"{Listen},\"session\":\"{new string('x', 256)}\"").Session);
        Assert.Equal(RejectReason.BadIdentifier, _doors.RejectedOf($"{Listen},\"session\":\"{new string('x', 257)}\"").Reason);
        _doors.AcceptedOf($"{Listen},\"id\":\"{new string('x', 128)}\"");
        Assert.Equal(RejectReason.BadIdentifier, _doors.RejectedOf($"{Listen},\"id\":\"{new string('x', 129)}\"").Reason);
        _doors.AcceptedOf(Described(1_024));
        Assert.Equal(RejectReason.BadText, _doors.RejectedOf(Described(1_025)).Reason);

        static string Described(int length) => $$"""
            "type":"listen","recording":{"artist":"{{new string('ä', length)}}","title":"T"}
            """;
    }

    [Fact]
    public void Events_have_a_largest_size_and_are_utf8()
    {
        _doors.AcceptedOf($"{Listen},\"x\":\"{new string('x', 16_000)}\"");
        Assert.Equal(RejectReason.TooLarge, _doors.RejectedOf($"{Listen},\"x\":\"{new string('x', 16_384)}\"").Reason);
        var broken = Encoding.UTF8.GetBytes(WireDoors.Event($"{Listen},\"x\":\"~\""));
        broken[Array.IndexOf(broken, (byte)'~')] = 0xC3;
        Assert.Equal(RejectReason.NotUtf8, _doors.Events.Read(broken, new()).Fault!.Reason);
    }

    [Fact]
    public void Every_reason_is_in_the_contract_and_none_else()
    {
        var codes = typeof(RejectReason).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!);
        var documented = Contract.Text().Split("## Reasons")[1].Split("## ")[0].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);

        Assert.Equal(codes.Order(), documented.Order());
    }
}
