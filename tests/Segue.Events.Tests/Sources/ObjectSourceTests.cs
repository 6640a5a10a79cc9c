using System.Text;
using Segue.Events.Sources;
using Segue.Events.Tests.Objects;

namespace Segue.Events.Tests.Sources;

[Collection(nameof(S3Server))]
public sealed class ObjectSourceTests(S3Server server)
{
    [Fact]
    public async Task A_prefix_of_a_bucket_is_read_each_object_once_and_a_grown_one_goes_on()
    {
        using var folder = new TemporaryFolder();
        var cancellation = TestContext.Current.CancellationToken;
        var location = $"s3://segue/{Guid.NewGuid():N}?endpoint={server.Endpoint}";
        var source = EventSources.Open(location, folder["cache"], S3Server.Credentials, out var store);
        using (store)
        {
            async Task Put(string name, string text)
            {
                await File.WriteAllTextAsync(folder["upload"], text, cancellation);
                await ((Events.Objects.IObjectStore)store!).PutAsync(name, folder["upload"], cancellation);
            }

            async Task<string> New()
            {
                using var progress = new SourceProgress(folder["sources.db"]);
                var texts = new List<string>();
                await foreach (var batch in new SourceReader(source, progress).ReadAsync(cancellation))
                {
                    using (batch)
                    {
                        texts.AddRange(Enumerable.Range(0, batch.Count).Select(n => Encoding.UTF8.GetString(batch[n])));
                        progress.Save(batch.Checkpoint);
                    }
                }
                return string.Join(' ', texts);
            }

            await Put("2026/02.jsonl", "{2}\n");
            await Put("2026/01.json", "{1}\n");
            await Put("2026/notes.txt", "none");
            Assert.Equal("{1} {2}", await New());
            Assert.Equal("", await New());

            await Put("2026/01.json", "{1}\n{1b}\n");
            await Put("2026/03.json", "{3}");
            Assert.Equal("{1b} {3}", await New());
        }
    }
}
