using Segue.Core;
using Segue.Events.Analytics;
using Segue.Events.Objects;

namespace Segue.Events.Compaction;

/// <summary>Brings the log's events into Parquet files (zstd), one for each UTC day, and takes them out again where someone must be forgotten.</summary>
/// <remarks>
/// <para>A day's bytes depend on the set of its events alone: not on order, resending or the number of runs. Each change writes new
/// files first, then replaces <see cref="EventManifest"/> in one step, then removes what the manifest no longer names; a run that is
/// cut off leaves the old state, and the next one sweeps its leftovers.</para>
/// <para>One compactor at a time writes a store, and nobody reads files of an old manifest meanwhile: the host sees to it.
/// Memory: <see cref="CompactorOptions.MemoryMiB"/> for any number of events; the rest spills into the work folder.</para>
/// </remarks>
/// <param name="workFolder">For this compactor alone: what lies in it is removed.</param>
public sealed class EventCompactor(IObjectStore objects, string workFolder, CompactorOptions? options = null)
{
    private readonly CompactorOptions _options = options ?? new();

    /// <summary>Adds the log's events up to <paramref name="end"/>. A second call with the same end changes nothing.</summary>
    /// <param name="events">The log from <see cref="EventManifest.Offset"/> on; what lies before that or from <paramref name="end"/> on is passed over.</param>
    /// <param name="end">The log's offset after the last event to take.</param>
    /// <exception cref="InvalidDataException">The manifest is damaged.</exception>
    public async Task<CompactionResult> CompactAsync(
        IEnumerable<LoggedEvent> events, long end, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var manifest = await BeginAsync(cancellation);
        if (end <= manifest.Offset)
        {
            return new(manifest.Offset, 0, 0, 0);
        }
        using var writer = new DayWriter(workFolder, _options);
        var (read, touched) = writer.Load(events, manifest.Offset, end, progress, cancellation);
        var days = manifest.Days.ToDictionary(day => day.Day);
        var (done, total, written) = (0L, touched.Sum(day => day.Rows), 0);
        foreach (var (day, rows) in touched)
        {
            var old = days.GetValueOrDefault(day);
            var source = DayWriter.IncomingOf(day);
            if (old is not null)
            {
                source = $"({source} UNION ALL {DayWriter.FilesOf(await objects.LocalFileAsync(old.ObjectName, cancellation))})";
            }
            if (await PutAsync(writer, day, source, old, cancellation) is { } now && now != old)
            {
                days[day] = now;
                written++;
            }
            progress?.Report(new("write days", done += rows, total));
        }
        var next = manifest with { Offset = end, Days = Sorted(days.Values) };
        await PublishAsync(next, cancellation);
        return new(end, read, Rows(next) - Rows(manifest), written);
    }

    /// <summary>Removes all events of listeners. The log must have forgotten them before, or the next compaction brings them back.</summary>
    /// <param name="since">Only events at or after it; null: all.</param>
    /// <returns>What was removed; nothing when they have no event.</returns>
    public async Task<CompactionErasure> EraseAsync(
        IReadOnlyCollection<ListenerId> listeners, DateTimeOffset? since = null, CancellationToken cancellation = default)
    {
        var manifest = await BeginAsync(cancellation);
        if (manifest.Days.Count == 0 || listeners.Count == 0)
        {
            return new(0, []);
        }
        using var writer = new DayWriter(workFolder, _options);
        var names = DuckDbConnection.Literal(listeners.Select(listener => listener.Value));
        var isMeant = $"listener IN {names}" + (since is { } first ? $" AND happened_at >= {DuckDbConnection.Literal(first)}" : "");
        return await RewriteAsync(
            manifest,
            writer,
            file => writer.Connection.Count($"SELECT count(*) FROM {DayWriter.FilesOf(file)} WHERE {isMeant}", cancellation) > 0,
            file => $"(FROM {DayWriter.FilesOf(file)} WHERE NOT ({isMeant}))",
            next => next,
            cancellation);
    }

    /// <summary>Gives every listener the pseudonym of the next key.</summary>
    /// <param name="keys">How many keys the pseudonyms have passed afterwards. Nothing happens when the files are there already.</param>
    public async Task RekeyAsync(int keys, Func<ListenerId, ListenerId> next, CancellationToken cancellation = default)
    {
        var manifest = await BeginAsync(cancellation);
        if (manifest.Keys >= keys)
        {
            return;
        }
        using var writer = new DayWriter(workFolder, _options);
        writer.Connection.Execute("CREATE TABLE names (old VARCHAR, new VARCHAR)", cancellation);
        await RewriteAsync(manifest, writer, _ => true, Rekeyed, rewritten => rewritten with { Keys = keys }, cancellation);

        string Rekeyed(string file)
        {
            FillNames(writer.Connection, file, next, cancellation);
            var columns = EventTable.Columns.Replace("\"listener\"", "names.new AS listener", StringComparison.Ordinal);
            return $"(SELECT {columns} FROM {DayWriter.FilesOf(file)} AS day JOIN names ON day.listener = names.old)";
        }
    }

    /// <summary>Removes the days before one: retention by age.</summary>
    /// <returns>The days removed.</returns>
    public async Task<IReadOnlyList<DateOnly>> DropBeforeAsync(DateOnly first, CancellationToken cancellation = default)
    {
        var manifest = await BeginAsync(cancellation);
        var dropped = manifest.Days.Where(day => day.Day < first).Select(day => day.Day).ToList();
        if (dropped.Count > 0)
        {
            await PublishAsync(manifest with { Days = [.. manifest.Days.Where(day => day.Day >= first)] }, cancellation);
        }
        return dropped;
    }

    /// <summary>Reads every file and compares it with the manifest: finds every flipped bit. Cost: one pass over the bytes.</summary>
    public async Task<IReadOnlyList<ObjectFault>> VerifyAsync(CancellationToken cancellation = default)
    {
        EventManifest manifest;
        try
        {
            manifest = await EventManifest.ReadAsync(objects, cancellation);
        }
        catch (InvalidDataException fault)
        {
            return [new(EventManifest.Name, fault.Message)];
        }
        return await ObjectFiles.VerifyAsync(objects, manifest.Days.Select(day => (day.ObjectName, day.Sha256)), cancellation);
    }

    private async Task<CompactionErasure> RewriteAsync(
        EventManifest manifest,
        DayWriter writer,
        Func<string, bool> isTouched,
        Func<string, string> source,
        Func<EventManifest, EventManifest> finish,
        CancellationToken cancellation)
    {
        writer.Connection.Execute("SET threads = 1", cancellation);
        var days = new List<EventDay>();
        var touched = new List<DateOnly>();
        foreach (var old in manifest.Days)
        {
            var file = await objects.LocalFileAsync(old.ObjectName, cancellation);
            if (!isTouched(file))
            {
                days.Add(old);
                continue;
            }
            touched.Add(old.Day);
            if (await PutAsync(writer, old.Day, source(file), old, cancellation) is { } now)
            {
                days.Add(now);
            }
        }
        var next = finish(manifest with { Days = days });
        if (touched.Count > 0 || next != manifest)
        {
            await PublishAsync(next, cancellation);
        }
        return new(Rows(manifest) - Rows(next), touched);
    }

    private async Task<EventDay?> PutAsync(DayWriter writer, DateOnly day, string source, EventDay? old, CancellationToken cancellation)
    {
        if (writer.Write(day, source, cancellation) is not { } written)
        {
            return null;
        }
        if (written.Day != old)
        {
            await objects.PutAsync(written.Day.ObjectName, written.File, cancellation);
        }
        File.Delete(written.File);
        return written.Day;
    }

    private async Task<EventManifest> BeginAsync(CancellationToken cancellation)
    {
        DayWriter.Clean(workFolder);
        var manifest = await EventManifest.ReadAsync(objects, cancellation);
        await SweepAsync(manifest, cancellation);
        return manifest;
    }

    private async Task PublishAsync(EventManifest manifest, CancellationToken cancellation)
    {
        await ObjectFiles.PutBytesAsync(objects, EventManifest.Name, manifest.ToBytes(), workFolder, cancellation);
        await SweepAsync(manifest, cancellation);
    }

    private async Task SweepAsync(EventManifest manifest, CancellationToken cancellation)
    {
        var named = manifest.Days.Select(day => day.ObjectName).ToHashSet();
        await ObjectFiles.DeleteAsync(objects, EventManifest.Prefix + "day=", name => !named.Contains(name), cancellation);
    }

    private static void FillNames(DuckDbConnection connection, string file, Func<ListenerId, ListenerId> next, CancellationToken cancellation)
    {
        var listeners = new List<string>();
        using (var reader = connection.Query($"SELECT DISTINCT listener FROM {DayWriter.FilesOf(file)}", cancellation))
        {
            while (reader.Read())
            {
                listeners.Add(reader.Text(0));
            }
        }
        connection.Execute("TRUNCATE names", cancellation);
        using var appender = connection.Append("names", DuckDbType.Varchar, DuckDbType.Varchar);
        foreach (var listener in listeners)
        {
            appender.Add(listener);
            appender.Add(next(new(listener)).Value);
            appender.EndRow();
        }
        appender.Complete();
    }

    private static EventDay[] Sorted(IEnumerable<EventDay> days) => [.. days.OrderBy(day => day.Day)];

    private static long Rows(EventManifest manifest) => manifest.Days.Sum(day => day.Rows);
}
