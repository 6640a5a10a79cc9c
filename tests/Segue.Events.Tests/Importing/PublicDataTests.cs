using Segue.Events.Importing;
using Segue.Events.Storage;

namespace Segue.Events.Tests.Importing;

/// <summary>The readers on the published files themselves, whose sizes are known.</summary>
public sealed class PublicDataTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void HetRec_2011_is_read_whole_and_its_oddities_are_counted()
    {
        var data = HetRecImporter.Read(PublicData.Folder("lastfm-hetrec2011"), BadLineBudget.None, null, Cancellation);

        Assert.Equal((17_632, 11_946, 92_834), (data.Artists.Count, data.Tags.Count, data.Plays.Count));
        Assert.Equal((186_479, 25_434, 1_892), (data.TagAssignments.Count, data.FriendLinks.Count, data.Users().Count));
        Assert.Equal(390, data.Report.Counters[HetRecImporter.UnknownArtistsTagged]);
        Assert.Equal(1_538, data.Report.Counters[HetRecImporter.TagAssignmentsOfUnknownArtists]);
        Assert.Equal(5, data.Report.Counters[HetRecImporter.ImpossibleTagDates]);
        Assert.Equal(5, data.TagAssignments.Count(assignment => assignment.Date is null));
        Assert.Equal((1, 352_698), (data.Plays.Min(play => play.Value), data.Plays.Max(play => play.Value)));
        Assert.Equal(334_325, data.Report.Accepted);
        Assert.Equal(
            (0, 0, 0),
            (data.Report.Counters[HetRecImporter.PlaysOfUnknownArtists], data.Report.Counters[HetRecImporter.TagAssignmentsOfUnknownTags],
                data.Report.Counters[HetRecImporter.FriendLinksNotMirrored]));
    }

    [Fact]
    public void HetRec_2011_comes_back_from_a_store_as_it_went_in()
    {
        var data = HetRecImporter.Read(PublicData.Folder("lastfm-hetrec2011"), BadLineBudget.None, null, Cancellation);
        using var folder = new TemporaryFolder();
        using (var writer = new StoreWriter(folder["store"], "HetRec 2011", TimeProvider.System))
        {
            data.WriteTo(writer);
            writer.Commit();
        }

        var store = Store.Open(folder["store"]);

        store.Verify();
        Assert.Equal(data.Plays, store.ReadInteractions());
        Assert.Equal(data.Users(), store.ReadListeners().Select(listener => listener.Id.Value));
        Assert.Equal(
            data.Catalogue().Select(track => (track.Id, track.Title, track.Genre, string.Join('|', track.Tags))),
            store.ReadCatalogue().Select(track => (track.Id, track.Title, track.Genre, string.Join('|', track.Tags))));
        Assert.Equal(0, store.Manifest.ItemsWithoutCatalogueEntry);
    }

    [Theory]
    [InlineData("lastfm-lightgcn-split/data1.txt", 42_135)]
    [InlineData("lastfm-lightgcn-split/test1.txt", 10_533)]
    [InlineData("lastfm-deepcf-split/lastfm.train.rating", 67_408)]
    [InlineData("lastfm-deepcf-split/lastfm.test.rating", 1_741)]
    public void Published_splits_are_read_without_a_bad_line(string file, int rows)
    {
        var options = new DelimitedOptions { HasHeader = false, Fields = new() { User = "1", Item = "2", Value = "3" } };

        Assert.Equal(rows, DelimitedReader.Read(Source(file), options, Texts.Tally("0"), null, Cancellation).Count());
    }

    [Fact]
    public void Published_sequences_are_read_without_a_bad_line()
    {
        var sequences = SequenceReader.ReadSequences(Source("lastfm-s3rec-sequences/LastFM.txt"), Texts.Tally("0"), null, Cancellation).ToList();

        Assert.Equal((1_090, 52_551), (sequences.Count, sequences.Sum(sequence => sequence.Items.Count)));
    }

    [Theory]
    [InlineData("lastfm-deepcf-split/lastfm.test.negative", 1_741, true)]
    [InlineData("lastfm-s3rec-sequences/LastFM_sample.txt", 1_090, false)]
    public void Published_negatives_are_ninety_nine_for_each_user(string file, int users, bool withHeldOut)
    {
        var rows = SampledNegativesReader.Read(Source(file), Texts.Tally("0"), null, Cancellation).ToList();

        Assert.Equal(users, rows.Count);
        Assert.All(rows, row => Assert.Equal((99, withHeldOut), (row.Items.Count, row.HeldOut is not null)));
    }

    private static TextSource Source(string file)
        => TextSource.File(new(Path.Combine(PublicData.Folder(Path.GetDirectoryName(file)!).FullName, Path.GetFileName(file))));
}
