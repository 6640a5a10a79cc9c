using System.Text.Json;
using Segue.Events.Mapping;
using Segue.Events.Sources;

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
    public async Task Every_line_of_the_public_folder_is_accounted_for()
    {
        var source = new FileSource(PublicData.Folder("sparkify-events").FullName);
        var mapper = EventMapping.Load(File).CreateMapper();
        var tally = new IngestTally();
        var (listeners, sessions) = (new HashSet<string>(), new HashSet<(string, string)>());
        await foreach (var batch in new SourceReader(source, progress: null).ReadAsync(TestContext.Current.CancellationToken))
        {
            using (batch)
            {
                tally.Read(batch.Count);
                for (var n = 0; n < batch.Count; n++)
                {
                    var outcome = mapper.Map(batch[n]);
                    switch (outcome.Verdict)
                    {
                        case MappingVerdict.Mapped:
                            tally.Accept();
                            using (var json = JsonDocument.Parse(mapper.Event.ToArray()))
                            {
                                var listener = json.RootElement.GetProperty("listener").GetString()!;
                                listeners.Add(listener);
                                sessions.Add((listener, json.RootElement.GetProperty("session").GetString()!));
                            }
                            break;
                        case MappingVerdict.Filtered:
                            tally.Filter(outcome.Reason!);
                            break;
                        default:
                            tally.Reject(outcome.Reason!);
                            break;
                    }
                }
            }
        }

        Assert.Equal(
            """{"read":3646,"accepted":3041,"duplicate":0,"rejected":0,"filtered":605,"rejectedBy":{},"filteredBy":{"account-page":68,"logged-out":88,"page-visit":377,"song-file":72}}""",
            tally.ToCounts().ToJson());
        Assert.Equal((80, 385), (listeners.Count, sessions.Count));
    }
}
