using System.Globalization;
using Segue.Core;
using Segue.Events;
using Segue.Radio.State;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests.State;

/// <summary>The fold of the log, saved and gone on from.</summary>
public sealed class SavedStateTests : LoggedRadioTest, IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("segue-state-");

    private StateFolder Folder => new(Path.Combine(_place.FullName, "state"));

    public void Dispose() => _place.Delete(recursive: true);

    /// <param name="between">Done before each owner's part is copied.</param>
    private Task<long> SaveAsync(RadioStation station, Action? between = null) => station.SaveAsync(
        Folder, Pseudonyms,
        work =>
        {
            between?.Invoke();
            work(Told.Count);
            return Task.CompletedTask;
        },
        offset => offset > 0 ? Told[(int)offset - 1].Event.Key.Value : 0,
        TestContext.Current.CancellationToken);

    private RadioStation Restore()
    {
        var (station, saved) = (Station(), SavedState.Open(Folder.Newest()!, threads: 2));
        Assert.True(station.Restore(saved, Pseudonyms, DateTimeOffset.MinValue));
        Told.Skip((int)saved.Position).ToList().ForEach(logged => station.Recall(logged, Pseudonyms, DateTimeOffset.MinValue));
        return station;
    }

    private static string Text(TrackList list) => string.Join('\n', list.Tracks);

    private static void AssertSame(RadioStation station, RadioStation other, IEnumerable<SessionId> sittings)
    {
        foreach (var session in sittings)
        {
            Assert.Equal(Text(station.Next(session, 12)), Text(other.Next(session, 12)));
        }
        for (var n = 0; n < 4; n++)
        {
            var listener = TinyWorld.Listener(n);
            Assert.Equal(station.Repertoire.NotNewTo(listener), other.Repertoire.NotNewTo(listener));
            Assert.Equal(Text(station.Recommend(listener, 12)), Text(other.Recommend(listener, 12)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whoever_goes_on_from_a_state_that_was_saved_in_the_middle_of_events_answers_as_the_station_that_took_them(int seed)
    {
        var (station, chance, sittings, between) = (Station(), new Random(seed), new List<(SessionId Id, ListenerId Listener)>(), 0);
        for (var round = 0; round < 3; round++)
        {
            for (var step = 0; step < 8; step++)
            {
                DoAnything(station, chance, sittings);
            }
            await SaveAsync(station, () =>
            {
                if (chance.Next(32) == 0)
                {
                    DoAnything(station, chance, sittings);
                    between++;
                }
            });
            for (var step = 0; step < 5; step++)
            {
                DoAnything(station, chance, sittings);
            }
            AssertSame(station, Restore(), sittings.Select(sitting => sitting.Id));
        }
        Assert.InRange(between, 5, 100);
        AssertSame(Recall(), Restore(), sittings.Select(sitting => sitting.Id));
    }

    [Fact]
    public async Task A_restored_radio_can_be_saved_and_restored_again()
    {
        var (station, chance, sittings) = (Station(), new Random(5), new List<(SessionId Id, ListenerId Listener)>());
        for (var round = 0; round < 2; round++)
        {
            for (var step = 0; step < 10; step++)
            {
                DoAnything(station, chance, sittings);
            }
            await SaveAsync(station);
            station = Restore();
        }

        AssertSame(Recall(), station, sittings.Select(sitting => sitting.Id));
    }

    [Fact]
    public async Task Only_what_a_log_keeps_is_saved_and_sittings_that_began_too_long_ago_are_over()
    {
        var station = Station();
        var old = Begin(station, TinyWorld.Listener(1));
        Time.Advance(TimeSpan.FromMinutes(1));
        var since = Time.GetUtcNow();
        var kept = Begin(station, TinyWorld.Listener(1));
        var hidden = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 3, isPrivate: true).Session;
        var nobody = station.Start(null, RadioSeeds.None, 3).Session;
        await SaveAsync(station);

        var restored = Station();
        Assert.True(restored.Restore(SavedState.Open(Folder.Newest()!, threads: 1), Pseudonyms, since));

        Assert.Equal(Text(station.Next(kept, 9)), Text(restored.Next(kept, 9)));
        Assert.All([old, hidden, nobody], session => Assert.Throws<NotKnownException>(() => restored.Next(session, 1)));
    }

    [Fact]
    public async Task A_sitting_that_went_on_over_new_models_with_its_own_history_is_not_saved()
    {
        var station = Station();
        var session = Begin(station, TinyWorld.Listener(1));
        station.GoOnAs(Station());
        await SaveAsync(station);

        Assert.NotNull(station.Next(session, 1));
        Assert.Throws<NotKnownException>(() => Restore().Next(session, 1));
    }

    [Fact]
    public async Task A_listener_who_is_forgotten_is_in_no_byte_of_the_next_state()
    {
        var station = Station();
        var listener = new ListenerId("00112233445566778899aabbccddeeff");
        byte[][] names = [System.Text.Encoding.UTF8.GetBytes(listener.Value), Convert.FromHexString(listener.Value)];
        React(station, Begin(station, listener), Played(2), Voted(3, VoteValue.Down));
        await SaveAsync(station);
        var before = await File.ReadAllBytesAsync(Folder.Newest()!, TestContext.Current.CancellationToken);
        Assert.All(names, name => Assert.True(before.AsSpan().IndexOf(name) >= 0));

        station.Forget(listener);
        Log(station, new() { Kind = EventKind.Follow, Key = new(99), Listener = TinyWorld.Listener(1), At = Time.GetUtcNow(), Artist = new("artist1") });   // another position
        await SaveAsync(station);

        var after = await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(Path.Combine(_place.FullName, "state"))), TestContext.Current.CancellationToken);
        Assert.All(names, name => Assert.Equal(-1, after.AsSpan().IndexOf(name)));
        Assert.Equal(1, Folder.Clear());
        Assert.Null(Folder.Newest());
    }

    [Fact]
    public async Task A_listener_of_the_data_who_is_forgotten_is_in_no_byte_of_the_next_state_either()
    {
        var (station, listener, key) = (Station(), TinyWorld.Listener(3), new byte[16]);
        ListenerKey.Of(listener).Write(key);
        React(station, Begin(station, listener), Played(2));
        await SaveAsync(station);
        Assert.True((await File.ReadAllBytesAsync(Folder.Newest()!, TestContext.Current.CancellationToken)).AsSpan().IndexOf(key) >= 0);

        station.Forget(listener);
        Log(station, new() { Kind = EventKind.Follow, Key = new(99), Listener = TinyWorld.Listener(1), At = Time.GetUtcNow(), Artist = new("artist1") });   // another position
        await SaveAsync(station);

        Assert.Equal(-1, (await File.ReadAllBytesAsync(Folder.Newest()!, TestContext.Current.CancellationToken)).AsSpan().IndexOf(key));
    }

    [Fact]
    public async Task A_state_of_other_models_data_or_tracks_is_refused_and_changes_nothing()
    {
        var station = Station();
        React(station, Begin(station, TinyWorld.Listener(1)), Played(2));
        await SaveAsync(station);
        var saved = SavedState.Open(Folder.Newest()!, threads: 1);
        var options = new RadioOptions();

        var later = new RadioStation(new Repertoire(TinyWorld.Data, TinyWorld.Models, options, Time) { LogEnd = 1 }, options, Sink, Time);
        Assert.False(later.Restore(saved, Pseudonyms, DateTimeOffset.MinValue));
        var grown = Station();
        grown.Use(grown.Repertoire.WithTracks([TinyWorld.Data.Catalogue.Tracks[0] with { Id = new("another") }], new(1, TinyWorld.Models.Taste.ItemFactors.Columns)));
        Assert.False(grown.Restore(saved, Pseudonyms, DateTimeOffset.MinValue));

        Assert.Equal(0, later.Sessions);
        Assert.Equal(Text(Station(options).Recommend(TinyWorld.Listener(1), 9)), Text(later.Recommend(TinyWorld.Listener(1), 9)));
    }

    [Fact]
    public async Task Any_changed_byte_and_any_missing_end_is_noticed()
    {
        var station = Station();
        for (var n = 0; n < 6; n++)
        {
            React(station, Begin(station, TinyWorld.Listener(n)), Played(2), Voted(3, VoteValue.Down));
        }
        await SaveAsync(station);
        var path = Folder.Newest()!;
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var told = Enumerable.Range(0, whole.Length).Where(at => whole[at] != 0).ToList();   // what is 0 may be room between the parts
        var chance = new Random(1);
        for (var n = 0; n < 60; n++)
        {
            var damaged = whole.ToArray();
            damaged[told[chance.Next(told.Count)]] ^= (byte)(1 << chance.Next(8));
            await File.WriteAllBytesAsync(path, damaged, TestContext.Current.CancellationToken);
            Assert.StartsWith(path + " is no whole state of listeners: ", Assert.Throws<InvalidDataException>(() => Open(path)).Message, StringComparison.Ordinal);
        }
        foreach (var length in (int[])[0, 100, told[^1]])
        {
            await File.WriteAllBytesAsync(path, whole.AsMemory(0, length), TestContext.Current.CancellationToken);
            Assert.Throws<InvalidDataException>(() => Open(path));
        }
    }

    private static SavedState Open(string path)
    {
        try
        {
            return SavedState.Open(path, threads: 1);
        }
        catch (AggregateException several)
        {
            throw several.InnerException!;
        }
    }

    [Fact]
    public async Task A_saving_that_is_broken_off_leaves_the_state_before_it_and_no_draft()
    {
        var station = Station();
        var session = Begin(station, TinyWorld.Listener(1));
        await SaveAsync(station);
        var before = Folder.Newest()!;
        React(station, session, Played(2));
        var parts = 0;

        await Assert.ThrowsAsync<IOException>(() => SaveAsync(station, () => _ = ++parts < 100 ? 0 : throw new IOException("no more room")));

        Assert.Equal(before, Assert.Single(Directory.GetFiles(Path.GetDirectoryName(before)!)));
        AssertSame(station, Restore(), [session]);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(before));
        }
        Assert.Equal(1.ToString("D18", CultureInfo.InvariantCulture) + ".state", Path.GetFileName(before));
    }
}
