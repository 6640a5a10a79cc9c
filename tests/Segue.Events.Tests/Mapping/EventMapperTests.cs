using System.Text;
using System.Text.Json;
using Segue.Events.Mapping;

namespace Segue.Events.Tests.Mapping;

public sealed class EventMapperTests
{
    [Theory]
    [InlineData("""{"a":"text"}""", "\"session\":\"text\"")]
    [InlineData("""{"a":"q\"\\\u00e9\n"}""", """ "session":"q\"\\\u00e9\n" """)]
    [InlineData("""{"a":12.50}""", "\"session\":12.50")]
    [InlineData("""{"a":true}""", "\"session\":true")]
    [InlineData("""{"a":""}""", "")]
    [InlineData("""{"a":null}""", "")]
    [InlineData("{}", "")]
    [InlineData("""{"a":[1]}""", "bad-type: a")]
    [InlineData("""{"a":{"b":1}}""", "bad-type: a")]
    public void A_field_is_copied_as_it_is_and_left_out_when_it_says_nothing(string line, string expected)
        => Assert.Equal(expected.Trim(), MappedLines.WithMembers(""" "session": {"field":"a"} """).Members(line));

    [Theory]
    [InlineData("a", """{"a":"x"}""")]
    [InlineData("a.b", """{"z":1,"a":{"c":[],"b":"x"}}""")]
    [InlineData("a[1].b", """{"a":[{"b":"no"},{"b":"x"},{"b":"no"}]}""")]
    [InlineData("a[0][2]", """{"a":[["no",{},"x"]]}""")]
    [InlineData("äb", """{"äb":"x"}""")]
    [InlineData("äb", """{"\u00e4b":"x"}""")]
    public void Paths_lead_into_objects_and_arrays(string path, string line)
        => Assert.Equal("\"session\":\"x\"", MappedLines.WithMembers($$""" "session": {"field":"{{path}}"} """).Members(line));

    [Fact]
    public void One_path_may_lead_on_from_another()
        => Assert.Equal(
            """filtered object""",
            MappedLines.Parse("""
                {"name":"n","rules":[{"when":[{"field":"a","exists":true},{"field":"a.b","equals":1}],"filter":"object"}],"otherwise":{"reject":"other"}}
                """).Map("""{"a":{"b":1.0}}"""));

    [Theory]
    [InlineData("""{"a":" \u00a0 t t\t"}""", "\"session\":\"t t\"")]
    [InlineData("""{"a":"\u3000é "}""", "\"session\":\"é\"")]
    [InlineData("""{"a":" \" "}""", """ "session":"\"" """)]
    [InlineData("""{"a":"   "}""", "")]
    public void Texts_are_trimmed_of_any_white_space(string line, string expected)
        => Assert.Equal(expected.Trim(), MappedLines.WithMembers(""" "session": {"field":"a","trim":true} """).Members(line));

    [Theory]
    [InlineData("""{"a":52}""", "\"session\":\"52\"")]
    [InlineData("""{"a":"52"}""", "\"session\":\"52\"")]
    public void A_number_becomes_a_text(string line, string expected)
        => Assert.Equal(expected, MappedLines.WithMembers(""" "session": {"field":"a","as":"text"} """).Members(line));

    [Theory]
    [InlineData("milliseconds", "1234", "1.234")]
    [InlineData("milliseconds", "\"200\"", "0.2")]
    [InlineData("minutes", "1.5", "90.0")]
    [InlineData("seconds", "12.5", "12.5")]
    [InlineData("seconds", "\"1e2\"", "100")]
    public void Durations_are_given_in_seconds(string unit, string value, string expected)
        => Assert.Equal(
            $"\"heardSeconds\":{expected}",
            MappedLines.WithMembers($$""" "heardSeconds": {"field":"a","unit":"{{unit}}"} """).Members($$"""{"a":{{value}}}"""));

    [Theory]
    [InlineData("\"NaN\"")]
    [InlineData("\"12s\"")]
    [InlineData("1e400")]
    [InlineData("1e27")]
    public void What_is_no_number_is_rejected_by_name(string value)
        => Assert.Equal("bad-number: a", MappedLines.WithMembers(""" "heardSeconds": {"field":"a","unit":"milliseconds"} """).Members($$"""{"a":{{value}}}"""));

    [Theory]
    [InlineData("\"unix-seconds\"", "1541105830", 1541105830000)]
    [InlineData("\"unix-seconds\"", "1541105830.7965", 1541105830797)]
    [InlineData("\"unix-seconds\"", "\"1541105830\"", 1541105830000)]
    [InlineData("\"unix-milliseconds\"", "1541105830796.0", 1541105830796)]
    [InlineData("\"unix-milliseconds\"", "-5", -5)]
    [InlineData("\"iso-8601\"", "\"2018-11-01T20:57:10.796Z\"", 1541105830796)]
    [InlineData("\"iso-8601\"", "\"2018-11-01 21:57:10.796+01:00\"", 1541105830796)]
    [InlineData("""{"format":"iso-8601","zone":"-07:00"}""", "\"2018-11-01T13:57:10.796\"", 1541105830796)]
    [InlineData("""{"format":"dd/MM/yyyy HH:mm:ss","zone":"UTC"}""", "\"01/11/2018 20:57:10\"", 1541105830000)]
    [InlineData("""{"format":"dd/MM/yyyy HH:mm:ss zzz"}""", "\"01/11/2018 21:57:10 +01:00\"", 1541105830000)]
    public void Times_become_unix_milliseconds(string format, string value, long expected)
        => Assert.Equal(
            $"\"until\":{expected}",
            MappedLines.WithMembers($$""" "until": {"field":"a","time":{{format}}} """).Members($$"""{"a":{{value}}}"""));

    [Theory]
    [InlineData("\"unix-seconds\"", "1e300")]
    [InlineData("\"unix-seconds\"", "\"yesterday\"")]
    [InlineData("\"unix-seconds\"", "999999999999")]
    [InlineData("\"unix-milliseconds\"", "9223372036854775807")]
    [InlineData("\"unix-milliseconds\"", "-9223372036854775808")]
    [InlineData("\"iso-8601\"", "\"2018-11-01T20:57:10\"")]
    [InlineData("\"iso-8601\"", "\"2018-13-01T20:57:10Z\"")]
    [InlineData("\"iso-8601\"", "1541105830")]
    public void What_is_no_time_is_rejected_by_name(string format, string value)
        => Assert.Equal(
            "bad-time: a",
            MappedLines.WithMembers($$""" "until": {"field":"a","time":{{format}}} """).Members($$"""{"a":{{value}}}"""));

    [Theory]
    [InlineData("\"up\"", "\"vote\":1")]
    [InlineData("5", "\"vote\":-1")]
    [InlineData("\"none\"", "")]
    [InlineData("null", "")]
    [InlineData("\"sideways\"", "unknown-value: a")]
    public void A_table_translates_values_and_knows_what_it_does_not_know(string value, string expected)
        => Assert.Equal(
            expected,
            MappedLines.WithMembers(""" "vote": {"field":"a","table":"votes"} """, """{"votes":{"up":1,"5":-1,"none":null}}""").Members($$"""{"a":{{value}}}"""));

    [Fact]
    public void Else_stands_for_values_that_a_table_lacks_and_default_for_fields_that_a_line_lacks()
    {
        var mapping = MappedLines.WithMembers(""" "endReason": {"field":"a","table":{"done":"finished"},"else":"stopped","default":"failed"} """);

        Assert.Equal("\"endReason\":\"finished\"", mapping.Members("""{"a":"done"}"""));
        Assert.Equal("\"endReason\":\"stopped\"", mapping.Members("""{"a":"what"}"""));
        Assert.Equal("\"endReason\":\"failed\"", mapping.Members("{}"));
    }

    [Fact]
    public void Templates_join_texts_and_the_first_value_told_is_taken()
    {
        var mapping = MappedLines.WithMembers(""" "session": {"first":[{"template":"{user}-\"{n}"},{"field":"other"},"none"]} """);

        Assert.Equal(""" "session":"ann\u0021-\"7" """.Trim(), mapping.Members("""{"user":"ann\u0021","n":7,"other":"o"}"""));
        Assert.Equal("\"session\":\"o\"", mapping.Members("""{"user":"ann","other":"o"}"""));
        Assert.Equal("\"session\":\"none\"", mapping.Members("{}"));
    }

    [Fact]
    public void A_required_field_that_is_missing_rejects_the_line()
    {
        var mapping = MappedLines.Parse("""
            {"name":"n","rules":[{"event":{"type":"listen","listener":{"field":"u"},"at":{"field":"t","time":"unix-seconds"},"recording":{"title":{"field":"s","required":true}}}}]}
            """);

        Assert.Equal("""{"type":"listen","listener":"u1","at":1000,"recording":{"title":"x"}}""", mapping.Map("""{"u":"u1","t":1,"s":"x"}"""));
        Assert.Equal("missing-field: listener", mapping.Map("""{"t":1,"s":"x"}"""));
        Assert.Equal("missing-field: at", mapping.Map("""{"u":"u1","s":"x"}"""));
        Assert.Equal("missing-field: rules[0].event.recording.title", mapping.Map("""{"u":"u1","t":1}"""));
    }

    [Fact]
    public void A_nested_object_without_members_is_left_out()
        => Assert.Equal("\"session\":\"x\"", MappedLines.WithMembers(""" "recording":{"title":{"field":"a"},"artist":{"field":"b"}},"session":"x" """).Members("{}"));

    [Theory]
    [InlineData("""{"a":"x"}""", "one")]
    [InlineData("""{"a":"\u0078"}""", "one")]
    [InlineData("""{"a":1.50}""", "two")]
    [InlineData("""{"a":"1.5"}""", "otherwise")]
    [InlineData("""{"a":true}""", "three")]
    [InlineData("""{"a":"user-77"}""", "four")]
    [InlineData("""{"b":"", "a":"q"}""", "five")]
    [InlineData("""{"a":"q","c":1}""", "six")]
    [InlineData("{}", "seven")]
    public void The_first_rule_whose_condition_holds_decides(string line, string expected)
        => Assert.Equal($"filtered {expected}", MappedLines.Parse("""
            {"name":"n","rules":[
              {"when":{"field":"a","equals":"x"},"filter":"one"},
              {"when":{"field":"a","oneOf":[3,1.5]},"filter":"two"},
              {"when":{"field":"a","equals":true},"filter":"three"},
              {"when":{"field":"a","matches":"^user-[0-9]+$"},"filter":"four"},
              {"when":{"field":"b","equals":""},"filter":"five"},
              {"when":[{"field":"a","exists":true},{"not":{"field":"c","exists":false}}],"filter":"six"},
              {"when":{"any":[{"field":"z","exists":true},{"field":"a","exists":false}]},"filter":"seven"}],
             "otherwise":{"filter":"otherwise"}}
            """).Map(line));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("""{"a":1}x""")]
    [InlineData("""{"a":1}{"a":2}""")]
    [InlineData("""{"a":NaN}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{'a':1}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"z":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""")]
    public void What_is_not_one_object_is_malformed(string line)
        => Assert.StartsWith("malformed-json", MappedLines.WithMembers(""" "session": {"field":"a","trim":true} """).Members(line), StringComparison.Ordinal);

    [Fact]
    public void Broken_utf8_is_malformed()
        => Assert.Equal(
            new(MappingVerdict.Rejected, MappingReasons.Malformed, "broken UTF-8"),
            MappedLines.WithMembers("\"session\":1").CreateMapper().Map([.. """{"a":"""u8, (byte)'"', 0xC3, (byte)'"', (byte)'}']));

    [Fact]
    public void A_field_that_is_read_may_not_stand_twice()
    {
        var mapping = MappedLines.WithMembers(""" "session": {"field":"a.b"} """);

        Assert.Equal("duplicate-key: a.b", mapping.Members("""{"a":{"b":1,"b":2}}"""));
        Assert.Equal("duplicate-key: a.b", mapping.Members("""{"a":{"b":1},"a":{"b":1}}"""));
        Assert.Equal("\"session\":1", mapping.Members("""{"a":{"b":1},"x":1,"x":2}"""));
    }

    [Fact]
    public void A_thousand_damaged_lines_are_mapped_filtered_or_rejected_but_never_thrown()
    {
        var mapping = EventMapping.Load(SparkifyMappingTests.File);
        var mapper = mapping.CreateMapper();
        var line = Encoding.UTF8.GetBytes(SparkifyMappingTests.Line("NextSong", "52"));
        var state = 12345u;
        for (var n = 0; n < 1_000; n++)
        {
            var damaged = (byte[])line.Clone();
            for (var k = 0; k <= n % 4; k++)
            {
                state = (state * 1664525) + 1013904223;
                damaged[state % damaged.Length] = (byte)(state >> 24);
            }
            var outcome = mapper.Map(damaged.AsSpan(0, damaged.Length - (n % 7 == 0 ? (int)((state >> 8) % damaged.Length) : 0)));
            if (outcome.Verdict == MappingVerdict.Mapped)
            {
                using var parsed = JsonDocument.Parse(Encoding.UTF8.GetString(mapper.Event));
                Assert.Equal("listen", parsed.RootElement.GetProperty("type").GetString());
            }
        }
    }
}
