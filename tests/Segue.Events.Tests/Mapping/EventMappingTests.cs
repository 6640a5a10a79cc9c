using Segue.Events.Mapping;

namespace Segue.Events.Tests.Mapping;

public sealed class EventMappingTests
{
    [Theory]
    [InlineData("nonsense", "It is not JSON")]
    [InlineData("[]", "A mapping is an object with name and rules.")]
    [InlineData("""{"rules":[{"filter":"all"}]}""", "name: a mapping needs a name")]
    [InlineData("""{"name":"n"}""", "rules: a mapping needs rules")]
    [InlineData("""{"name":"n","rules":[]}""", "rules: a list with at least one entry is needed here")]
    [InlineData("""{"name":"n","rules":[{"filter":"all"}],"rule":1}""", "rule: unknown; allowed are name, description, tables, rules, otherwise")]
    [InlineData("""{"name":"n","rules":[{"filter":"all"}],"name":"m"}""", "It is not JSON")]
    [InlineData("""{"name":"n","rules":[{"filter":"a","reject":"b"}]}""", "rules[0]: exactly one of event, filter, reject is needed, not filter and reject")]
    [InlineData("""{"name":"n","rules":[{"filter":"Not A Reason"}]}""", "rules[0].filter: a reason has 1 to 40 small letters")]
    [InlineData("""{"name":"n","rules":[{"filter":"a","when":{"field":"f"}}]}""", "rules[0].when: exactly one of equals, oneOf, exists, matches is needed")]
    [InlineData("""{"name":"n","rules":[{"filter":"a","when":{"field":"f..g","exists":true}}]}""", "rules[0].when.field: A path has a name")]
    [InlineData("""{"name":"n","rules":[{"filter":"a","when":{"field":"f[x]","exists":true}}]}""", "rules[0].when.field: 'f[x]' is not a path")]
    [InlineData("""{"name":"n","rules":[{"filter":"a","when":{"field":"f","matches":"("}}]}""", "rules[0].when.matches: the pattern cannot be used")]
    [InlineData("""{"name":"n","rules":[{"filter":"a","when":{"field":"f","equals":null}}]}""", "rules[0].when.equals: a text, a number, true or false is needed here")]
    [InlineData("""{"name":"n","rules":[{"event":{"listener":"l","at":0}}]}""", "rules[0].event: an event needs a type")]
    [InlineData("""{"name":"n","rules":[{"event":{"type":"listen","at":0}}]}""", "rules[0].event: an event needs listener")]
    [InlineData("""{"name":"n","rules":[{"event":{"type":"heard","listener":"l","at":0}}]}""", "rules[0].event.type: 'heard' is unknown; allowed are listen, vote")]
    public void A_fault_names_its_place_and_what_is_allowed(string json, string message)
        => Assert.StartsWith(message, Assert.Throws<MappingException>(() => MappedLines.Parse(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"heardSecond\": 1", "heardSecond: unknown; allowed are type, listener")]
    [InlineData("\"recording\": {\"name\": 1}", "recording.name: unknown; allowed are mbid, isrc")]
    [InlineData("\"session\": {}", "session: exactly one of field, template, value, first is needed")]
    [InlineData("\"session\": {\"field\":\"a\",\"unit\":\"hours\"}", "session.unit: 'hours' is unknown; allowed are seconds")]
    [InlineData("\"session\": {\"field\":\"a\",\"unit\":\"seconds\",\"as\":\"text\"}", "session: unit and as exclude each other")]
    [InlineData("\"session\": {\"field\":\"a\",\"table\":\"t\"}", "session.table: there is no table 't'; tables has none")]
    [InlineData("\"session\": {\"field\":\"a\",\"time\":\"unix\"}", "session.time: 'unix' is unknown; allowed are ")]
    [InlineData("\"session\": {\"field\":\"a\",\"time\":{\"format\":\"iso-8601\",\"zone\":\"CET\"}}", "session.time.zone: a zone reads UTC or +01:00")]
    [InlineData("\"session\": {\"template\":\"a{b\"}", "session.template: a '{' has no '}' after it")]
    [InlineData("\"session\": {\"value\":1,\"trim\":true}", "session.trim: unknown; allowed are value, default, required")]
    [InlineData("\"extra\": {\"first_name\":{\"field\":\"a\"}}", "extra.first_name: personal data does not enter the event log")]
    [InlineData("\"extra\": {\"userAgent\":{\"field\":\"a\"}}", "extra.userAgent: personal data does not enter the event log")]
    [InlineData("\"extra\": {\"track\":{\"field\":\"a\"}}", "extra.track: this name has a meaning in the wire format")]
    public void A_fault_in_an_event_names_its_place(string member, string message)
        => Assert.StartsWith(
            "rules[0].event." + message,
            Assert.Throws<MappingException>(() => MappedLines.WithMembers(member)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_id_changes_with_the_file_and_comments_are_allowed()
    {
        var one = MappedLines.Parse("""{"name":"n","rules":[{"filter":"all"},], /* of all */ }""");
        var two = MappedLines.Parse("""{"name":"n","rules":[{"filter":"none"}]}""");

        Assert.StartsWith("n@", one.Id, StringComparison.Ordinal);
        Assert.NotEqual(one.Id, two.Id);
        Assert.Equal(one.Id, MappedLines.Parse("""{"name":"n","rules":[{"filter":"all"},], /* of all */ }""").Id);
    }

    [Fact]
    public void Lines_that_no_rule_speaks_of_are_unmapped()
        => Assert.Equal("unmapped", MappedLines.Parse("""{"name":"n","rules":[{"when":{"field":"a","exists":true},"filter":"all"}]}""").Map("{}"));
}
