using System.Globalization;
using System.Text;
using Segue.Events.Log;
using Segue.Events.Wire;

namespace Segue.Events.Tests.Wire;

public class TimeTests
{
    private readonly WireDoors _doors = new();

    [Theory]
    [InlineData("2026-03-29T01:30:00Z", 0)]
    [InlineData("2026-03-29T01:30:00.5Z", 500)]
    [InlineData("2026-03-29T01:30:00.123999999Z", 123)]
    [InlineData("2026-03-29T03:30:00.001+02:00", 1)]
    [InlineData("2026-03-28T20:00:00-05:30", 0)]
    [InlineData("2026-03-29T15:30:00+14:00", 0)]
    public void Times_are_read_to_the_millisecond(string text, int milliseconds)
    {
        Assert.True(WireTime.TryParse(Encoding.UTF8.GetBytes(text), out var time));
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 30, 0, milliseconds, TimeSpan.Zero).ToUnixTimeMilliseconds(), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-03-29")]
    [InlineData("2026-03-29T01:30:00")]
    [InlineData("2026-03-29T01:30Z")]
    [InlineData("2026-03-29 01:30:00Z")]
    [InlineData("2026-03-29t01:30:00z")]
    [InlineData("2026-02-29T01:30:00Z")]
    [InlineData("2026-13-01T01:30:00Z")]
    [InlineData("2026-00-01T01:30:00Z")]
    [InlineData("2026-01-00T01:30:00Z")]
    [InlineData("0000-01-01T01:30:00Z")]
    [InlineData("2026-03-29T24:00:00Z")]
    [InlineData("2026-03-29T01:60:00Z")]
    [InlineData("2026-03-29T01:30:60Z")]
    [InlineData("2026-03-29T01:30:00.Z")]
    [InlineData("2026-03-29T01:30:00.1234567890Z")]
    [InlineData("2026-03-29T01:30:00.5")]
    [InlineData("2026-03-29T01:30:00+0200")]
    [InlineData("2026-03-29T01:30:00+14:01")]
    [InlineData("2026-03-29T01:30:00+02:60")]
    [InlineData("2026-03-29T01:30:00+xx:00")]
    [InlineData("2x26-03-29T01:30:00Z")]
    [InlineData("2026-03-29T01:30:00Zjunk")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    public void Other_texts_are_no_times(string text) => Assert.False(WireTime.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Times_agree_with_the_frameworks_over_many_days()
    {
        for (var day = new DateTimeOffset(1890, 1, 1, 23, 59, 58, 7, TimeSpan.Zero); day.Year < 2110; day = day.AddDays(11).AddSeconds(61))
        {
            var text = day.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
            Assert.True(WireTime.TryParse(Encoding.UTF8.GetBytes(text), out var time));
            Assert.Equal(day.ToUnixTimeMilliseconds(), time);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("12")]
    [InlineData("187.4")]
    [InlineData("0.1")]
    [InlineData("0.30000000000000")]
    [InlineData("123456789012345")]
    [InlineData("99999999.9999999")]
    [InlineData("0.00000000000001")]
    public void Short_numbers_are_read_as_the_framework_reads_them(string number)
    {
        Assert.True(WireNumber.TryShort(Encoding.UTF8.GetBytes(number), out var value));
        Assert.Equal(double.Parse(number, CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1234567890123456")]
    public void Other_numbers_are_left_to_the_framework(string number)
        => Assert.False(WireNumber.TryShort(Encoding.UTF8.GetBytes(number), out _));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(120, 0)]
    [InlineData(-120, 0)]
    [InlineData(121, -121)]
    [InlineData(-121, 121)]
    [InlineData(3_600, -3_600)]
    [InlineData(-3_600, 3_600)]
    public void A_skewed_clock_is_corrected_beyond_two_minutes(int skew, int correction)
    {
        var at = WireDoors.Now.AddHours(-3);
        var json = $$"""
            {"listener":"a","at":{{at.ToUnixTimeMilliseconds()}},"sentAt":{{WireDoors.Now.AddSeconds(skew).ToUnixTimeMilliseconds()}},
             "type":"ban","track":"t","until":{{at.AddDays(1).ToUnixTimeMilliseconds()}}}
            """;

        var ban = _doors.Accepted(json);

        Assert.Equal(at.AddSeconds(correction), ban.At);
        Assert.Equal(at.AddSeconds(correction).AddDays(1), ban.Until);
    }

    [Theory]
    [InlineData(3_601)]
    [InlineData(-3_601)]
    [InlineData(100_000_000)]
    public void A_clock_off_by_more_than_an_hour_is_rejected(int skew)
    {
        var sentAt = WireDoors.Now.AddSeconds(skew).ToUnixTimeMilliseconds();

        var fault = _doors.RejectedOf($"\"type\":\"follow\",\"artist\":\"a\",\"sentAt\":{sentAt}");

        Assert.Equal(RejectReason.ClockSkew, fault.Reason);
        Assert.Contains($"{skew} s", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batchs_send_time_holds_for_events_without_their_own()
    {
        const string Event = """ {"listener":"a","at":"2026-03-29T01:00:00Z","type":"follow","artist":"a" """;

        var events = new EventBatch();
        _doors.Batch($$"""[{{Event}}}]""", events);
        _doors.Batch($$"""{"sentAt":"2026-03-29T01:30:00Z","events":[{{Event}}},{{Event}},"sentAt":"2026-03-29T01:50:00Z"}]}""", events);

        Assert.Equal(
            [0, 10, -10], Enumerable.Range(0, events.Count).Select(n => (int)(events[n].At - WireDoors.Now.AddMinutes(-40)).TotalMinutes));
        Assert.Equal(WireDoors.Now.AddMinutes(-30), _doors.Accepted(Event + "}", WireDoors.Now.AddMinutes(-10)).At);
    }

    [Theory]
    [InlineData("follow", 120_000, null)]
    [InlineData("follow", 120_001, "future")]
    public void Events_may_run_two_minutes_ahead(string type, int ahead, string? reason)
    {
        var at = WireDoors.Now.ToUnixTimeMilliseconds() + ahead;

        Assert.Equal(reason, _doors.Read($$"""{"listener":"a","type":"{{type}}","artist":"a","at":{{at}}}""").Fault?.Reason);
    }

    [Theory]
    [InlineData("\"type\":\"listen\",\"track\":\"t\"", "\"2000-01-01T00:00:00Z\"", null)]
    [InlineData("\"type\":\"listen\",\"track\":\"t\"", "\"1999-12-31T23:59:59Z\"", "time-range")]
    [InlineData("\"type\":\"listen\",\"track\":\"t\"", "1774744200", "time-range")]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\"", "0", null)]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\"", "-1", "time-range")]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\"", "99999999999999999", "time-range")]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\"", "1.5", "bad-time")]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\"", "99999999999999999999", "bad-time")]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\"", "1e400", "number-not-finite")]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\"", "\"2026-03-29T01:30:00\"", "bad-time")]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\"", "true", "wrong-type")]
    [InlineData("\"type\":\"follow\",\"artist\":\"a\"", "null", "missing-field")]
    public void Times_have_a_range(string fields, string at, string? reason)
        => Assert.Equal(reason, _doors.Read($$"""{"listener":"a",{{fields}},"at":{{at}}}""").Fault?.Reason);
}
