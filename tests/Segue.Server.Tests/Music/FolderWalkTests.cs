using System.Diagnostics;
using Segue.Server.Music;

namespace Segue.Server.Tests.Music;

public sealed class FolderWalkTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("segue-walk-").FullName;

    [Fact]
    public void Files_come_in_the_order_of_their_paths()
    {
        string[] names = ["b.mp3", "a/z.mp3", "a b/c.mp3", "a.mp3", "a/b/c.mp3", "B.mp3", "ä.mp3", "-dash.mp3", "two\nlines.mp3"];
        names.ToList().ForEach(Touch);

        Assert.Equal(names.Select(name => Path.Combine(_root, name)).Order(StringComparer.Ordinal), new FolderWalk(_root).Files().Select(walked => walked.File.Path));
    }

    [Fact]
    public void Links_that_lead_in_circles_or_twice_to_a_place_are_followed_once()
    {
        Touch("music/a.mp3");
        Directory.CreateDirectory(Path.Combine(_root, "other"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "music/self"), "..");
        Directory.CreateSymbolicLink(Path.Combine(_root, "again"), Path.Combine(_root, "music"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "out"), Path.Combine(_root, "../" + Path.GetFileName(_root) + ".outside"));
        TouchAt(_root + ".outside/b.mp3");
        Directory.CreateSymbolicLink(_root + ".outside/back", _root);
        try
        {
            Assert.Equal(["music/a.mp3", "out/b.mp3"], Walk().Select(walked => Path.GetRelativePath(_root, walked.File.Path)));
        }
        finally
        {
            Directory.Delete(_root + ".outside", recursive: true);
        }
    }

    [Fact]
    public void A_link_to_a_file_has_the_files_size_and_a_broken_one_a_fault()
    {
        Touch("a.mp3", "12345");
        File.CreateSymbolicLink(Path.Combine(_root, "b.mp3"), "a.mp3");
        File.CreateSymbolicLink(Path.Combine(_root, "c.mp3"), "nowhere.mp3");
        File.CreateSymbolicLink(Path.Combine(_root, "d.mp3"), "e.mp3");
        File.CreateSymbolicLink(Path.Combine(_root, "e.mp3"), "d.mp3");

        Assert.Equal([(5, true), (5, true), (0, false), (0, false), (0, false)], Walk().Select(walked => (walked.File.Bytes, walked.Fault is null)));
    }

    [Fact]
    public void A_name_that_is_no_text_and_a_pipe_are_told_and_not_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        using var shell = Process.Start("sh", ["-c", "cd \"$0\" && printf x > \"$(printf 'bad\\377.mp3')\" && mkfifo pipe.mp3", _root]);
        shell.WaitForExit();
        var (entries, faults) = (Directory.GetFileSystemEntries(_root).Length, Walk().Select(walked => walked.Fault).ToList());
        using var remove = Process.Start("sh", ["-c", "rm -f \"$0\"/*", _root]);   // no name that .NET has means that file
        remove.WaitForExit();
        Assert.SkipUnless(shell.ExitCode == 0 && entries == 2, "This file system takes no such names.");

        Assert.Equal(2, faults.Count);
        Assert.Contains("UTF-8", faults[0], StringComparison.Ordinal);
        Assert.Contains("no ordinary file", faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_gives_no_list_is_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "No folder is locked for this user.");
        Touch("a.mp3");
        Touch("locked/b.mp3");
        SetMode(Path.Combine(_root, "locked"), UnixFileMode.None);
        try
        {
            var walk = new FolderWalk(_root);

            Assert.Equal(["a.mp3"], walk.Files().Select(walked => Path.GetFileName(walked.File.Path)));
            Assert.Equal(Path.Combine(_root, "locked"), Assert.Single(walk.Unreadable).Path);
        }
        finally
        {
            SetMode(Path.Combine(_root, "locked"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told_and_is_not_empty()
    {
        var walk = new FolderWalk(Path.Combine(_root, "gone"));

        Assert.Empty(walk.Files());
        Assert.Single(walk.Unreadable);
        Assert.False(walk.IsEmpty);
        var empty = new FolderWalk(_root);
        Assert.Empty(empty.Files());
        Assert.True(empty.IsEmpty);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private List<WalkedFile> Walk() => [.. new FolderWalk(_root).Files()];

    private void Touch(string name) => Touch(name, "x");

    private void Touch(string name, string text) => TouchAt(Path.Combine(_root, name), text);

    private static void TouchAt(string path, string text = "x")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
