using Segue.Audio.Tags;
using Segue.Core;
using Segue.Numerics;

namespace Segue.Audio.Tests.Tags;

public class TagTextTests
{
    [Theory]
    [InlineData("  Blue \t\r\n Train ", "Blue Train")]
    [InlineData("a\0b\u0007c\u0085d", "a b c d")]
    [InlineData("\ufeffname\u202e\u2066", "name")]
    [InlineData("नि\u200dक", "नि\u200dक")]
    [InlineData("🎵", "🎵")]
    [InlineData("", null)]
    [InlineData("\0\u0001 \u202e", null)]
    [InlineData(null, null)]
    public void Texts_are_cleaned(string? text, string? clean) => Assert.Equal(clean, TagText.Clean(text));

    [Fact]
    public void Halves_of_pairs_vanish() => Assert.Equal("half pair", TagText.Clean("half \ud83c pair \udfb5"));   // an attribute would not carry them

    [Fact]
    public void Whatever_comes_in_goes_out_as_an_identifier()
    {
        var random = new SeededRandom(7);
        for (var round = 0; round < 500; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.NextInt(600)).Select(_ => (char)(random.NextInt(4) == 0 ? 0xD7F0 + random.NextInt(0x820) : random.NextInt(0x250)))]);

            Assert.True(TagText.Clean(text) is not { } clean || Identifier.Fault(clean) is null, text);
        }
    }

    [Fact]
    public void A_long_text_is_cut_between_two_code_points()
    {
        Assert.Equal(Identifier.MaxLength, TagText.Clean(new string('x', 10_000))!.Length);
        Assert.Equal(new string('x', 255), TagText.Clean(new string('x', 255) + "🎵🎵"));
    }

    [Theory]
    [InlineData("3/12", 3)]
    [InlineData(" 07", 7)]
    [InlineData("0", null)]
    [InlineData("A1", null)]
    [InlineData("99999", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData(null, null)]
    public void A_number_is_read_where_it_begins(string? text, int? number) => Assert.Equal(number, TagText.Number(text, 1, 9_999));
}
