using System.CommandLine;
using Segue.Audio;
using Segue.Audio.Tags;
using Segue.Cli.Commands;
using Segue.Server.Stores;

namespace Segue.Cli.Tests.Commands;

public sealed class ScanCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    private string Music => _line.PathOf("music");

    [Fact]
    public async Task Music_is_scanned_into_a_store_that_is_made_and_each_outcome_is_told()
    {
        Write("Ann/Blue/01 - Rain.mp3", "song rain");
        Write("Ann/Blue/02 - Sun.mp3", "song sun");
        Write("twin.mp3", "song sun");
        Write("bad\nname.mp3", "nothing");
        Write("cover.jpg", "x");

        var (code, output, errors) = await Run("--list-faults", "--report", _line.PathOf("faults.tsv"), "--workers", "2");

        Assert.Equal((0, "segue: A library is missing.\n"), (code, errors));
        Assert.Contains("Met 4 files", output, StringComparison.Ordinal);
        Assert.Contains("1 not music", output, StringComparison.Ordinal);
        Assert.Contains("New tracks: 2", output, StringComparison.Ordinal);
        Assert.Contains("1  duplicate", output, StringComparison.Ordinal);
        Assert.Contains("corrupt\t" + Music + "/bad\\u000aname.mp3\tno song in it", output, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(_line.PathOf("faults.tsv")).Length);
        using var parts = new StoreParts(_line.PathOf("store"), new());
        Assert.Equal(["Rain", "Sun"], parts.Catalogue.ReadAll().Select(entry => entry.Track.Title).Order());
        Assert.Equal(["Blue", "Blue"], parts.Sound.ReadTracks().Select(track => track.Album));

        var (again, second, _) = await Run();
        Assert.Equal(0, again);
        Assert.Contains("0 listened to", second, StringComparison.Ordinal);
        Assert.Contains("4 as before", second, StringComparison.Ordinal);
        Assert.Contains("4 as before", (await Run("--spectra-cache", "0")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("0 listened to", (await Run("--plan", "middle")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--workers 0", "--workers is 0; allowed are 1 to 256.")]
    [InlineData("--spectra-cache -1", "--spectra-cache is -1; allowed are 0 to 10000 GiB.")]
    public async Task Settings_out_of_range_are_told_and_leave_nothing(string settings, string message)
    {
        Write("a.mp3", "song a");

        var (code, _, errors) = await Run(settings.Split(' '));

        Assert.Equal(2, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_line.PathOf("store")));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_leaves_nothing_and_one_without_music_is_told_by_the_exit_code()
    {
        var (code, _, errors) = await Run();
        Assert.Equal(2, code);
        Assert.Contains("There is no folder " + Music, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_line.PathOf("store")));

        Write("a.mp3", "nothing");
        Assert.Equal(2, (await Run()).Code);
        Write("b.mp3", "song b");
        Assert.Equal(0, (await Run()).Code);
    }

    public void Dispose() => _line.Dispose();

    private void Write(string name, string text)
    {
        var path = Path.Combine(Music, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private async Task<(int Code, string Output, string Errors)> Run(params string[] settings)
    {
        var (output, errors) = (new StringWriter(), new StringWriter { NewLine = "\n" });
        var root = new RootCommand { ScanCommand.Create(plan => new($"text/{plan.Count}", () => new(Analyze, (_, _) => AudioTags.None) { Doubt = () => "A library is missing." })) };
        var code = await root.Parse(["scan", Music, "--store", _line.PathOf("store"), .. settings])
            .InvokeAsync(new() { Output = output, Error = errors }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), errors.ToString());
    }

    // A song is a file that begins so; its letters are its sound.
    private static TrackAnalysis Analyze(string path, CancellationToken cancellation)
    {
        var text = File.ReadAllText(path);
        return text.StartsWith("song", StringComparison.Ordinal)
            ? new(AudioOutcome.Ok, null, TimeSpan.FromSeconds(60), new([.. text.Select(letter => (float)letter)], [1, 2, 3]))
            : new(AudioOutcome.Corrupt, "no song in it", TimeSpan.Zero, null);
    }
}
