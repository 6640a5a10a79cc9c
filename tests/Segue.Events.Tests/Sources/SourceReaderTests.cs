using System.IO.Compression;
using System.Text;
using Segue.Events.Sources;

namespace Segue.Events.Tests.Sources;

public sealed class SourceReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_come_with_their_number_and_place_and_without_their_ends()
    {
        Write("a.jsonl", "\uFEFF{1}\r\n\n  \t\n{22}\n{é}");

        var batch = Assert.Single(await Read(new FileSource(_folder["a.jsonl"])));

        Assert.Equal(["1@3 {1}", "4@13 {22}", "5@18 {é}"], batch.Lines);
        Assert.Equal((2, 22, 5), (batch.Blank, batch.Checkpoint.Position, batch.Checkpoint.Line));
        Assert.True(batch.Checkpoint.AtEnd);
    }

    [Fact]
    public async Task A_folder_is_read_in_ordinal_order_with_all_below_it_zipped_or_not()
    {
        Write("b.json", "{b}\n");
        Write("B.jsonl", "{B}\n");
        Write("sub/deep/a.ndjson", "{a}\n");
        Write("read.me", "nothing");
        using (var zip = new GZipStream(File.Create(_folder["c.json.gz"]), CompressionLevel.Fastest))
        {
            zip.Write("{c1}\n{c2}"u8);
        }

        Assert.Equal(["{B}", "{b}", "{c1}", "{c2}", "{a}"], await Texts(new FileSource(_folder.Path)));
    }

    [Theory]
    [InlineData(4096, 1, 1 << 20)]
    [InlineData(4096, 3, 700)]
    [InlineData(4096, 4096, 50)]
    [InlineData(8192, 7, 5_000)]
    public async Task However_it_is_cut_the_lines_are_those_of_a_plain_reader(int batchBytes, int batchLines, int maxLine)
    {
        var (text, state) = (new StringBuilder(), 1u);
        for (var n = 0; n < 400; n++)
        {
            state = (state * 1664525) + 1013904223;
            var length = (state >> 8) % 5 == 0 ? 0 : (int)((state >> 12) % (n % 40 == 0 ? 12_000u : 120u));
            text.Append(new string((char)('a' + (n % 26)), length)).Append(n % 3 == 0 ? "\r\n" : "\n");
        }
        Write("a.json", text + "last");

        var read = await Read(new FileSource(_folder["a.json"]), new() { BatchBytes = batchBytes, BatchLines = batchLines, MaxLineBytes = maxLine });

        var offset = 0;
        var expected = new List<string>();
        foreach (var (line, n) in (text + "last").Split('\n').Select((line, n) => (line, n)))
        {
            var bare = line.TrimEnd('\r');
            if (bare.Length > 0)
            {
                expected.Add($"{n + 1}@{offset} {(bare.Length > maxLine ? "too long " + bare[..maxLine] : bare)}");
            }
            offset += line.Length + 1;
        }
        Assert.Equal(expected, read.SelectMany(batch => batch.Lines));
        Assert.All(read, batch => Assert.InRange(batch.Lines.Count, 0, batchLines));
        Assert.Equal(text.Length + 4, read[^1].Checkpoint.Position);
    }

    [Fact]
    public async Task Wherever_reading_stopped_it_goes_on_and_each_line_comes_once()
    {
        var options = new SourceReaderOptions { BatchBytes = 4096, BatchLines = 5, MaxLineBytes = 300 };
        Write("a.json", string.Concat(Enumerable.Range(0, 90).Select(n => n % 9 == 4 ? new string('x', 5_000 + n) + "\n" : n % 7 == 3 ? "\n" : $"{{{n}}}{new string('.', n)}\r\n")));
        using (var zip = new GZipStream(File.Create(_folder["b.json.gz"]), CompressionLevel.Fastest))
        {
            zip.Write(File.ReadAllBytes(_folder["a.json"]));
        }
        var source = new FileSource(_folder.Path);
        var all = (await Read(source, options)).SelectMany(batch => batch.Lines).ToList();

        for (var taken = new List<string>(); ;)
        {
            using var progress = Progress();
            var before = taken.Count;
            await foreach (var batch in new SourceReader(source, progress, options).ReadAsync(Cancellation))
            {
                using (batch)
                {
                    taken.AddRange(Take(batch).Lines);
                    progress.Save(batch.Checkpoint);
                }
                if (taken.Count > before)
                {
                    break;   // a stop after each batch
                }
            }
            if (taken.Count == before)
            {
                Assert.Equal(all, taken);
                return;
            }
        }
    }

    [Fact]
    public async Task An_object_is_read_once_and_what_was_not_saved_is_read_again()
    {
        Write("a.json", "{1}\n{2}\n");

        Assert.Equal(["{1}", "{2}"], await Texts(save: false));
        Assert.Equal(["{1}", "{2}"], await Texts());
        Assert.Empty(await Texts());
    }

    [Fact]
    public async Task An_object_that_grew_is_read_from_where_it_stood_and_one_that_was_replaced_anew()
    {
        Write("a.json", "{1}\n{2}\n");
        Assert.Equal(["{1}", "{2}"], await Texts());

        Write("a.json", "{1}\n{2}\n{3}\n");
        Assert.Equal(["{3}"], await Texts());

        Write("a.json", "{9}\n{2}\n{3}\n{4}\n");
        Assert.Equal(["{9}", "{2}", "{3}", "{4}"], await Texts());

        Write("a.json", "{9}\n");
        Assert.Equal(["{9}"], await Texts());
    }

    [Fact]
    public async Task A_change_near_the_place_where_reading_stood_is_noticed()
    {
        var start = string.Concat(Enumerable.Repeat("{same}\n", 2_000));
        Write("a.json", start + "{old}\n");
        Assert.Equal(2_001, (await Texts()).Count);

        Write("a.json", start + "{new}\n{more}\n");
        Assert.Equal(2_002, (await Texts()).Count);
    }

    [Theory]
    [InlineData("\n{2}", "{2}")]
    [InlineData("\r\n{2}\n", "{2}")]
    [InlineData("\n", "")]
    [InlineData("0}\n{2}", "{1 0} {2}")]
    public async Task A_last_line_without_an_end_is_not_counted_twice_when_its_end_comes(string more, string expected)
    {
        Write("a.json", "{0}\n{1 ");
        Assert.Equal(["{0}", "{1 "], await Texts());

        Write("a.json", "{0}\n{1 " + more);
        Assert.Equal(expected, string.Join(' ', await Texts()));
        Assert.Empty(await Texts());
    }

    [Fact]
    public async Task Another_mapping_reads_all_anew()
    {
        Write("a.json", "{1}\n");
        await Texts();

        using var progress = new SourceProgress(_folder["progress/sources.db"], "mapping@1");
        Assert.Equal(["{1}"], (await Drain(new SourceReader(new FileSource(_folder.Path), progress).ReadAsync(Cancellation))).SelectMany(batch => batch.Texts));
    }

    [Fact]
    public async Task An_object_that_cannot_be_read_is_noted_and_the_others_are_read()
    {
        Write("a.json.gz", "this is no zip");
        Write("b.json", "{1}\n");
        var reader = new SourceReader(new FileSource(_folder.Path), progress: null);

        Assert.Equal(["{1}"], (await Drain(reader.ReadAsync(Cancellation))).SelectMany(batch => batch.Texts));
        Assert.Equal([_folder["a.json.gz"]], reader.Faults.Keys);
    }

    [Fact]
    public async Task A_source_that_is_not_there_is_said_at_once()
        => await Assert.ThrowsAsync<FileNotFoundException>(() => Texts(new FileSource(_folder["absent"])));

    [Fact]
    public async Task Watching_gives_new_objects_new_lines_and_an_open_line_once_it_rests()
    {
        var time = new TickingTime();
        Write("a.json", "{1}\n{2");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var batches = new SourceReader(new FileSource(_folder.Path), progress: null, time: time)
            .WatchAsync(TimeSpan.FromSeconds(1), stop.Token).GetAsyncEnumerator(stop.Token);

        Assert.Equal(["{1}"], await Next(batches));

        var next = Next(batches);
        Assert.False(next.IsCompleted);   // the open line waits, nothing else is new
        Write("a.json", "{1}\n{2}\n");
        Write("b.json", "{3}\n");
        time.Tick();
        Assert.Equal(["{2}"], await next);
        Assert.Equal(["{3}"], await Next(batches));

        Write("b.json", "{3}\n{4");
        next = Next(batches);
        time.Tick();
        while (!next.IsCompleted)
        {
            await Task.Yield();
            time.Tick();
        }
        Assert.Equal(["{4"], await next);

        var none = Next(batches);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => none);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<IReadOnlyList<string>> Next(IAsyncEnumerator<LineBatch> batches)
    {
        while (await batches.MoveNextAsync())
        {
            using var batch = batches.Current;
            if (batch.Count > 0)
            {
                return Take(batch).Texts;
            }
        }
        throw new InvalidOperationException("The watch ended.");
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    private SourceProgress Progress() => new(_folder["progress/sources.db"]);

    private static Task<List<Taken>> Read(IEventSource source, SourceReaderOptions? options = null)
        => Drain(new SourceReader(source, progress: null, options).ReadAsync(Cancellation));

    private static async Task<List<string>> Texts(IEventSource source) => (await Read(source)).SelectMany(batch => batch.Texts).ToList();

    /// <summary>What is new in the folder, noted as read unless the test says that the commit failed.</summary>
    private async Task<List<string>> Texts(bool save = true)
    {
        using var progress = Progress();
        return (await Drain(new SourceReader(new FileSource(_folder.Path), progress).ReadAsync(Cancellation), save ? progress : null))
            .SelectMany(batch => batch.Texts).ToList();
    }

    private static async Task<List<Taken>> Drain(IAsyncEnumerable<LineBatch> batches, SourceProgress? progress = null)
    {
        var all = new List<Taken>();
        await foreach (var batch in batches)
        {
            using (batch)
            {
                all.Add(Take(batch));
                progress?.Save(batch.Checkpoint);
            }
        }
        return all;
    }

    private static Taken Take(LineBatch batch)
    {
        var taken = new Taken([], [], batch.BlankLines, batch.Checkpoint);
        for (var n = 0; n < batch.Count; n++)
        {
            var text = Encoding.UTF8.GetString(batch[n]);
            taken.Texts.Add(text);
            taken.Lines.Add($"{batch.Number(n)}@{batch.Offset(n)} {(batch.Defect(n) == LineDefect.TooLong ? "too long " : "")}{text}");
        }
        return taken;
    }

    private sealed record Taken(List<string> Lines, List<string> Texts, int Blank, SourceCheckpoint Checkpoint);
}
