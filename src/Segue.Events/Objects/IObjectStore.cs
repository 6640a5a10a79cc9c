namespace Segue.Events.Objects;

/// <summary>One object of a store.</summary>
/// <param name="Name">Its whole name: parts of letters, digits and <c>- _ . =</c>, joined by '/'.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Version">Changes whenever the content does (an ETag, or size and time of a file).</param>
public sealed record StoredObject(string Name, long Bytes, string Version);

/// <summary>Named blobs: a directory, or a bucket of S3. An object becomes visible whole or not at all, and is durable once written.</summary>
public interface IObjectStore
{
    /// <summary>Objects whose names begin with <paramref name="prefix"/>, by name in ordinal order.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation);

    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    Task<Stream> OpenAsync(string name, CancellationToken cancellation);

    /// <summary>Writes an object from a local file, over an older one of that name.</summary>
    Task PutAsync(string name, string file, CancellationToken cancellation);

    /// <summary>Removes an object; nothing happens when there is none.</summary>
    Task DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>A local file with the object's content: the object itself for a directory, a cached copy else. Read only.</summary>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    Task<string> LocalFileAsync(string name, CancellationToken cancellation);
}
