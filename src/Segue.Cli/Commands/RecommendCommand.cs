using System.CommandLine;
using System.Globalization;
using System.Text;
using Segue.Events.Pseudonyms;
using Segue.Events.Storage;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue recommend --store STORE --users all --top 20 --out FILE</c>: what is new to each user and suits best, as CSV;
/// with <c>--kind artists</c> artists by the funnel of artists. Exit code 2: no store, no models, nothing listened to, or an unknown user; the file then is not written.</summary>
internal sealed class RecommendCommand
{
    private const int MaxTop = 1000;
    private const string Artists = "artists";
    private readonly StoreOptions _store = new(description: "The store, with trained models.");
    private readonly Option<string> _users = new("--users") { Description = "all, or ids separated by commas.", DefaultValueFactory = _ => "all" };
    private readonly Option<int> _top = new("--top") { Description = $"Items a user, 1 to {MaxTop}.", DefaultValueFactory = _ => 20 };
    private readonly Option<string?> _out = new("--out") { Description = "The CSV file to write; standard output when left out." };

    private readonly Option<string> _kind = new("--kind")
    {
        Description = "items: those of the catalogue, by the published model of taste. artists: a funnel of taste, co-listening, tags and popularity, learnt for it; tracks count for their artists.",
        DefaultValueFactory = _ => "items",
    };

    private RecommendCommand() => _kind.AcceptOnlyFromAmong("items", Artists);

    public static Command Create()
    {
        var options = new RecommendCommand();
        var command = new Command("recommend", "Write each user's best items among those new to the user, with scores and reasons, as CSV.")
        {
            options._users, options._top, options._out, options._kind,
        };
        options._store.AddTo(command);
        command.RunsAs(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancel)
    {
        var top = line.GetValue(_top);
        if (top is < 1 or > MaxTop)
        {
            throw new ArgumentException($"--top is {top}; allowed are 1 to {MaxTop}.");
        }
        RecommendationFile.RequireFolder(line.GetValue(_out));
        using var parts = _store.OpenParts(line);
        if (line.GetValue(_kind) == Artists)
        {
            await using var events = _store.OpenUnlessInUse(line);
            var learning = await LearningData.LoadAsync(parts, events?.Events.Log, cancel);
            RecommendationFile.Write(line, line.GetValue(_out), RecommendArtists.Header, RecommendArtists.Rows(
                learning, parts.Models, events?.Pseudonyms, line.GetRequiredValue(_users), top, new(Seed: 1, Workers.Default, Cancellation: cancel)));
            return 0;
        }
        var store = parts.Store;
        var models = parts.Models.LoadCurrent();
        await using var open = _store.OpenUnlessInUse(line);
        var data = (await LearningData.LoadForAsync(parts, open?.Events.Log, models, cancel, withCompacted: true)).Data;
        if (models.Items != data.Catalogue.Count || models.Users > data.Users.Count)
        {
            throw new StoreException($"The models of {store.Path} were trained on other data; train again.");
        }
        var users = SelectUsers(line.GetRequiredValue(_users), data, models.Rows, open?.Pseudonyms);
        var isArtists = data.Catalogue.Tracks.All(track => track.Id.Value == track.Artist.Id.Value);
        var noun = store.Manifest.ItemsWithoutCatalogueEntry > 0 ? "item" : "artist";   // of bare ids nobody knows what they are
        var header = isArtists ? $"user,rank,{noun}_id,{noun}_name,score,reason" : "user,rank,track_id,title,artist_name,score,reason";
        var rows = ConsoleProgress.Run("Recommending", progress =>
        {
            var (texts, done) = (new string[users.Count], 0);
            Workers.For(users.Count, Workers.Default, n =>
            {
                texts[n] = Rows(data, models, users[n], top, isArtists);
                progress.Report((double)Interlocked.Increment(ref done) / users.Count);
            }, cancel);
            return texts;
        });
        RecommendationFile.Write(line, line.GetValue(_out), header, rows);
        return 0;
    }

    // A listener of the event log is known by a pseudonym; the service names them by its own id.
    private static List<int> SelectUsers(string users, Dataset data, ModelRows? rows, Pseudonymizer? pseudonyms)
        => users == "all"
            ? [.. Enumerable.Range(0, data.Users.Count).Where(user => rows?.IsErased(user) != true)]
            : [.. users.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(id => data.Users.Find(id) ?? data.Users.Find(pseudonyms?.Of(id).Value ?? id) ?? throw new NotKnownException("user", id))];

    private static string Rows(Dataset data, ModelSet models, int user, int top, bool isArtists)
    {
        var history = data.History(user) is var known && user < models.Users ? known : known with { Row = null };
        var text = new StringBuilder();
        var rank = 0;
        foreach (var scored in models.Taste.Recommend(history, top, without: history.Items))
        {
            var track = data.Catalogue.Tracks[scored.Item];
            var artist = isArtists ? "" : $",{RecommendationFile.Quote(track.Artist.Name)}";
            text.Append(CultureInfo.InvariantCulture, $"{RecommendationFile.Quote(data.Users[user])},{++rank},{RecommendationFile.Quote(track.Id.Value)},{RecommendationFile.Quote(track.Title)}{artist},{scored.Score:G7},")
                .Append(RecommendationFile.Quote(Reason(data, models, history, scored.Item)))
                .Append('\n');
        }
        return text.ToString();
    }

    private static string Reason(Dataset data, ModelSet models, UserHistory history, int item)
    {
        var main = models.Taste.Explain(history, item).Contributions.FirstOrDefault(contribution => contribution.Share > 0);
        return main.Share > 0
            ? string.Create(CultureInfo.InvariantCulture, $"because you play {data.Catalogue.Tracks[main.Item].Title} ({main.Share * 100:F0} %)")
            : "close to your taste as a whole";
    }
}
