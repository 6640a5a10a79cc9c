using System.Runtime.CompilerServices;
using Segue.Events.Objects;

namespace Segue.Events.Sources;

/// <summary>The text objects of a store.</summary>
/// <param name="place">Names the store in progress and reports, such as <c>s3://bucket/prefix</c>; without keys and settings.</param>
public sealed class ObjectSource(IObjectStore store, string place) : IEventSource
{
    private readonly string _base = place.TrimEnd('/') + "/";

    public string Name { get; } = place;

    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var found in store.ListAsync("", cancellation))
        {
            if (SourceNames.IsText(found.Name))
            {
                yield return new(_base + found.Name, found.Bytes, found.Version);
            }
        }
    }

    public Task<Stream> OpenAsync(SourceObject item, CancellationToken cancellation) => store.OpenAsync(item.Name[_base.Length..], cancellation);
}
