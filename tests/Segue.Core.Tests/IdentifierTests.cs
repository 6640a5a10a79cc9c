namespace Segue.Core.Tests;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("user_000001")]
    [InlineData(" padded but not blank ")]
    [InlineData("Бьорк")]
    [InlineData("\U0001F3B5\U0001F3B6")]
    public void Ordinary_text_is_an_identifier(string text)
    {
        Assert.Null(Identifier.Fault(text));
        Assert.Equal(text, Identifier.Require(text, "track id"));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("   ", "is empty")]
    [InlineData("\t\r\n", "is empty")]
    [InlineData("a\0b", "holds the control character U+0000 at position 1")]
    [InlineData("ab\n", "holds the control character U+000A at position 2")]
    [InlineData("\u009Fb", "holds the control character U+009F at position 0")]
    public void Faulty_text_is_named_with_its_fault(string text, string fault) => Assert.Equal(fault, Identifier.Fault(text));

    [Fact]
    public void Half_of_a_surrogate_pair_is_named_with_its_position()
    {
        const char High = '\uD83C', Low = '\uDFB5';

        Assert.Equal("holds half of a surrogate pair at position 1", Identifier.Fault(['a', High]));
        Assert.Equal("holds half of a surrogate pair at position 1", Identifier.Fault(['a', High, 'b']));
        Assert.Equal("holds half of a surrogate pair at position 0", Identifier.Fault([Low, High]));
        Assert.Equal("holds half of a surrogate pair at position 2", Identifier.Fault([High, Low, Low]));
        Assert.Null(Identifier.Fault([High, Low]));
    }

    [Fact]
    public void The_longest_identifier_has_256_characters()
    {
        Assert.Null(Identifier.Fault(new string('x', 256)));
        Assert.Equal("is 257 characters long; at most 256 are allowed", Identifier.Fault(new string('x', 257)));
    }

    [Fact]
    public void Each_id_refuses_a_fault_and_says_which_id_it_is()
    {
        Assert.Contains("listener id is empty", Assert.Throws<ArgumentException>(() => new ListenerId(" ")).Message, StringComparison.Ordinal);
        Assert.Contains("track id is empty", Assert.Throws<ArgumentException>(() => new TrackId("")).Message, StringComparison.Ordinal);
        Assert.Contains("artist id is empty", Assert.Throws<ArgumentException>(() => new ArtistId("")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new TrackId(null!));
    }

    [Fact]
    public void An_id_prints_as_its_value()
    {
        var guid = new Guid("01234567-89ab-cdef-0123-456789abcdef");

        Assert.Equal("l1", new ListenerId("l1").ToString());
        Assert.Equal("t1", new TrackId("t1").ToString());
        Assert.Equal("a1", new ArtistId("a1").ToString());
        Assert.Equal("01234567-89ab-cdef-0123-456789abcdef", new SessionId(guid).ToString());
        Assert.Equal("01234567-89ab-cdef-0123-456789abcdef", new RecommendationId(guid).ToString());
    }

    [Fact]
    public void Ids_compare_by_ordinal_value()
    {
        Assert.Equal(new TrackId("A"), new TrackId("A"));
        Assert.NotEqual(new TrackId("A"), new TrackId("a"));
    }
}
