using System.Text;
using Segue.Core;
using Segue.Events.Importing;

namespace Segue.Events.Tests.Importing;

public sealed class HetRecImporterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HetRecImporterTests()
    {
        Write("artists.dat", "id\tname\turl\tpictureURL\n10\tBjörk\thttp://x\thttp://y\n11\t\"Low\"\thttp://x\t\n");
        Write("tags.dat", "tagID\ttagValue\n2\trock\n10\tcafé\n3\tslow\n", Encoding.Latin1);
        Write("user_artists.dat", "userID\tartistID\tweight\n1\t10\t13883\n1\t11\t5\n2\t10\t1\n");
        Write("user_taggedartists.dat", "userID\tartistID\ttagID\tday\tmonth\tyear\n");
        Append("user_taggedartists.dat", "1\t10\t10\t1\t4\t2009\n1\t10\t2\t1\t4\t2009\n2\t10\t3\t1\t5\t2010\n3\t10\t3\t1\t5\t2010\n");
        Write("user_friends.dat", "userID\tfriendID\n1\t2\n2\t1\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Five_files_become_one_data_set()
    {
        var data = Read();

        Assert.Equal([new(new("10"), "Björk"), new(new("11"), "\"Low\"")], data.Artists);
        Assert.Equal(["rock", "café", "slow"], data.Tags.Select(tag => tag.Name));
        Assert.Equal(new("1", "10", 13_883, null, InteractionAction.Listen), data.Plays[0]);
        Assert.Equal(new TagAssignment("2", "10", "3", new DateOnly(2010, 5, 1)), data.TagAssignments[2]);
        Assert.Equal([new("1", "2"), new("2", "1")], data.FriendLinks);
        Assert.Equal(["1", "2", "3"], data.Users());
        Assert.Equal(14, data.Report.LinesRead);
    }

    [Fact]
    public void Artist_is_an_entry_of_the_catalogue_with_the_most_assigned_tags_first()
    {
        var catalogue = Read().Catalogue().ToList();

        Assert.Equal(("10", "Björk", "slow"), (catalogue[0].Id.Value, catalogue[0].Title, catalogue[0].Genre));
        Assert.Equal(["slow", "rock", "café"], catalogue[0].Tags);   // tags 2 and 10 tie: 2 is the smaller number
        Assert.Equal([2, 1, 1], catalogue[0].TagCounts);
        Assert.Equal((null, 0), (catalogue[1].Genre, catalogue[1].Tags.Count));
    }

    [Fact]
    public void Fifty_tags_are_kept()
    {
        Write("tags.dat", "tagID\ttagValue\n" + string.Concat(Enumerable.Range(1, 52).Select(tag => $"{tag}\tt{tag}\n")));
        Append("user_taggedartists.dat", string.Concat(Enumerable.Range(1, 52).Select(tag => $"9\t11\t{tag}\t1\t1\t2010\n")));

        Assert.Equal(Enumerable.Range(1, 50).Select(tag => $"t{tag}"), Read().Catalogue().Last().Tags);
    }

    [Fact]
    public void Odd_rows_are_kept_and_counted_and_spend_no_budget()
    {
        Append("user_artists.dat", "2\t99\t7\n");
        Append("user_taggedartists.dat", "1\t98\t2\t1\t4\t2009\n1\t98\t3\t1\t4\t2009\n1\t97\t77\t1\t4\t2009\n");
        Append("user_friends.dat", "1\t3\n");

        var data = Read();

        Assert.Equal((4, 7, 3), (data.Plays.Count, data.TagAssignments.Count, data.FriendLinks.Count));
        Assert.Equal(1, data.Report.Counters[HetRecImporter.PlaysOfUnknownArtists]);
        Assert.Equal(3, data.Report.Counters[HetRecImporter.TagAssignmentsOfUnknownArtists]);
        Assert.Equal(2, data.Report.Counters[HetRecImporter.UnknownArtistsTagged]);
        Assert.Equal(1, data.Report.Counters[HetRecImporter.TagAssignmentsOfUnknownTags]);
        Assert.Equal(1, data.Report.Counters[HetRecImporter.FriendLinksNotMirrored]);
        Assert.Equal(0, data.Report.Counters[HetRecImporter.ImpossibleTagDates]);
    }

    [Theory]
    [InlineData("1\t9\t1956")]
    [InlineData("19\t3\t2002")]
    [InlineData("2\t6\t2011")]
    [InlineData("30\t2\t2009")]
    [InlineData("1\t13\t2009")]
    [InlineData("0\t1\t2009")]
    [InlineData("1\t1\t0")]
    public void Impossible_date_is_dropped_and_its_assignment_kept(string date)
    {
        Append("user_taggedartists.dat", $"7\t10\t2\t{date}\n");

        var data = Read();

        Assert.Equal(new("7", "10", "2", Date: null), data.TagAssignments[^1]);
        Assert.Equal(1, data.Report.Counters[HetRecImporter.ImpossibleTagDates]);
    }

    [Theory]
    [InlineData("20\t3\t2002")]
    [InlineData("1\t6\t2011")]
    public void Dates_from_the_founding_to_the_release_are_kept(string date)
    {
        Append("user_taggedartists.dat", $"7\t10\t2\t{date}\n");

        Assert.NotNull(Read().TagAssignments[^1].Date);
    }

    [Theory]
    [InlineData("artists.dat", "12\tNine", "artists.dat:4: has 2 fields instead of 4")]
    [InlineData("artists.dat", "11\tLow again\t\t", "artists.dat:4: the artist id '11' stands on an earlier line already")]
    [InlineData("artists.dat", "12\t\t\t", "artists.dat:4: the artist's name is empty")]
    [InlineData("tags.dat", "\tx", "tags.dat:5: the tag id is empty")]
    [InlineData("user_artists.dat", "1\t10\tmany", "user_artists.dat:5: the value 'many' is not a number")]
    [InlineData(
        "user_taggedartists.dat", "1\t10\t2\t1\tApril\t2009",
        "user_taggedartists.dat:6: the date '1 April 2009' is not a day, a month and a year in figures")]
    [InlineData("user_friends.dat", "1\t ", "user_friends.dat:4: the friend's id is empty")]
    public void Line_that_cannot_be_parsed_spends_the_budget(string file, string line, string fault)
    {
        Append(file, line + "\n");

        Assert.Equal([fault], Read("1").Report.Faults.Select(found => found.ToString()));
        Assert.Contains(fault, Assert.Throws<ImportException>(() => Read("0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_utf_8_in_a_name_is_a_bad_line()
    {
        File.AppendAllBytes(_folder["artists.dat"], [.. "12\tCaf"u8, 0xE9, .. "\t\t\n"u8]);

        Assert.Equal("artists.dat:4: is broken UTF-8 at byte 7 of the line (0xE9)", Assert.Single(Read("1").Report.Faults).ToString());
    }

    [Fact]
    public void Other_columns_are_refused()
    {
        Write("user_friends.dat", "friendID\tuserID\n1\t2\n");

        Assert.EndsWith(
            "user_friends.dat does not begin with the columns userID, friendID.",
            Assert.Throws<ImportException>(() => Read()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_are_named()
    {
        File.Delete(_folder["tags.dat"]);
        File.Delete(_folder["user_friends.dat"]);

        Assert.EndsWith("it lacks tags.dat, user_friends.dat.", Assert.Throws<ImportException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_goes_from_nothing_to_one()
    {
        var progress = new Reports();

        HetRecImporter.Read(new(_folder.Path), BadLineBudget.None, progress, TestContext.Current.CancellationToken);

        Assert.Equal(progress.Order(), progress);
        Assert.Equal(1, progress[^1], precision: 12);
    }

    private HetRecDataset Read(string budget = "0")
        => HetRecImporter.Read(new(_folder.Path), BadLineBudget.Parse(budget), null, TestContext.Current.CancellationToken);

    private void Write(string file, string text, Encoding? encoding = null)
        => File.WriteAllBytes(_folder[file], (encoding ?? Encoding.UTF8).GetBytes(text));

    private void Append(string file, string text) => File.AppendAllText(_folder[file], text);

    private sealed class Reports : List<double>, IProgress<double>
    {
        public void Report(double value) => Add(value);
    }
}
