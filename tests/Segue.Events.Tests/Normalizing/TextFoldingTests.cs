using System.Text;
using Segue.Events.Normalizing;

namespace Segue.Events.Tests.Normalizing;

public class TextFoldingTests
{
    [Fact]
    public void The_framework_normalizes_nothing_here_which_is_why_the_project_has_a_table()
        => Assert.Equal("\uFB01 e\u0301 \uFF21", "\uFB01 e\u0301 \uFF21".Normalize(NormalizationForm.FormKC));

    [Theory]
    [InlineData("Beyoncé", "beyonce")]
    [InlineData("BEYONCE\u0301", "beyonce")]
    [InlineData("Ｍｏｔｌｅｙ　Ｃｒｕｅ", "motley crue")]
    [InlineData("Mötley Crüe", "motley crue")]
    [InlineData("Die Straße", "die strasse")]
    [InlineData("STRAẞE", "strasse")]
    [InlineData("ﬁfth № ①", "fifth no 1")]
    [InlineData("Sigur Rós", "sigur ros")]
    [InlineData("Bjørn Þór Æther Łódź", "bjorn thor aether lodz")]
    [InlineData("İstanbul ıssız", "istanbul issiz")]
    [InlineData("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ")]
    [InlineData("Ёлка и й", "елка и и")]
    [InlineData("ｶﾞｷﾞ ガギ", "カ\u3099キ\u3099 カ\u3099キ\u3099")]
    [InlineData("한글", "\u1112\u1161\u11AB\u1100\u1173\u11AF")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("Don't Stop", "dont stop")]
    [InlineData("Don’t   Stop…", "dont stop")]
    [InlineData("R.E.M.", "rem")]
    [InlineData("AC/DC", "ac dc")]
    [InlineData("Simon & Garfunkel", "simon and garfunkel")]
    [InlineData("A&B", "a and b")]
    [InlineData("re\u00ADmember\u200B", "remember")]
    [InlineData("𝓕𝓪𝓷𝓬𝔂", "fancy")]
    public void Spellings_of_one_name_meet(string name, string folded) => Assert.Equal(folded, TextFolding.Title(name));

    [Theory]
    [InlineData("Song (feat. Somebody)", "song")]
    [InlineData("Song [ft. Somebody & Co]", "song")]
    [InlineData("Song (FEATURING Somebody) (Live)", "song live")]
    [InlineData("Song (with Somebody)", "song")]
    [InlineData("Song feat. Somebody", "song")]
    [InlineData("Song ft Somebody", "song")]
    [InlineData("Dancing with Myself", "dancing with myself")]
    [InlineData("The Defeat (Without You)", "the defeat without you")]
    [InlineData("Left Feet", "left feet")]
    [InlineData("(feat. Nobody)", "feat nobody")]
    [InlineData("(With) Love", "love")]
    [InlineData("???", "???")]
    [InlineData("! !", "! !")]
    public void Guests_go_and_titles_stay(string title, string folded) => Assert.Equal(folded, TextFolding.Title(title));

    [Theory]
    [InlineData("The Beatles", "beatles")]
    [InlineData("THE  Beatles", "beatles")]
    [InlineData("The The", "the")]
    [InlineData("The", "the")]
    [InlineData("Them", "them")]
    [InlineData("!!!", "!!!")]
    [InlineData("One feat. Another", "one")]
    [InlineData("One featuring Another & Third", "one")]
    public void Artists_lose_their_article_and_their_guests(string name, string folded) => Assert.Equal(folded, TextFolding.Artist(name));

    [Fact]
    public void Titles_keep_their_article() => Assert.Equal("the end", TextFolding.Title("The End"));

    [Fact]
    public void Marks_come_in_canonical_order()
        => Assert.Equal(UnicodeFolding.Fold("\u0915\u093C\u094D"), UnicodeFolding.Fold("\u0915\u094D\u093C"));

    [Fact]
    public void Folding_twice_changes_nothing_over_all_of_Unicode()
    {
        for (var point = 1; point <= 0x10FFFF; point++)
        {
            if (Rune.IsValid(point))
            {
                var folded = UnicodeFolding.Fold(new Rune(point).ToString());
                Assert.Equal(folded, UnicodeFolding.Fold(folded));
            }
        }
    }
}
