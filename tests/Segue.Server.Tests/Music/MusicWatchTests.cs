using Segue.Server.Music;

namespace Segue.Server.Tests.Music;

public sealed class MusicWatchTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("segue-watch-").FullName;
    private readonly MusicWatch _watch;

    public MusicWatchTests() => _watch = new(Directory.CreateDirectory(Path.Combine(_root, "elsewhere")).FullName);   // what happens in the root is noted by hand

    [Fact]
    public void A_file_is_told_when_two_looks_find_it_the_same()
    {
        var path = Write("a.mp3", "1");
        _watch.Note(path);

        Assert.Empty(Take().Files);
        Write("a.mp3", "12");
        Assert.Empty(Take().Files);
        Assert.Equal([path], Take().Files);
        Assert.Empty(Take().Files);
    }

    [Fact]
    public void A_file_that_is_written_again_before_it_is_told_waits_again()
    {
        var path = Write("a.mp3", "1");
        _watch.Note(path);
        Take();
        _watch.Note(path);

        Assert.Empty(Take().Files);
        Assert.Equal([path], Take().Files);
    }

    [Fact]
    public void A_file_that_went_is_told_and_what_was_no_file_asks_for_a_walk()
    {
        _watch.Note(Path.Combine(_root, "known.mp3"));
        Take();
        var changes = Take(known: true);
        Assert.Equal((1, false), (changes.Files.Count, changes.NeedsWalk));

        _watch.Note(Path.Combine(_root, "folder that went"));
        Take();
        Assert.True(Take().NeedsWalk);
        Assert.False(Take().NeedsWalk);
    }

    [Fact]
    public void A_folder_that_came_asks_for_a_walk_when_nothing_moves_any_more()
    {
        _watch.Note(Directory.CreateDirectory(Path.Combine(_root, "new")).FullName);
        _watch.Note(Write("new/a.mp3", "1"));

        Assert.False(Take().NeedsWalk);
        Assert.True(Take().NeedsWalk);
    }

    [Fact]
    public void Pictures_and_hidden_folders_are_not_worth_a_look()
    {
        _watch.Note(Write("cover.jpg", "1"));
        _watch.Note(Directory.CreateDirectory(Path.Combine(_root, ".trash")).FullName);
        _watch.Note(Write(".trash/a.mp3", "1"));
        Take();

        Assert.Equal((0, false), (Take().Files.Count, Take().NeedsWalk));
    }

    [Fact]
    public async Task The_system_tells_of_a_new_file()
    {
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var system = new FileSystemWatcher(_watch.Folder);   // begun after the watch's own, so told after it
        system.Created += (_, change) => heard.TrySetResult(change.FullPath);
        system.EnableRaisingEvents = true;
        Assert.SkipUnless(_watch.Fault is null, "The system watches no folder here.");
        var path = Write("elsewhere/a.mp3", "1");
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var told = new List<string>();
        for (var look = 0; look < 1_000_000 && told.Count == 0; look++)
        {
            told.AddRange(Take().Files);
            await Task.Yield();
        }

        Assert.Equal([path], told);
    }

    public void Dispose()
    {
        _watch.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private WatchedChanges Take(bool known = false) => _watch.Take(_ => known);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllText(path, text);
        return path;
    }
}
