using Segue.Core;
using Segue.Events.Importing;

namespace Segue.Events.Tests.Importing;

public sealed class JsonLinesReaderTests
{
    [Fact]
    public void Objects_become_interactions_and_ids_may_be_numbers()
        => Assert.Equal(
            [
                new("7", "Björk \"live\"", 3.5, DateTimeOffset.UnixEpoch.AddSeconds(60), InteractionAction.PlaylistAdd),
                new("a", "-1", 1, null, InteractionAction.Listen),
            ],
            Read("""
                {"user": 7, "item": "Bj\u00f6rk \"live\"", "value": 3.5, "time": 60, "action": "playlistadd", "page": {"x": [1]}}
                {"user": "a", "item": -1, "time": null}
                """));

    [Fact]
    public void Fields_may_have_other_names()
        => Assert.Equal(
            [new("u", "i", 2, new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), InteractionAction.Listen)],
            Read(
                """{"who": "u", "what": "i", "often": 2, "on": "2026-03-01"}""",
                new() { User = "who", Item = "what", Value = "often", Time = "on", TimeFormat = TimeFormat.Iso8601 }));

    [Theory]
    [InlineData("""{"user": "a", "item": """, "is malformed JSON at byte")]
    [InlineData("""{"user": "a", "item": "b"} x""", "is malformed JSON at byte")]
    [InlineData("""{"user": "a", "item": "b", "item": "c"}""", "is malformed JSON: Duplicate property 'item'")]
    [InlineData("""["a", "b"]""", "is JSON, but not an object: Array")]
    [InlineData("""{"user": "a"}""", "has no field item")]
    [InlineData("""{"user": null, "item": "b"}""", "the field user is null, not a string or a whole number")]
    [InlineData("""{"user": "", "item": "b"}""", "the user id is empty")]
    [InlineData("""{"user": 1.5, "item": "b"}""", "the user id 1.5 is not a whole number")]
    [InlineData("""{"user": "a", "item": {"id": 1}}""", "the field item is an object, not a string or a whole number")]
    [InlineData("""{"user": "a", "item": "\ud800"}""", "holds an escaped half of a surrogate pair")]
    [InlineData("""{"user": "a", "item": "b", "value": "2"}""", "the field value is a string, not a number")]
    [InlineData("""{"user": "a", "item": "b", "value": -2}""", "the value -2 is negative")]
    [InlineData("""{"user": "a", "item": "b", "value": 1e999}""", "the value is not finite")]
    [InlineData("""{"user": "a", "item": "b", "time": "60"}""", "the field time is a string, not a number")]
    [InlineData("""{"user": "a", "item": "b", "time": 1e12}""", "the time '1e12', in seconds, lies outside 1970-01-01 to 2099-12-31")]
    [InlineData("""{"user": "a", "item": "b", "action": "hum"}""", "the action 'hum' is unknown")]
    [InlineData("""{"user": "a", "item": "b", "action": true}""", "the field action is a truth value, not a string")]
    public void Bad_line_is_named_with_its_file_its_number_and_the_reason(string line, string reason)
    {
        var tally = Texts.Tally();

        var rows = Read("\n" + line + "\n{\"user\": 1, \"item\": 2}", tally: tally);

        Assert.Equal(["1"], rows.Select(row => row.User));
        Assert.StartsWith($"plays:2: {reason}", Assert.Single(tally.Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void Field_that_is_named_must_be_there()
    {
        var tally = Texts.Tally();

        Assert.Empty(Read("""{"user": 1, "item": 2}""", new() { Value = "plays" }, tally));
        Assert.Equal(["plays:1: has no field plays"], tally.Faults());
    }

    [Fact]
    public void The_playlist_of_an_add_is_read_where_its_field_is_named()
    {
        const string Text = """
            {"user": "u", "item": "i", "action": "PlaylistAdd", "list": "evenings"}
            {"user": "u", "item": "j", "action": "PlaylistAdd", "list": 7}
            {"user": "u", "item": "k", "action": "PlaylistAdd", "list": null}
            {"user": "u", "item": "l"}
            {"user": "u", "item": "m", "list": "evenings"}
            {"user": "u", "item": "n", "action": "PlaylistAdd"}
            """;
        var tally = Texts.Tally();

        Assert.Equal(["evenings", "7", null, null], Read(Text, new() { Playlist = "list" }, tally).Select(read => read.Playlist));
        Assert.Contains("the playlist 'evenings' stands beside the action Listen; only PlaylistAdd has one", tally.Faults().First(), StringComparison.Ordinal);
        Assert.Contains("has no field list", tally.Faults().Last(), StringComparison.Ordinal);
        Assert.All(Read(Text), read => Assert.Null(read.Playlist));
    }

    [Fact]
    public void Latin_1_is_refused()
        => Assert.Throws<ImportException>(
            () => Read(Texts.Of("{}") with { Encoding = TextEncoding.Latin1 }));

    private static List<Interaction> Read(string text, InteractionFields? fields = null, ImportTally? tally = null)
        => Read(Texts.Of(text), fields, tally);

    private static List<Interaction> Read(TextSource source, InteractionFields? fields = null, ImportTally? tally = null)
        => JsonLinesReader.Read(source, fields ?? new(), tally ?? Texts.Tally("0"), null, TestContext.Current.CancellationToken).ToList();
}
