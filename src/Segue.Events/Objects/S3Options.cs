namespace Segue.Events.Objects;

/// <summary>Where and how a bucket is reached.</summary>
public sealed record S3Options(string Bucket)
{
    /// <summary>Put before each object's name with a '/' between; empty: the whole bucket.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Address of a server that speaks S3, path style; null: Amazon's own in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; init; }
    public string Region { get; init; } = "us-east-1";

    /// <summary>Null: the environment variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.</summary>
    public S3Credentials? Credentials { get; init; }

    /// <summary>Folder of the local copies that <see cref="IObjectStore.LocalFileAsync"/> gives out; made where there is none.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Copies beyond this are dropped, least recently used first; positive.</summary>
    public long CacheBytes { get; init; } = 8L << 30;

    /// <summary>A copy given out this recently stays, even over <see cref="CacheBytes"/>: its reader may not have opened it yet.</summary>
    public TimeSpan CacheKeepsFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Files above this size go up in parts of this size; from 5 MiB (S3's own least) to 5 GiB.</summary>
    public int PartBytes { get; init; } = 16 << 20;

    /// <summary>Keys asked for at once in a listing, from 1 to 1,000.</summary>
    internal int PageKeys { get; init; } = 1_000;
}

/// <summary>Keys of an account of S3. Never printed: <see cref="ToString"/> names the access key alone.</summary>
public sealed record S3Credentials(string AccessKey, string SecretKey)
{
    public override string ToString() => $"S3Credentials {AccessKey}";
}
