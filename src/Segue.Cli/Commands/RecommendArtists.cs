using System.Globalization;
using System.Text;
using Segue.Events.Pseudonyms;
using Segue.Events.Storage;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio;
using Segue.Ranking.Artists;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue recommend --kind artists</c>: the funnel of artists, learnt from the store as it is now; tracks are rolled up to their artists.</summary>
internal static class RecommendArtists
{
    public const string Header = "user,rank,artist_id,artist_name,score,sources,reason";
    private const int TagsNamed = 2;

    /// <param name="users">all, or ids separated by commas.</param>
    /// <returns>Each user's lines.</returns>
    /// <exception cref="StoreException">The store holds no interactions.</exception>
    /// <exception cref="NotKnownException">There is no such user.</exception>
    public static string[] Rows(LearningData learning, ModelRegistry published, Pseudonymizer? pseudonyms, string users, int top, TrainingRun run)
    {
        if (learning.Interactions.Count == 0)
        {
            throw new StoreException("Nobody has listened to anything in this store yet, so no artist can be recommended.");
        }
        var data = ArtistRollup.Of(learning.Data.Catalogue.Tracks, learning.Data.Listeners, learning.Interactions);
        var chosen = Select(users, data, pseudonyms);
        var funnel = ConsoleProgress.Run("Learning", progress => ArtistFunnel.Train(data.Training, Options(published), run with { Progress = progress }));
        return ConsoleProgress.Run("Recommending", progress =>
        {
            var (texts, done) = (new string[chosen.Count], 0);
            Workers.For(chosen.Count, run.Threads, n =>
            {
                texts[n] = Rows(data, funnel, chosen[n], top);
                progress.Report((double)Interlocked.Increment(ref done) / chosen.Count);
            }, run.Cancellation);
            return texts;
        });
    }

    // Settings of taste that were searched for on this store are better than any default, though tracks are not artists.
    private static ArtistFunnelOptions Options(ModelRegistry published)
    {
        var usual = new ArtistFunnelOptions();
        return published.Current() is null ? usual : usual with { Taste = published.OpenCurrent().Taste.Settings };
    }

    private static List<int> Select(string users, Dataset data, Pseudonymizer? pseudonyms)
        => users == "all"
            ? [.. Enumerable.Range(0, data.Users.Count)]
            : [.. users.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(id => data.Users.Find(id) ?? data.Users.Find(pseudonyms?.Of(id).Value ?? id) ?? throw new NotKnownException("user", id))];

    private static string Rows(Dataset data, ArtistFunnel funnel, int user, int top)
    {
        var history = data.History(user);
        var text = new StringBuilder();
        var rank = 0;
        foreach (var artist in funnel.Recommend(history, top))
        {
            var entry = data.Catalogue.Tracks[artist.Item];
            text.Append(CultureInfo.InvariantCulture, $"{RecommendationFile.Quote(data.Users[user])},{++rank},{RecommendationFile.Quote(entry.Id.Value)},{RecommendationFile.Quote(entry.Title)},{artist.Score:G7},")
                .AppendJoin('+', artist.Sources).Append(',')
                .Append(RecommendationFile.Quote(Reason(data, artist)))
                .Append('\n');
        }
        return text.ToString();
    }

    private static string Reason(Dataset data, RankedArtist artist)
    {
        if (artist.Cause.Past is not { } past)
        {
            var users = data.Training.ItemUsers[artist.Item];
            return string.Create(CultureInfo.InvariantCulture, $"{users:N0} of {data.Users.Count:N0} listeners play it");
        }
        var because = string.Create(CultureInfo.InvariantCulture, $"{data.Catalogue.Tracks[past].Title} ({artist.Cause.Share * 100:F0} %)");
        return artist.Cause.Source switch
        {
            "tags" when data.Training.Tags?.Shared(artist.Item, past, TagsNamed) is { Count: > 0 } words => $"tagged {string.Join(", ", words)}, like {because}",
            "tags" => $"tagged like {because}",
            "co-listen" => $"who plays {because} plays it too",
            _ => $"because you play {because}",
        };
    }
}
