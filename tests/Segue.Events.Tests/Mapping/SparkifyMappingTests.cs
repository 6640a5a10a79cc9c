using System.Text.Json;
using Segue.Events.Mapping;

namespace Segue.Events.Tests.Mapping;

public sealed class SparkifyMappingTests
{
    internal static string File => Path.Combine(PublicData.RepositoryRoot(), "samples", "sparkify-mapping.json");

    internal static string Line(string page, string user, string auth = "Logged In")
        => $$"""{"artist":"Des'ree","auth":"{{auth}}","firstName":"Ann","itemInSession":1,"lastName":"Banks","length":246.30812,"level":"free","location":"Phoenix, AZ","page":"{{page}}","registration":1540344794796.0,"sessionId":139,"song":"You Gotta Be","ts":1541106106796,"userAgent":"Mozilla\/5.0","userId":"{{user}}"}""";

    [Fact]
    public void A_song_played_is_a_listen_without_anything_personal()
        => Assert.Equal(
            """{"type":"listen","listener":"8","at":1541106106796,"recording":{"artist":"Des'ree","title":"You Gotta Be","durationSeconds":246.30812},"trackSeconds":246.30812,"session":"139","itemInSession":1,"level":"free"}""",
            EventMapping.Load(File).Map(Line("NextSong", "8")));

    [Theory]
    [InlineData("NextSong", "", "Logged Out", "filtered logged-out")]
    [InlineData("Home", "8", "Logged In", "filtered page-visit")]
    [InlineData("Upgrade", "8", "Logged In", "filtered account-page")]
    [InlineData("Thumbs Up", "8", "Logged In", "filtered reaction-without-track")]
    [InlineData("Something New", "8", "Logged In", "unknown-page")]
    public void Other_pages_are_filtered_by_reason_and_unknown_ones_rejected(string page, string user, string auth, string expected)
        => Assert.Equal(expected, EventMapping.Load(File).Map(Line(page, user, auth)));

    [Fact]
    public void A_song_file_is_no_event()
        => Assert.Equal("filtered song-file", EventMapping.Load(File).Map("""{"num_songs": 1, "artist_name": "Des'ree", "song_id": "SO1", "title": "You Gotta Be", "duration": 246.3}"""));

    /// <summary>The expected figures were counted by a script that shares nothing with this code.</summary>
    [Fact]
    public void Every_line_of_the_public_folder_is_accounted_for()
    {
        var folder = PublicData.Folder("sparkify-events");
        var mapper = EventMapping.Load(File).CreateMapper();
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (listeners, sessions) = (new HashSet<string>(), new HashSet<(string, string)>());
        foreach (var line in folder.EnumerateFiles("*.json", SearchOption.AllDirectories).SelectMany(file => System.IO.File.ReadLines(file.FullName)))
        {
            var outcome = mapper.Map(System.Text.Encoding.UTF8.GetBytes(line));
            var reason = outcome.Reason ?? "listen";
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            if (outcome.Verdict == MappingVerdict.Mapped)
            {
                using var json = JsonDocument.Parse(mapper.Event.ToArray());
                var listener = json.RootElement.GetProperty("listener").GetString()!;
                listeners.Add(listener);
                sessions.Add((listener, json.RootElement.GetProperty("session").GetString()!));
            }
        }

        Assert.Equal(
            "account-page 68, listen 3041, logged-out 88, page-visit 377, song-file 72",
            string.Join(", ", reasons.Select(entry => $"{entry.Key} {entry.Value}")));
        Assert.Equal((80, 385), (listeners.Count, sessions.Count));
    }
}
