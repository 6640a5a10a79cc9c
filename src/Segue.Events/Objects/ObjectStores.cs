using System.Web;

namespace Segue.Events.Objects;

/// <summary>Opens a store by the text that names it in settings and on the command line.</summary>
public static class ObjectStores
{
    private const string Scheme = "s3://";

    /// <summary>Whether the text names a bucket, not a directory.</summary>
    public static bool IsS3(string location) => location.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <param name="location">A directory, or <c>s3://bucket/prefix?endpoint=http://host:port&amp;region=name</c>.</param>
    /// <param name="cacheFolder">Where copies of remote objects are kept; a directory's store does not use it.</param>
    /// <param name="credentials">For S3; null: those of the environment.</param>
    /// <returns>The store; of S3 it is <see cref="IDisposable"/> and the caller's to dispose.</returns>
    /// <exception cref="FormatException">The text begins with <c>s3://</c> and does not go on as above.</exception>
    public static IObjectStore Open(string location, string cacheFolder, S3Credentials? credentials = null, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        return IsS3(location)
            ? new S3ObjectStore(ParseS3(location, cacheFolder) with { Credentials = credentials }, time)
            : new DirectoryObjectStore(location, time);
    }

    /// <inheritdoc cref="Open"/>
    public static S3Options ParseS3(string location, string cacheFolder)
    {
        var rest = IsS3(location) ? location[Scheme.Length..] : throw Fault("it does not begin with s3://");
        var question = rest.IndexOf('?');
        var (place, query) = question < 0 ? (rest, "") : (rest[..question], rest[(question + 1)..]);
        var slash = place.IndexOf('/');
        var (bucket, prefix) = slash < 0 ? (place, "") : (place[..slash], place[(slash + 1)..]);
        if (bucket.Length == 0)
        {
            throw Fault("it names no bucket");
        }
        var options = new S3Options(bucket) { Prefix = prefix, CacheFolder = cacheFolder };
        var settings = HttpUtility.ParseQueryString(query);
        foreach (var key in settings.AllKeys)
        {
            options = (key, settings[key]) switch
            {
                ("endpoint", { } text) when Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"
                    => options with { Endpoint = endpoint },
                ("endpoint", _) => throw Fault("its endpoint is no http or https address"),
                ("region", { Length: > 0 } region) => options with { Region = region },
                _ => throw Fault($"it has the unknown setting '{key}'; there are endpoint and region"),
            };
        }
        return options;
    }

    // The text itself stays out of the message: people put keys into addresses.
    private static FormatException Fault(string what) => new($"An S3 location reads s3://bucket/prefix?endpoint=http://host:port, but {what}.");
}
