using System.Text;
using Segue.Events.Importing;

namespace Segue.Events.Tests.Importing;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("a\nb\n")]
    [InlineData("a\nb")]
    [InlineData("a\r\nb\r\n")]
    [InlineData("a\r\nb")]
    [InlineData("\uFEFFa\nb\n")]
    public void Line_ends_and_a_byte_order_mark_are_no_part_of_a_line(string text)
        => Assert.Equal(["1:a", "2:b"], Lines(Texts.Of(text)));

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public void Empty_text_has_no_lines(string text) => Assert.Empty(Lines(Texts.Of(text)));

    [Fact]
    public void Empty_lines_are_skipped_and_counted()
    {
        var tally = Texts.Tally();

        Assert.Equal(["2:a", "5:b"], Lines(Texts.Of("\na\n\r\n  \nb\n\n"), tally));
        Assert.Equal(4, tally.Complete().Counters[ImportReport.EmptyLines]);
    }

    [Fact]
    public void Latin_1_is_read_when_asked_for()
        => Assert.Equal(["1:Björk"], Lines(Texts.Of(Encoding.Latin1.GetBytes("Björk\n")) with { Encoding = TextEncoding.Latin1 }));

    [Fact]
    public void Broken_utf_8_is_a_fault_of_its_line_with_the_place()
    {
        var tally = Texts.Tally();

        Assert.Equal(["1:ä", "3:b"], Lines(Texts.Of([.. "ä\n"u8, .. "ab"u8, 0xE9, .. "c\nb"u8]), tally));
        Assert.Equal(["plays:2: is broken UTF-8 at byte 3 of the line (0xE9)"], tally.Faults());
    }

    [Fact]
    public void Character_cut_off_by_the_line_end_is_a_fault()
    {
        var tally = Texts.Tally();

        Assert.Equal(["2:b"], Lines(Texts.Of([.. "ab"u8, 0xC3, .. "\nb"u8]), tally));
        Assert.Equal(["plays:1: is broken UTF-8 at byte 3 of the line (0xC3)"], tally.Faults());
    }

    [Theory]
    [InlineData(9, "\n")]
    [InlineData(9, "\r\n")]
    [InlineData(200_000, "\n")]
    public void Line_too_long_is_a_fault_and_the_next_one_is_read(int length, string end)
    {
        var tally = Texts.Tally();
        var text = $"12345678{end}{new string('x', length)}{end}b{end}{new string('y', length)}";

        Assert.Equal(["1:12345678", "3:b"], Lines(Texts.Of(text) with { MaxLineBytes = 8 }, tally));
        Assert.Equal(["plays:2: is longer than 8 bytes", "plays:4: is longer than 8 bytes"], tally.Faults());
    }

    [Fact]
    public void Utf_16_is_refused_at_once()
    {
        var utf16 = Texts.Of([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("a\nb")]);

        Assert.Equal("plays is UTF-16; convert it to UTF-8 first.", Assert.Throws<ImportException>(() => Lines(utf16)).Message);
    }

    /// <summary>Lines of all lengths around those at which the buffer is filled anew, from a stream that gives few bytes at a time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(65_536)]
    public void Long_texts_come_out_as_they_went_in(int bytesAtATime)
    {
        var expected = Enumerable.Range(1, 400).Select(line => new string((char)('a' + line % 26), line * line % 70_001 / 9 + 1)).ToList();
        var bytes = Encoding.UTF8.GetBytes(string.Join('\n', expected));

        var lines = Lines(new("plays", () => new Trickle(bytes, bytesAtATime)));

        Assert.Equal(expected.Select((line, index) => $"{index + 1}:{line}"), lines);
    }

    [Fact]
    public void Progress_ends_with_all_bytes_and_cancelling_stops()
    {
        var progress = new LastReport();
        var bytes = new byte[300_000];
        bytes.AsSpan().Fill((byte)'\n');
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        using (var lines = Texts.Of(bytes).OpenLines(progress, CancellationToken.None))
        {
            Assert.False(Texts.Tally().Next(lines));
        }
        using var stopped = Texts.Of(bytes).OpenLines(null, cancelled.Token);

        Assert.Equal(300_000, progress.Value);
        Assert.Throws<OperationCanceledException>(() => stopped.Read());
    }

    private static List<string> Lines(TextSource source, ImportTally? tally = null)
    {
        tally ??= Texts.Tally("0");
        using var lines = source.OpenLines(null, CancellationToken.None);
        var found = new List<string>();
        while (tally.Next(lines))
        {
            Assert.Equal(source.Encoding == TextEncoding.Utf8 ? lines.Text.ToString() : null, Utf8OrNull(source, lines));
            found.Add($"{lines.Line}:{lines.Text}");
        }
        return found;
    }

    private static string? Utf8OrNull(TextSource source, LineReader lines)
        => source.Encoding == TextEncoding.Utf8 ? Encoding.UTF8.GetString(lines.Bytes.Span) : null;

    private sealed class LastReport : IProgress<long>
    {
        public long Value { get; private set; }

        public void Report(long value) => Value = value;
    }

    private sealed class Trickle(byte[] bytes, int atATime) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, atATime));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, atATime)]);
    }
}
