using System.CommandLine;
using System.Globalization;
using System.Text;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue replay RECOMMENDATION --store STORE</c>: gives a past answer of the radio again, with its reasons, and compares it with what was
/// sent. Exit code 2: it is another answer, or something it was made from is gone, or a server has the store open.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var options = new StoreOptions();
        var id = new Argument<Guid>("recommendation") { Description = "Id of the answer, as it was sent and as its impressions have it." };
        var json = new Option<bool>("--json") { Description = "Print the body of the answer, byte for byte, and nothing else." };
        var command = new Command("replay", "Give a past answer of the radio again, from the log and the models of that day.") { id, json };
        options.AddTo(command);
        command.RunsAs(async (line, cancel) =>
        {
            await using var store = options.Open(line);
            var replayed = await new AnswerReplay(store).RunAsync(new(line.GetRequiredValue(id)), cancel);
            var output = line.InvocationConfiguration.Output;
            await output.WriteAsync(line.GetValue(json) ? Encoding.UTF8.GetString(replayed.Body) : Describe(replayed));
            if (!replayed.IsSame)
            {
                await line.InvocationConfiguration.Error.WriteLineAsync(
                    $"segue: the answer is not the one that was sent: digest {replayed.Digest} instead of {replayed.Told.Digest}. {string.Join(' ', replayed.Differences)}");
            }
            return replayed.IsSame ? 0 : CommandRunner.BadInput;
        });
        return command;
    }

    private static string Describe(ReplayedAnswer replayed)
    {
        var (answer, told) = (replayed.Answer, replayed.Told);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Answer {answer.Recommendation} of {replayed.Note.At:yyyy-MM-dd HH:mm:ss.fff}Z in sitting {answer.Session}: {answer.Tracks.Count} of {told.Count} tracks, models {answer.ModelVersion}, the log before event {told.Position:N0}.");
        foreach (var track in answer.Tracks)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{track.Position + 1,3}. {track.Track.Title} ({track.Track.Artist.Name}), {track.Track.Id}: score {track.Score:F4} from {track.Source}; {track.Reason.Source} {track.Reason.Share * 100:F0} %: {track.Reason.Text}");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"Toward: {Names(answer.Toward)}. Away from: {Names(answer.AwayFrom)}.");
        if (answer.Shortfall is { } shortfall)
        {
            text.AppendLine(shortfall);
        }
        return text.AppendLine(CultureInfo.InvariantCulture,
            $"Digest {replayed.Digest} of {replayed.Body.Length:N0} bytes: {(replayed.IsSame ? "as sent, byte for byte" : $"what was sent has {told.Digest}")}.").ToString();
    }

    private static string Names(IReadOnlyList<string> genres) => genres.Count == 0 ? "nothing" : string.Join(", ", genres);
}
