using Segue.Core;
using Segue.Events.Catalogue;
using Segue.Events.Importing;
using Segue.Events.Relational.Rows;
using Segue.Events.Tests.Importing;
using Segue.Events.Tests.Relational;

namespace Segue.Events.Tests.Catalogue;

public sealed class CatalogueTests(PostgresServer server)
{
    private static readonly CatalogueColumns SongJson = new()
    {
        Id = "song_id", Title = "title", ArtistId = "artist_id", ArtistName = "artist_name", Duration = "duration", Released = "year",
    };

    private static readonly CatalogueRecording Full = new(
        new(new("t1"), "Déjà \"vu\"", new(new("a1"), "Ada, & Co"), "jazz", ["cool", "née", "a,b"], TimeSpan.FromMilliseconds(218_932)),
        "5b11f4ce-a62d-471e-81fc-a69a8278c7da", "USRC17607839", new DateOnly(1982, 1, 1));

    private static readonly CatalogueRecording Bare = new(new(new("t2"), "", new(new("a1"), "Ada, & Co"), null, [], null), null, null);

    public static TheoryData<string> Kinds => RelationalWorld.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_put_in_comes_out_again_and_can_be_taken_out(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var catalogue = new CatalogueStore(store);
        catalogue.Upsert([Full with { Track = Full.Track with { Artist = new(Full.Track.Artist.Id, "Old name") } }]);

        Assert.Equal(2, catalogue.Upsert([Bare, Full]));

        AssertEqual([Full, Bare], catalogue.ReadAll());
        AssertEqual([Full], [catalogue.Find(new("t1"))!]);
        Assert.Null(catalogue.Find(new("t3")));
        Assert.Equal(1, catalogue.Delete(new TrackId("t1"), new("t9")));
        Assert.Equal((1, 0), (catalogue.Delete(new TrackId("t2")), catalogue.Count()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rows_become_tracks_and_a_second_import_changes_nothing(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var catalogue = new CatalogueStore(store);
        var options = new CatalogueImportOptions
        {
            Columns = new()
            {
                Id = "id", Title = "t", ArtistId = "aid", ArtistName = "a", Duration = "ms", Genre = "g", Tags = "tags", Mbid = "mb", Isrc = "isrc", Released = "d",
            },
            DurationUnit = DurationUnit.Milliseconds,
            TagSeparator = ';',
        };
        const string Csv = """"
            id,t,aid,a,ms,g,tags,mb,isrc,d
            t1,"Déjà ""vu""",a1,"Ada, & Co",218932,jazz,"cool; née;a,b;cool",5B11F4CE-A62D-471E-81FC-A69A8278C7DA,us-rc1-76-07839,1982
            t2,,a1,"Ada, & Co",0,,,,,0

            """";

        var report = Import(catalogue, new DelimitedRows(Texts.Of(Csv)), options);
        Import(catalogue, new DelimitedRows(Texts.Of(Csv)), options);

        Assert.Equal((2, 2), (report.Accepted, report.LinesRead));
        AssertEqual([Full, Bare], catalogue.ReadAll());
    }

    [Theory]
    [InlineData("""{"id":"1","t":"x","a":"y","mb":"5b11f4ce"}""", "'5b11f4ce' is no MusicBrainz id")]
    [InlineData("""{"id":"1","t":"x","a":"y","isrc":"USRC1760783"}""", "'USRC1760783' is no ISRC")]
    [InlineData("""{"id":"1","t":"x","a":"y","len":-1}""", "the duration '-1' is no number of seconds from 0 to a day")]
    [InlineData("""{"id":"1","t":"x","a":"y","len":90000}""", "the duration '90000' is no number of seconds from 0 to a day")]
    [InlineData("""{"id":"1","t":"x","a":"y","d":"1859"}""", "the release date '1859' is no yyyy-MM-dd, yyyy-MM or yyyy from 1860 to 2100")]
    [InlineData("""{"id":"1","t":"x","a":"y","tags":[1]}""", "the tags are no JSON array of strings")]
    [InlineData("""{"id":"1\u0000","t":"x","a":"y"}""", "the track id holds the control character U+0000 at position 1")]
    [InlineData("""{"t":"x","a":"y"}""", "the track id is missing")]
    [InlineData("""{"id":"1","t":"x"}""", "the artist's name is missing")]
    [InlineData("""{"id":"0","t":"another","a":"Ada"}""", "the track '0' came before, with other facts")]
    public async Task Bad_row_is_told_with_its_place_and_the_allowed_range(string row, string reason)
    {
        using var world = await RelationalWorld.CreateAsync("sqlite", server);
        using var store = world.Open();
        const string Good = """{"id":"0","t":"x","a":"Ada","mb":null,"isrc":null,"len":1.5,"d":"2001-02","tags":["one","two"]}""";
        var options = new CatalogueImportOptions
        {
            Columns = new() { Id = "id", Title = "t", ArtistName = "a", Duration = "len", Tags = "tags", Mbid = "mb", Isrc = "isrc", Released = "d" },
            BadLines = BadLineBudget.Parse("1"),
        };

        var report = Import(new(store), new JsonRows([Texts.Of($"{Good}\n{Good}\n{row}", "songs")]), options);

        Assert.StartsWith($"songs:3: {reason}", Assert.Single(report.Faults).ToString(), StringComparison.Ordinal);
        Assert.Equal((2, 1), (report.Accepted, report.Counters[CatalogueImporter.RepeatedRows]));
        var only = Assert.Single(new CatalogueStore(store).ReadAll());
        Assert.Equal((new ArtistId("Ada"), new DateOnly(2001, 2, 1), TimeSpan.FromSeconds(1.5)), (only.Track.Artist.Id, only.ReleasedOn, only.Track.Length));
    }

    [Fact]
    public async Task First_name_of_an_artist_is_kept_and_others_are_counted()
    {
        using var world = await RelationalWorld.CreateAsync("sqlite", server);
        using var store = world.Open();
        var rows = new JsonRows([Texts.Of("""
            {"song_id":"1","title":"x","artist_id":"a","artist_name":"Ada\u0096","duration":1,"year":0}
            {"song_id":"2","title":"y","artist_id":"a","artist_name":"Ada feat. Bob","duration":1,"year":0}
            """)]);

        var report = Import(new(store), rows, new() { Columns = SongJson });

        Assert.Equal(1, report.Counters[CatalogueImporter.ArtistsRenamed]);
        Assert.Equal(["Ada"], new CatalogueStore(store).ReadAll().Select(recording => recording.Track.Artist.Name).Distinct());
    }

    [Fact]
    public void Song_files_of_the_Sparkify_data_are_imported_and_the_copy_among_them_is_no_fault()
    {
        var files = PublicData.Folder(Path.Combine("sparkify-events", "songs")).GetFiles("*.json").OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        using var folder = new TemporaryFolder();

        var report = Run(new(new(folder.Path), JsonRows.OfFiles(files), new() { Columns = SongJson }));

        Assert.Equal((files.Count, files.Count, 1), (report.LinesRead, report.Accepted, report.Counters[CatalogueImporter.RepeatedRows]));
        using var store = Segue.Events.Relational.RelationalStore.Open(new(folder.Path));
        Assert.Equal(files.Count - 1, new CatalogueStore(store).Count());
        var deep = new CatalogueStore(store).Find(new("SOCIWDW12A8C13D406"))!;
        Assert.Equal(("Soul Deep", "The Box Tops", 148_035, new DateOnly(1969, 1, 1)), (deep.Track.Title, deep.Track.Artist.Name, (int)deep.Track.Length!.Value.TotalMilliseconds, deep.ReleasedOn));
    }

    [Fact]
    public void Ten_thousand_songs_of_the_Million_Song_Dataset_are_imported()
    {
        var file = PublicData.Folder("msd-10k").GetFiles("music.csv").Single();
        using var folder = new TemporaryFolder();
        var options = new CatalogueImportOptions
        {
            Columns = new()
            {
                Id = "song.id", Title = "title", ArtistId = "artist.id", ArtistName = "artist.name", Duration = "duration", Genre = "terms", Released = "year",
            },
        };

        var report = Run(new(new(folder.Path), DelimitedRows.OfFile(file), options));

        Assert.Equal((10_000, 10_000), (report.LinesRead, report.Accepted));
        using var store = Segue.Events.Relational.RelationalStore.Open(new(folder.Path));
        Assert.Equal(10_000, new CatalogueStore(store).ReadAll().Count(recording => recording.Track.Length > TimeSpan.Zero));
    }

    private static ImportReport Run(CatalogueImport import) => CatalogueImporter.Run(import, null, TestContext.Current.CancellationToken);

    private static ImportReport Import(CatalogueStore catalogue, IRowSource rows, CatalogueImportOptions options)
        => CatalogueImporter.Import(catalogue, rows, options, null, TestContext.Current.CancellationToken);

    private static void AssertEqual(IEnumerable<CatalogueRecording> expected, IEnumerable<CatalogueRecording> actual)
        => Assert.Equal(expected.Select(Text), actual.Select(Text));

    private static string Text(CatalogueRecording recording) => $"{recording with { Track = recording.Track with { Tags = [] } }} {string.Join('|', recording.Track.Tags)}";
}
