using Segue.Core;
using Segue.Events.Analytics;
using Segue.Events.Catalogue;

namespace Segue.Features.Snapshots;

/// <summary>What features are built from beside the events. Each is read once, in any order, ids at most once.</summary>
/// <remarks>Both are taken as they are known now: neither keeps its history. An account opened at or after a snapshot's moment is left out.</remarks>
public sealed record FeatureSources(IAsyncEnumerable<ListenerProfile> Accounts, IAsyncEnumerable<CatalogueRecording> Catalogue)
{
    // No title or tag holds a unit separator; a list travels as one text.
    private const char Separator = '\u001f';

    internal const string AccountsSql =
        "CREATE TABLE accounts_in (listener VARCHAR, age_band VARCHAR, gender VARCHAR, country VARCHAR, area VARCHAR, city VARCHAR, registered_on DATE)";

    internal const string CatalogueSql =
        "CREATE TABLE catalogue_in (track VARCHAR, title VARCHAR, artist VARCHAR, artist_name VARCHAR, genre VARCHAR, tags VARCHAR, length_ms BIGINT, released_on DATE)";

    internal async Task LoadAccountsAsync(DuckDbConnection connection, CancellationToken cancellation)
    {
        using var appender = connection.Append("accounts_in", [.. Enumerable.Repeat(DuckDbType.Varchar, 6), DuckDbType.Date]);
        await foreach (var account in Accounts.WithCancellation(cancellation))
        {
            appender.Add(account.Id.Value);
            appender.Add(account.AgeBand.ToString());
            appender.Add(account.Gender.ToString());
            Add(appender, account.Region?.Country);
            Add(appender, account.Region?.Area);
            Add(appender, account.Region?.City);
            Add(appender, account.RegisteredOn);
            appender.EndRow();
        }
        appender.Complete();
    }

    internal async Task LoadCatalogueAsync(DuckDbConnection connection, CancellationToken cancellation)
    {
        using var appender = connection.Append("catalogue_in", [.. Enumerable.Repeat(DuckDbType.Varchar, 6), DuckDbType.BigInt, DuckDbType.Date]);
        await foreach (var recording in Catalogue.WithCancellation(cancellation))
        {
            var track = recording.Track;
            appender.Add(track.Id.Value);
            appender.Add(track.Title);
            appender.Add(track.Artist.Id.Value);
            appender.Add(track.Artist.Name);
            Add(appender, track.Genre);
            Add(appender, track.Tags.Count == 0 ? null : string.Join(Separator, track.Tags));
            if (track.Length is { } length)
            {
                appender.Add((long)length.TotalMilliseconds);
            }
            else
            {
                appender.Null();
            }
            Add(appender, recording.ReleasedOn);
            appender.EndRow();
        }
        appender.Complete();
    }

    /// <summary>A list of texts as one, for reading; and back.</summary>
    internal static string JoinSql(string column) => $"array_to_string({column}, chr({(int)Separator}))";

    internal static string SplitSql(string column) => $"string_split({column}, chr({(int)Separator}))";

    internal static string[] Split(string text) => text.Length == 0 ? [] : text.Split(Separator);

    private static void Add(DuckDbAppender to, string? value)
    {
        if (value is null)
        {
            to.Null();
        }
        else
        {
            to.Add(value);
        }
    }

    private static void Add(DuckDbAppender to, DateOnly? value)
    {
        if (value is { } date)
        {
            to.Add(date);
        }
        else
        {
            to.Null();
        }
    }
}
