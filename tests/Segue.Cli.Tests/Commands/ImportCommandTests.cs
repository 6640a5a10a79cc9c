using System.CommandLine;
using System.Text.Json;
using Segue.Cli.Commands;
using Segue.Core;
using Segue.Events.Storage;

namespace Segue.Cli.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segue-tests-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string StorePath => Path.Combine(_folder, "store");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("csv", "user,item,value\nu,i,3\nv,i,1\n", "")]
    [InlineData("tsv", "user\titem\tvalue\nu\ti\t3\nv\ti\t1\n", "")]
    [InlineData("tsv", "3\ti\tu\n1\ti\tv\n", "--no-header --user 3 --item 2 --value 1")]
    [InlineData("text", "u::i::3\nv::i::1\n", "--no-header --separator :: --value 3")]
    [InlineData("text", "user item value\nu i  3\nv i 1", "")]
    [InlineData("jsonl", "{\"u\":\"u\",\"item\":\"i\",\"value\":3}\n{\"u\":\"v\",\"item\":\"i\"}\n", "--user u")]
    public async Task Rows_of_every_format_land_in_the_store(string format, string text, string options)
    {
        Assert.Equal(0, await Import(text, $"--format {format} {options}"));

        Assert.Equal(
            [new("u", "i", 3, null, InteractionAction.Listen), new("v", "i", 1, null, InteractionAction.Listen)],
            Store.Open(StorePath).ReadInteractions());
        Assert.Empty(_error.ToString());
        Assert.Contains("           2  interactions in the store", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("           1  items without catalogue entry", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sequences", "i j i")]
    [InlineData("adjacency", "i j")]
    public async Task Lists_of_items_land_in_the_store_in_their_order(string format, string items)
    {
        Assert.Equal(0, await Import("u i j i\n", $"--format {format}"));

        Assert.Equal(items, string.Join(' ', Store.Open(StorePath).ReadInteractions().Select(row => row.Item)));
    }

    [Fact]
    public async Task Times_and_actions_are_read_as_asked()
    {
        Assert.Equal(0, await Import("user,item,when,did\nu,i,2026-03-01,voteup\n", "--format csv --time when --time-format iso --action did"));

        var row = Assert.Single(Store.Open(StorePath).ReadInteractions());
        Assert.Equal((new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), InteractionAction.VoteUp), (row.Time, row.Action));
    }

    [Fact]
    public async Task Report_in_json_is_one_object_on_standard_output_and_faults_go_to_standard_error()
    {
        Assert.Equal(0, await Import("user,item\nu,i\n\nu\n", "--format csv --max-bad 50% --json"));

        using var json = JsonDocument.Parse(_output.ToString());
        var report = json.RootElement;
        Assert.Equal(
            (2, 1, 1, 1),
            (report.GetProperty("linesRead").GetInt32(), report.GetProperty("badLines").GetInt32(),
                report.GetProperty("interactions").GetInt32(), report.GetProperty("counters").GetProperty("emptyLines").GetInt32()));
        Assert.Equal(4, report.GetProperty("faults")[0].GetProperty("line").GetInt32());
        Assert.EndsWith("plays:4: has 1 fields, fewer than the 2 columns needed" + Environment.NewLine, _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user,item\nu\n", "--format csv", "Too many bad lines: 1 of the 1 read so far; allowed: 1%.")]
    [InlineData("listener,item\nu,i\n", "--format csv", "has no column user; it has listener, item.")]
    [InlineData("user,item\nu,i\n", "--format csv --max-bad many", "segue: 'many' is no budget of bad lines")]
    [InlineData("u i\n", "--format adjacency --time when", "segue: --time has no meaning with --format adjacency.")]
    [InlineData("{}\n", "--format jsonl --no-header", "segue: --no-header has no meaning with --format jsonl.")]
    [InlineData("u|i\n", "--format text --separator |", "segue: The separator '|' is not known; known are tab, comma, '::' and whitespace.")]
    public async Task Bad_input_ends_with_exit_code_2_one_message_and_nothing_written(string text, string options, string message)
    {
        Assert.Equal(2, await Import(text, options));

        Assert.Contains(message, _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
        Assert.Equal([Path.Combine(_folder, "plays")], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Missing_file_is_bad_input()
    {
        Assert.Equal(2, await Invoke($"interactions {_folder}/absent --format csv --into {StorePath}"));
        Assert.Contains("absent", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Store_gives_way_only_with_replace()
    {
        Assert.Equal(0, await Import("user,item\nu,i\n", "--format csv"));
        Assert.Equal(2, await Import("user,item\nv,j\n", "--format csv"));
        Assert.Equal("u", Store.Open(StorePath).ReadInteractions().Single().User);

        Assert.Equal(0, await Import("user,item\nv,j\n", "--format csv --replace"));
        Assert.Equal("v", Store.Open(StorePath).ReadInteractions().Single().User);
    }

    [Fact]
    public async Task HetRec_folder_becomes_a_store()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "hetrec")).FullName;
        File.WriteAllText(Path.Combine(data, "artists.dat"), "id\tname\turl\tpictureURL\n10\tBjörk\t\t\n");
        File.WriteAllText(Path.Combine(data, "tags.dat"), "tagID\ttagValue\n2\tpop\n");
        File.WriteAllText(Path.Combine(data, "user_artists.dat"), "userID\tartistID\tweight\n1\t10\t13883\n");
        File.WriteAllText(Path.Combine(data, "user_taggedartists.dat"), "userID\tartistID\ttagID\tday\tmonth\tyear\n1\t10\t2\t1\t9\t1956\n");
        File.WriteAllText(Path.Combine(data, "user_friends.dat"), "userID\tfriendID\n1\t2\n");

        Assert.Equal(0, await Invoke($"hetrec {data} --into {StorePath}"));

        var store = Store.Open(StorePath);
        Assert.Equal(("Björk", "pop"), store.ReadCatalogue().Single() is var entry ? (entry.Title, entry.Genre) : default);
        Assert.Equal(["1", "2"], store.ReadListeners().Select(listener => listener.Id.Value));
        Assert.Contains("           1  impossible tag dates", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("           1  friend links not mirrored", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_without_the_files_is_bad_input()
    {
        Assert.Equal(2, await Invoke($"hetrec {_folder} --into {StorePath}"));
        Assert.Contains("is not the HetRec 2011 Last.fm data set: it lacks artists.dat, tags.dat", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    private async Task<int> Import(string text, string options)
    {
        var file = Path.Combine(_folder, "plays");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return await Invoke($"interactions {file} --into {StorePath} {options}");
    }

    private Task<int> Invoke(string line)
        => ImportCommand.Create()
            .Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error }, TestContext.Current.CancellationToken);
}
