using Segue.Evaluation.Lab;
using Segue.Evaluation.Lab.Sound;

namespace Segue.Evaluation.Tests.Lab.Sound;

public sealed class LabMusicTests : IDisposable
{
    private static readonly LabWorld World = LabWorld.Create(new() { Listeners = 20, Tracks = 60, Days = 2, Seed = 5, Threads = 2 });
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-music-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Files_are_written_by_whole_artists_and_their_tracks_are_as_long_as_they()
    {
        var catalogue = LabMusic.Write(World, _folder.FullName, 9, Length, cancellation: TestContext.Current.CancellationToken);

        var files = _folder.GetFiles("*", SearchOption.AllDirectories);
        var written = catalogue.Where(track => track.Length == Length).ToList();
        Assert.Equal(9, files.Length);
        Assert.Equal(9, written.Count);
        Assert.Equal(
            written.Select(track => Path.Combine(_folder.FullName, track.Artist.Name, $"{track.Artist.Name}, {track.Tags[^1]}", $"{track.Title}.wav")).Order(),
            files.Select(file => file.FullName).Order());
        Assert.All(files, file => Assert.InRange(file.Length, 441_000, 442_000));
        var partly = written.GroupBy(track => track.Artist.Id).Count(own => own.Count() < World.Catalogue.Count(track => track.Artist.Id == own.Key));
        Assert.InRange(partly, 0, 1);
        Assert.Equal(World.Catalogue.Select(track => (track.Id, track.Title)), catalogue.Select(track => (track.Id, track.Title)));
    }

    [Fact]
    public void A_folder_that_holds_something_is_left_alone()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "mine.mp3"), "kept");

        var fault = Assert.Throws<ArgumentException>(
            () => LabMusic.Write(World, _folder.FullName, 9, Length, cancellation: TestContext.Current.CancellationToken));

        Assert.Contains(_folder.FullName, fault.Message, StringComparison.Ordinal);
        Assert.Single(_folder.GetFileSystemInfos());
    }
}
