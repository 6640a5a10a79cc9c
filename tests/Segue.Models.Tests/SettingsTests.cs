using Segue.Numerics;

namespace Segue.Models.Tests;

public sealed class SettingsTests
{
    private static string FaultOf(string kind, string name, double value)
        => Assert.Throws<ArgumentException>(() => ModelKinds.Get(kind).Trainer(new Dictionary<string, double> { [name] = value })).Message;

    [Theory]
    [InlineData("factors", 0, "1 to 1024")]
    [InlineData("factors", 1025, "1 to 1024")]
    [InlineData("factors", 8.5, "a whole number from 1 to 1024")]
    [InlineData("alpha0", -0.1, "a number from 0 to 100")]
    [InlineData("alpha0", double.NaN, "a number from 0 to 100")]
    [InlineData("sweeps", double.PositiveInfinity, "a whole number from 1 to 1000")]
    public void A_value_that_is_not_allowed_is_named_with_its_setting_and_range(string name, double value, string range)
    {
        var fault = FaultOf("als", name, value);

        Assert.Contains(FormattableString.Invariant($"{name}={value} "), fault, StringComparison.Ordinal);
        Assert.Contains(range, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_setting_is_answered_with_those_there_are()
    {
        Assert.Contains("'depth'", FaultOf("als", "depth", 1), StringComparison.Ordinal);
        Assert.Contains("factors, sweeps", FaultOf("als", "depth", 1), StringComparison.Ordinal);
        Assert.Contains("this model has none", FaultOf("popular", "depth", 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Given_values_replace_the_defaults_and_only_those()
    {
        var settings = ModelKinds.Get("als").Trainer(new Dictionary<string, double> { ["factors"] = 12 }).Settings;

        Assert.Equal(12, settings["factors"]);
        Assert.Equal(16, settings["sweeps"]);
    }

    [Fact]
    public void Every_draw_lies_in_the_searched_range_and_is_allowed()
    {
        foreach (var setting in ModelKinds.All.SelectMany(kind => kind.Settings))
        {
            var random = new SeededRandom(1);
            for (var n = 0; n < 500; n++)
            {
                var drawn = setting.Draw(ref random);
                Assert.Equal(drawn, setting.Require(drawn));
                if (setting.Scale == SettingScale.Fixed)
                {
                    Assert.Equal(setting.Default, drawn);
                }
                else
                {
                    Assert.InRange(drawn, setting.SearchLow, setting.SearchHigh);
                }
            }
        }
    }

    [Fact]
    public void Whole_draws_reach_both_ends_and_powers_of_two_are_such()
    {
        var random = new SeededRandom(2);
        var whole = new Setting("n", 1, 0, 10, 1, 4, SettingScale.Whole, "");
        var power = new Setting("n", 1, 1, 1024, 8, 64, SettingScale.PowerOfTwo, "");

        Assert.Equal([1, 2, 3, 4], Enumerable.Range(0, 200).Select(_ => whole.Draw(ref random)).Distinct().Order());
        Assert.Equal([8, 16, 32, 64], Enumerable.Range(0, 200).Select(_ => power.Draw(ref random)).Distinct().Order());
    }
}
