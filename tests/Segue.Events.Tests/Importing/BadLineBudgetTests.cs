using Segue.Events.Importing;

namespace Segue.Events.Tests.Importing;

public sealed class BadLineBudgetTests
{
    [Theory]
    [InlineData("0", 0, 100, true)]
    [InlineData("0", 1, 100, false)]
    [InlineData("25", 25, 30, true)]
    [InlineData("25", 26, 1_000_000, false)]
    [InlineData("1%", 1, 100, true)]
    [InlineData("1%", 2, 100, false)]
    [InlineData(" 0.5% ", 1, 200, true)]
    [InlineData("0.5%", 1, 199, false)]
    [InlineData("0%", 0, 0, true)]
    [InlineData("100%", 7, 7, true)]
    public void Count_or_share_says_how_many_bad_lines_are_allowed(string text, long bad, long read, bool allowed)
        => Assert.Equal(allowed, BadLineBudget.Parse(text).Allows(bad, read));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("some")]
    [InlineData("101%")]
    [InlineData("-1%")]
    [InlineData("1.5")]
    [InlineData("%")]
    public void Anything_else_is_refused_with_an_explanation(string text)
    {
        var fault = Assert.Throws<FormatException>(() => BadLineBudget.Parse(text));

        Assert.StartsWith($"'{text}' is no budget of bad lines: give a count such as 25, or a share", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Count_fails_at_the_first_line_too_many()
    {
        var tally = Texts.Tally("1");
        tally.Bad("a", 1, "is odd");

        var failure = Assert.Throws<ImportException>(() => tally.Bad("a", 2, "is odd too"));

        Assert.Equal(
            ["Too many bad lines: 2 of the 2 read so far; allowed: 1.", "  a:1: is odd", "  a:2: is odd too"],
            failure.Message.Split(Environment.NewLine));
        Assert.Equal(2, failure.Faults.Count);
    }

    [Fact]
    public void Share_is_judged_at_the_end()
    {
        var tally = Texts.Tally("50%");
        tally.Bad("a", 1, "is odd");
        tally.Accept();

        Assert.Equal((2, 1, 1), (tally.Complete().LinesRead, tally.Complete().Accepted, tally.Complete().BadLines));
    }

    [Fact]
    public void Share_is_judged_early_once_a_thousand_lines_are_bad()
    {
        var tally = Texts.Tally("50%");
        for (var line = 1; line < 1_000; line++)
        {
            tally.Bad("a", line, "is odd");
        }

        Assert.Throws<ImportException>(() => tally.Bad("a", 1_000, "is odd"));
    }

    [Fact]
    public void Message_lists_ten_faults_and_counts_the_others()
    {
        var tally = Texts.Tally("1%");
        for (var line = 1; line <= 12; line++)
        {
            tally.Bad("a", line, "is odd");
        }

        var message = Assert.Throws<ImportException>(tally.Complete).Message;

        Assert.Contains("a:10: is odd", message, StringComparison.Ordinal);
        Assert.DoesNotContain("a:11:", message, StringComparison.Ordinal);
        Assert.EndsWith("and 2 more", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_thousand_faults_are_kept_but_all_are_counted()
    {
        var tally = Texts.Tally("5000");
        for (var line = 1; line <= 1_500; line++)
        {
            tally.Bad("a", line, "is odd");
        }

        Assert.Equal((1_500, 1_000), (tally.Complete().BadLines, tally.Complete().Faults.Count));
    }
}
