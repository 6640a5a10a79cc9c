using Segue.Events.Objects;

namespace Segue.Events.Sources;

/// <summary>Opens a source by the text that names it on the command line.</summary>
public static class EventSources
{
    /// <param name="location">A file, a folder, or <c>s3://bucket/prefix?endpoint=http://host:port</c>.</param>
    /// <param name="cacheFolder">As in <see cref="ObjectStores.Open"/>; nothing is written there, since sources stream.</param>
    /// <param name="store">The store behind the source, to be disposed by the caller; null for files.</param>
    /// <exception cref="FormatException">See <see cref="ObjectStores.Open"/>.</exception>
    public static IEventSource Open(string location, string cacheFolder, S3Credentials? credentials, out IDisposable? store)
    {
        store = null;
        if (!ObjectStores.IsS3(location))
        {
            return new FileSource(location);
        }
        var options = ObjectStores.ParseS3(location, cacheFolder) with { Credentials = credentials };
        var objects = new S3ObjectStore(options);
        store = objects;
        return new ObjectSource(objects, $"s3://{options.Bucket}/{options.Prefix}");
    }
}
