namespace Segue.Features.Tests;

public sealed class IdMapTests
{
    [Fact]
    public void Rows_follow_the_first_appearance()
    {
        var map = new IdMap(["b", "a", "b", "c"]);

        Assert.Equal(["b", "a", "c"], map.Ids);
        Assert.Equal(3, map.Count);
        Assert.Equal(1, map.Add("a"));
        Assert.Equal(3, map.Add("d"));
        Assert.Equal("d", map[3]);
    }

    [Fact]
    public void An_unknown_id_has_no_row_and_case_counts()
    {
        var map = new IdMap(["a"]);

        Assert.Equal(0, map.Find("a"));
        Assert.Null(map.Find("A"));
        Assert.Null(map.Find("b"));
        Assert.Equal(1, map.Count);
    }

    [Fact]
    public void A_row_that_does_not_exist_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new IdMap()[0]);
}
