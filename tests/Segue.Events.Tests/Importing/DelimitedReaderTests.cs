using System.Text;
using Segue.Core;
using Segue.Events.Importing;

namespace Segue.Events.Tests.Importing;

public sealed class DelimitedReaderTests
{
    private static readonly DelimitedOptions Csv = new() { Separator = FieldSeparator.Comma };

    [Theory]
    [InlineData(FieldSeparator.Tab, "\t")]
    [InlineData(FieldSeparator.Comma, ",")]
    [InlineData(FieldSeparator.DoubleColon, "::")]
    [InlineData(FieldSeparator.Whitespace, " \t ")]
    public void Every_separator_gives_the_same_rows(FieldSeparator separator, string mark)
    {
        var text = "item|user|value|time|action\ni1|u1|2.5|86400|voteUP\ni2|u:2|0|0|Skip\n".Replace("|", mark, StringComparison.Ordinal);

        var rows = Read(text, new() { Separator = separator });

        Assert.Equal(
            [
                new("u1", "i1", 2.5, DateTimeOffset.UnixEpoch.AddDays(1), InteractionAction.VoteUp),
                new("u:2", "i2", 0, DateTimeOffset.UnixEpoch, InteractionAction.Skip),
            ],
            rows);
    }

    [Fact]
    public void Without_header_columns_are_named_by_their_places()
        => Assert.Equal(
            [new("a", "b", 3, null, InteractionAction.Listen), new("c", "d", 4, null, InteractionAction.Listen)],
            Read("3\tb\ta\n4\td\tc\tfurther\n", new() { HasHeader = false, Fields = new() { User = "3", Item = "2", Value = "1" } }));

    [Fact]
    public void Value_time_and_action_have_defaults_when_the_file_lacks_them()
        => Assert.Equal([new("a", "b", 1, null, InteractionAction.Listen)], Read("user\titem\na\tb\n", new()));

    [Theory]
    [InlineData(TimeFormat.UnixSeconds, "1772390400", "2026-03-01T18:40:00Z")]
    [InlineData(TimeFormat.UnixSeconds, "1772390400.25", "2026-03-01T18:40:00.25Z")]
    [InlineData(TimeFormat.UnixMilliseconds, "1772390400250", "2026-03-01T18:40:00.25Z")]
    [InlineData(TimeFormat.Iso8601, "2026-03-01", "2026-03-01T00:00:00Z")]
    [InlineData(TimeFormat.Iso8601, "2026-03-01 18:40", "2026-03-01T18:40:00Z")]
    [InlineData(TimeFormat.Iso8601, "2026-03-01T18:40:00Z", "2026-03-01T18:40:00Z")]
    [InlineData(TimeFormat.Iso8601, "2026-03-01T19:40:00.250+01:00", "2026-03-01T18:40:00.25Z")]
    [InlineData(TimeFormat.Iso8601, "", null)]
    [InlineData(TimeFormat.UnixSeconds, "", null)]
    public void Times_are_read_in_the_format_named(TimeFormat format, string text, string? expected)
    {
        var row = Assert.Single(Read($"user,item,when\na,b,{text}", Csv with { Fields = new() { Time = "when", TimeFormat = format } }));

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, null), row.Time);
        Assert.Equal(TimeSpan.Zero, row.Time?.Offset ?? TimeSpan.Zero);
    }

    [Fact]
    public void Quoted_fields_hold_separators_and_doubled_quotes()
        => Assert.Equal(
            [("Salt, Pepper", "say \"hi\"")],
            Read("\"user\",item\n\"Salt, Pepper\",\"say \"\"hi\"\"\"\n", Csv).Select(row => (row.User, row.Item)));

    [Theory]
    [InlineData("a,b", "has 2 fields, fewer than the 5 columns needed")]
    [InlineData("a,b,1,1,Skip,x", "has 6 fields, more than the 5 columns of the header")]
    [InlineData(",b,1,1,Listen", "the user id is empty")]
    [InlineData("a,  ,1,1,Listen", "the item id is empty")]
    [InlineData("a,b\u0007,1,1,Listen", "the item id holds the control character U+0007 at position 1")]
    [InlineData("a,b,many,1,Listen", "the value 'many' is not a number")]
    [InlineData("a,b,,1,Listen", "the value '' is not a number")]
    [InlineData("a,b,-1,1,Listen", "the value -1 is negative")]
    [InlineData("a,b,NaN,1,Listen", "the value is not finite")]
    [InlineData("a,b,1e999,1,Listen", "the value is not finite")]
    [InlineData("a,b,1,soon,Listen", "the time 'soon' is not a number of seconds")]
    [InlineData("a,b,1,-1,Listen", "the time '-1', in seconds, lies outside 1970-01-01 to 2099-12-31")]
    [InlineData("a,b,1,4102444800,Listen", "the time '4102444800', in seconds, lies outside 1970-01-01 to 2099-12-31")]
    [InlineData("a,b,1,1,3", "the action '3' is unknown; known are Listen, Skip, VoteUp, VoteDown, PlaylistAdd, Click")]
    [InlineData("a,b,2,1,Skip", "the value 2 is more than 1, and the value of a skip is the share of the track not heard")]
    [InlineData("\"a,b,1,1,Skip", "the quoted field 1 is not closed on its line; line breaks inside quotes are not supported")]
    [InlineData("a,\"b\"c,1,1,Skip", "text follows the closing quote of field 2")]
    [InlineData("a,b\"c\",1,1,Skip", "a quote stands inside the unquoted field 2")]
    public void Bad_line_is_named_with_its_file_its_number_and_the_reason(string line, string reason)
    {
        var tally = Texts.Tally();

        var rows = Read($"user,item,value,time,action\na,b,1,1,Skip\n{line}\nc,d,1,1,Listen", Csv, tally);

        Assert.Equal(["a", "c"], rows.Select(row => row.User));
        Assert.Equal([$"plays:3: {reason}"], tally.Faults());
    }

    [Fact]
    public void The_playlist_of_an_add_is_read_from_the_column_that_is_named()
    {
        var tally = Texts.Tally();
        const string Text = "user,item,action,list\nu,a,PlaylistAdd,evenings\nu,b,PlaylistAdd,\nu,c,Listen,\nu,d,Listen,evenings";

        Assert.Equal(["evenings", null, null], Read(Text, Csv with { Fields = new() { Playlist = "list" } }, tally).Select(row => row.Playlist));
        Assert.Equal(["plays:5: the playlist 'evenings' stands beside the action Listen; only PlaylistAdd has one, and rows without a column of actions are listens"], tally.Faults());
        Assert.All(Read(Text, Csv), row => Assert.Null(row.Playlist));
    }

    [Fact]
    public void Id_of_more_than_256_characters_is_a_fault()
    {
        var tally = Texts.Tally();

        Assert.Empty(Read($"user,item\na,{new string('b', 257)}", Csv, tally));
        Assert.Equal(["plays:2: the item id is 257 characters long; at most 256 are allowed"], tally.Faults());
    }

    [Fact]
    public void Iso_time_is_checked_too()
    {
        var tally = Texts.Tally();
        var options = Csv with { Fields = new() { TimeFormat = TimeFormat.Iso8601 } };

        Assert.Empty(Read("user,item,time\na,b,01/02/2026\na,b,1969-12-31\na,b,2026-02-30", options, tally));
        Assert.Equal(
            [
                "plays:2: the time '01/02/2026' is not of ISO 8601",
                "plays:3: the time '1969-12-31' lies outside 1970-01-01 to 2099-12-31",
                "plays:4: the time '2026-02-30' is not of ISO 8601",
            ],
            tally.Faults());
    }

    [Fact]
    public void Missing_column_is_named_at_once_with_those_present()
        => Assert.Equal(
            "plays has no column listener; it has user, item.",
            Assert.Throws<ImportException>(() => Read("user,item\n", Csv with { Fields = new() { User = "listener" } })).Message);

    [Fact]
    public void Optional_column_must_be_there_once_it_is_named()
        => Assert.Throws<ImportException>(() => Read("user,item\n", Csv with { Fields = new() { Value = "count" } }));

    [Fact]
    public void Column_named_twice_is_refused()
        => Assert.Equal(
            "plays has several columns named item.",
            Assert.Throws<ImportException>(() => Read("user,item,item\n", Csv)).Message);

    [Fact]
    public void Column_name_makes_no_sense_without_a_header()
        => Assert.StartsWith(
            "plays has no header, so its columns are 1, 2, 3",
            Assert.Throws<ImportException>(() => Read("a,b\n", Csv with { HasHeader = false })).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("", "plays is empty, and should begin with a header.")]
    [InlineData("\n\n", "plays is empty, and should begin with a header.")]
    [InlineData("user,it\"em\na,b\n", "plays: the header cannot be read: a quote stands inside the unquoted field 2.")]
    public void File_without_a_readable_header_is_refused(string text, string message)
        => Assert.Equal(message, Assert.Throws<ImportException>(() => Read(text, Csv, Texts.Tally())).Message);

    [Fact]
    public void Header_of_broken_utf_8_is_not_passed_over()
    {
        var source = Texts.Of([.. "user,item"u8, 0xE9, .. "\nuser,item\na,b\n"u8]);

        Assert.Equal(
            "plays: the header cannot be read: it cannot be decoded.",
            Assert.Throws<ImportException>(() => Read(source, Csv, Texts.Tally())).Message);
    }

    [Fact]
    public void Latin_1_names_survive()
    {
        var source = Texts.Of(Encoding.Latin1.GetBytes("user\titem\nJosé\tBjörk\n")) with { Encoding = TextEncoding.Latin1 };

        Assert.Equal([("José", "Björk")], Read(source, new()).Select(row => (row.User, row.Item)));
    }

    [Fact]
    public void Reading_ends_with_an_error_when_the_share_of_bad_lines_is_too_large()
        => Assert.StartsWith(
            "Too many bad lines: 1 of the 3 read so far; allowed: 10%.",
            Assert.Throws<ImportException>(() => Read("user,item\na,b\na\na,c\n", Csv, Texts.Tally("10%"))).Message,
            StringComparison.Ordinal);

    private static List<Interaction> Read(string text, DelimitedOptions options, ImportTally? tally = null)
        => Read(Texts.Of(text), options, tally);

    private static List<Interaction> Read(TextSource source, DelimitedOptions options, ImportTally? tally = null)
        => DelimitedReader.Read(source, options, tally ?? Texts.Tally("0"), null, TestContext.Current.CancellationToken).ToList();
}
