using System.Text;
using Microsoft.Data.Sqlite;
using Segue.Core;
using Segue.Events.DeadLetters;

namespace Segue.Events.Tests.DeadLetters;

public sealed class DeadLetterStoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private static readonly ListenerId Ann = new("9f86d081884c7d659a2feaa0c55ad015"), Ben = new("3fdba35f04dc8c462986c992bcf87554");
    private DeadLetterStore? _store;

    private DeadLetterStore Store => _store ??= new(_folder["store/dead-letters.db"]);

    [Fact]
    public void A_letter_is_kept_as_it_came()
    {
        var letter = new DeadLetter("/data/a.json", 17, 4_096, Noon, "bad-time", "field ts", new byte[] { 0, 0xFF, (byte)'{' }, "sparkify@1", Ann);

        Assert.Equal(1, Store.Add([letter]));
        Reopen();

        var stored = Assert.Single(Store.List(null, 0, 10));
        Assert.Equal(letter.Raw.ToArray(), stored.Letter.Raw.ToArray());
        Assert.Equal(letter, stored.Letter with { Raw = letter.Raw });
        Assert.Equal((3, false, null), (stored.RawLength, stored.IsCut, stored.ReplayedAt));
    }

    [Fact]
    public void An_equal_letter_is_kept_once_and_another_text_at_its_place_too()
    {
        Assert.Equal(2, Store.Add([Letter("one", line: 1), Letter("one", line: 2), Letter("one", line: 1)]));
        Assert.Equal(1, Store.Add([Letter("one", line: 1), Letter("other", line: 1)]));
        Assert.Equal(3, Store.List(null, 0, 10).Count);
    }

    [Fact]
    public void A_long_letter_is_cut_and_says_so()
    {
        Store.Add([Letter(new string('x', 70_000))]);

        var stored = Assert.Single(Store.List(null, 0, 10));
        Assert.Equal((DeadLetterStore.MaxRawBytes, 70_000, true), (stored.Letter.Raw.Length, stored.RawLength, stored.IsCut));
    }

    [Fact]
    public void Letters_are_counted_and_listed_by_reason_in_pages()
    {
        Store.Add([.. Enumerable.Range(1, 7).Select(n => Letter($"{n}", line: n, reason: n % 2 == 0 ? "even" : "odd"))]);

        Assert.Equal("even 3, odd 4", string.Join(", ", Store.CountByReason().Select(entry => $"{entry.Key} {entry.Value}")));
        var page = Store.List("odd", 0, 3);
        Assert.Equal([1, 3, 5], page.Select(stored => stored.Letter.Position));
        Assert.Equal([7], Store.List("odd", page[^1].Id, 3).Select(stored => stored.Letter.Position));
    }

    [Fact]
    public void A_replayed_letter_waits_no_more_and_is_not_taken_in_again()
    {
        Store.Add([Letter("one", line: 1), Letter("two", line: 2), Letter("three", line: 3)]);
        Store.MarkReplayed([1], Noon.AddHours(1));
        Store.Delete([2]);

        Assert.Equal([3], Store.List(null, 0, 10).Select(stored => stored.Id));
        Assert.Equal(1, Store.CountByReason()["bad"]);
        Assert.Equal(0, Store.Add([Letter("one", line: 1)]));
    }

    [Fact]
    public void Letters_go_by_age_and_when_there_are_too_many_bytes_the_oldest_go()
    {
        Store.Add([Letter("old", line: 1, at: Noon.AddDays(-31)), Letter("new", line: 2)]);
        Assert.Equal(1, Store.DeleteReceivedBefore(Noon.AddDays(-30)));
        Assert.Equal([2], Store.List(null, 0, 10).Select(stored => stored.Letter.Position));
        _store!.Dispose();

        _store = new(_folder["store/dead-letters.db"], maxTotalBytes: 10);
        Assert.Equal(3, Store.Add([Letter("abcd", line: 3), Letter("efgh", line: 4), Letter("i", line: 5)]));
        Assert.Equal([3, 4, 5], Store.List(null, 0, 10).Select(stored => stored.Letter.Position));
        Store.Add([Letter("j", line: 6), Letter("k", line: 7)]);
        Assert.Equal([4, 5, 6, 7], Store.List(null, 0, 10).Select(stored => stored.Letter.Position));
    }

    [Theory]
    [InlineData("""{"user":"ann-52"}""", true)]
    [InlineData("""{"user":"\u0061nn\u002d52"}""", true)]
    [InlineData("""{"user":"x\nann-52\t"}""", true)]
    [InlineData("""{"user":ann-52""", true)]
    [InlineData("""{"ann-52":1}""", true)]
    [InlineData("""{"user":"ann-521"}""", false)]
    [InlineData("""{"user":"joann-52"}""", false)]
    [InlineData("""{"user":"Ann-52"}""", false)]
    [InlineData("""{"user":"ann-5\u00322"}""", false)]
    public void Erasing_finds_a_person_by_the_whole_id_however_it_is_written(string raw, bool found)
    {
        Store.Add([Letter(raw), Letter("somebody else", line: 2)]);

        Assert.Equal(found ? 1 : 0, Store.Erase([Ann], "ann-52", Noon));
        Assert.Equal(found ? 1 : 2, Store.List(null, 0, 10).Count);
    }

    [Fact]
    public void A_short_id_is_found_between_quotes_only_and_in_the_letters_of_nobody_else()
    {
        Store.Add(
        [
            Letter("""{"track":52,"heardSeconds":52}""", line: 1), Letter("""{"user":"52"}""", line: 2), Letter("""{"track":"52"}""", line: 3) with { Listener = Ben },
            Letter("{}", line: 4) with { Listener = Ann }, Letter("user:52", line: 52),
        ]);

        Assert.Equal(2, Store.Erase([Ann], "52", Noon));

        Assert.Equal([1, 3, 52], Store.List(null, 0, 10).Select(stored => stored.Letter.Position));
    }

    [Fact]
    public void A_letter_of_somebody_else_goes_too_when_it_holds_what_is_unmistakably_the_persons()
    {
        Store.Add([Letter("""{"playlist":"ann@example.org"}""") with { Listener = Ben }, Letter("""{"session":"9f86d081884c7d659a2feaa0c55ad015"}""", line: 2) with { Listener = Ben }]);

        Assert.Equal(2, Store.Erase([Ann], "ann@example.org", Noon));
    }

    [Fact]
    public void An_erased_letter_does_not_come_back_with_the_same_source_until_its_note_is_old()
    {
        Store.Add([Letter("ann's", line: 1) with { Listener = Ann }, Letter("ben's", line: 2) with { Listener = Ben }]);
        Store.Erase([Ann], "ann@example.org", Noon);
        Reopen();

        Assert.Equal(1, Store.Add([Letter("ann's", line: 1), Letter("ben's", line: 2), Letter("ann's later", line: 3) with { Listener = Ann }]));

        Store.DeleteReceivedBefore(Noon.AddDays(1));
        Assert.Equal(1, Store.Add([Letter("ann's", line: 1)]));
    }

    [Fact]
    public void The_letters_of_a_listener_are_found_under_each_next_pseudonym()
    {
        Store.Add([Letter("1", line: 1) with { Listener = Ann }, Letter("2", line: 2) with { Listener = Ben }, Letter("3", line: 3)]);

        for (var run = 0; run < 2; run++)   // the second does nothing: it was done
        {
            Store.Rekey(2, before => before == Ann.Value ? "d4735e3a265e16eee03f59718b9b5d03" : before);
        }

        Assert.Empty(Store.Of(Ann));
        Assert.Equal([1], Store.Of(new("d4735e3a265e16eee03f59718b9b5d03")).Select(stored => stored.Letter.Position));
        Assert.False(Holds(Ann.Value));
    }

    [Fact]
    public void A_file_of_before_letters_knew_whose_they_are_is_taken_over()
    {
        Directory.CreateDirectory(_folder["store"]);
        using (var old = Files.SqliteFile.Open(_folder["store/dead-letters.db"]))
        {
            using var command = old.CreateCommand();
            command.CommandText = """
                CREATE TABLE dead_letters (
                    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, position INTEGER NOT NULL, byte_offset INTEGER,
                    received_at INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT, raw BLOB NOT NULL, raw_length INTEGER NOT NULL,
                    raw_hash BLOB NOT NULL, mapping TEXT, replayed_at INTEGER, UNIQUE (source, position, raw_hash));
                INSERT INTO dead_letters VALUES (1, 'a', 1, NULL, 0, 'bad', NULL, X'7B7D', 2, X'00', NULL, NULL);
                """;
            command.ExecuteNonQuery();
        }

        Store.Add([Letter("new") with { Listener = Ann }]);

        Assert.Equal([null, Ann], Store.List(null, 0, 10).Select(stored => stored.Letter.Listener));
    }

    [Fact]
    public void After_erasing_no_file_holds_a_byte_of_it()
    {
        var secret = "listener-é-7c1e";
        Store.Add([.. Enumerable.Range(0, 500).Select(n => Letter(n % 3 == 0 ? $"{{\"user\":\"{secret}\",\"n\":{n}}}" : $"{{\"user\":\"other\",\"n\":{n}}}", line: n))]);
        Store.Add([new("/data/x.json", 1, null, Noon, "bad", $"about {secret}", "{}"u8.ToArray(), null)]);
        Store.Delete([4]);
        Assert.True(Holds(secret));

        Assert.Equal(167, Store.Erase([Ann], secret, Noon));

        Assert.False(Holds(secret));
        Assert.Equal(333, Store.CountByReason()["bad"]);
        Reopen();
        Assert.False(Holds(secret));
    }

    [Fact]
    public void Its_owner_alone_reads_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps its rights elsewhere.");
        Store.Add([Letter("personal")]);

        Assert.All(Directory.EnumerateFiles(_folder["store"]), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(file)));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        Directory.CreateDirectory(_folder["store"]);
        File.WriteAllText(_folder["store/dead-letters.db"], new string('x', 5_000));

        Assert.Throws<SqliteException>(() => Store);
    }

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    private static DeadLetter Letter(string raw, long line = 1, string reason = "bad", DateTimeOffset? at = null)
        => new("/data/x.json", line, null, at ?? Noon, reason, null, Encoding.UTF8.GetBytes(raw), null);

    private static UnixFileMode ModeOf(string file)
        => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(file);

    private bool Holds(string text) => Directory.EnumerateFiles(_folder["store"]).Any(file => Read(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void Reopen()
    {
        _store?.Dispose();
        _store = null;
    }
}
