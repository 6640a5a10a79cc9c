using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Segue.Events.Objects;

/// <summary>Objects in a bucket of S3, or of a server that speaks its protocol. The version of an object is its ETag.</summary>
/// <remarks>Thread-safe. Reading takes any key of the bucket, since others may have written there; writing holds to the rule of names.
/// A listing holds all names in memory (about 300 B each). Faults of the service other than "no such object" come as <see cref="AmazonS3Exception"/>, after the client's own retries.</remarks>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private readonly AmazonS3Client _client;
    private readonly S3Options _options;
    private readonly FileCache _cache;
    private readonly string _prefix;

    public S3ObjectStore(S3Options options, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PartBytes, 5 << 20);
        _options = options;
        _prefix = options.Prefix.Trim('/') is { Length: > 0 } prefix ? prefix + "/" : "";
        _client = new(Credentials(options), Configuration(options));
        _cache = new(options.CacheFolder, options.CacheBytes, options.CacheKeepsFor, time ?? TimeProvider.System);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var all = new List<StoredObject>();
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _prefix + prefix, MaxKeys = _options.PageKeys };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request, cancellation);
            all.AddRange((page.S3Objects ?? []).Select(found => new StoredObject(found.Key[_prefix.Length..], found.Size ?? 0, found.ETag)));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        all.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));   // not every server of the protocol lists in order
        foreach (var found in all)
        {
            yield return found;
        }
    }

    public async Task<Stream> OpenAsync(string name, CancellationToken cancellation) => (await GetAsync(name, cancellation)).ResponseStream;

    public async Task PutAsync(string name, string file, CancellationToken cancellation)
    {
        var key = _prefix + ObjectNames.Require(name);
        if (new FileInfo(file).Length > _options.PartBytes)
        {
            await PutInPartsAsync(key, file, cancellation);
            return;
        }
        await _client.PutObjectAsync(
            new() { BucketName = _options.Bucket, Key = key, FilePath = file, UseChunkEncoding = false }, cancellation);
    }

    public Task DeleteAsync(string name, CancellationToken cancellation)
        => _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _options.Bucket, Key = _prefix + ObjectNames.Require(name) }, cancellation);

    /// <remarks>Asks for the version each time; downloads only what the cache lacks.</remarks>
    public async Task<string> LocalFileAsync(string name, CancellationToken cancellation)
    {
        var (version, bytes) = await VersionAsync(name, cancellation);
        if (_cache.Find(name, version, bytes) is { } known)
        {
            return known;
        }
        using var download = await GetAsync(name, cancellation);
        return await _cache.AddAsync(name, download.ETag, download.ContentLength, download.ResponseStream, cancellation);
    }

    public void Dispose() => _client.Dispose();

    private async Task<(string Version, long Bytes)> VersionAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var head = await _client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = _options.Bucket, Key = _prefix + name }, cancellation);
            return (head.ETag, head.ContentLength);
        }
        catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            throw Absent(name, fault);
        }
    }

    private async Task<GetObjectResponse> GetAsync(string name, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        try
        {
            return await _client.GetObjectAsync(new GetObjectRequest { BucketName = _options.Bucket, Key = _prefix + name }, cancellation);
        }
        catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            throw Absent(name, fault);
        }
    }

    private async Task PutInPartsAsync(string key, string file, CancellationToken cancellation)
    {
        var upload = await _client.InitiateMultipartUploadAsync(new() { BucketName = _options.Bucket, Key = key }, cancellation);
        try
        {
            var (length, parts) = (new FileInfo(file).Length, new List<PartETag>());
            for (var from = 0L; from < length; from += _options.PartBytes)
            {
                var part = await _client.UploadPartAsync(
                    new()
                    {
                        BucketName = _options.Bucket,
                        Key = key,
                        UploadId = upload.UploadId,
                        PartNumber = parts.Count + 1,
                        FilePath = file,
                        FilePosition = from,
                        PartSize = Math.Min(_options.PartBytes, length - from),
                        UseChunkEncoding = false,
                    },
                    cancellation);
                parts.Add(new(parts.Count + 1, part.ETag));
            }
            await _client.CompleteMultipartUploadAsync(
                new() { BucketName = _options.Bucket, Key = key, UploadId = upload.UploadId, PartETags = parts }, cancellation);
        }
        catch
        {
            // Parts of an upload that nobody completes are stored, and billed, for ever. Not cancelled with the upload that failed.
            await AbortAsync(key, upload.UploadId);
            throw;
        }
    }

    private async Task AbortAsync(string key, string upload)
    {
        try
        {
            await _client.AbortMultipartUploadAsync(new() { BucketName = _options.Bucket, Key = key, UploadId = upload }, CancellationToken.None);
        }
        catch (Exception fault) when (fault is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            // The fault that ended the upload is the one to tell.
        }
    }

    private static AWSCredentials Credentials(S3Options options)
        => options.Credentials is { } keys ? new BasicAWSCredentials(keys.AccessKey, keys.SecretKey) : new EnvironmentVariablesAWSCredentials();

    private static AmazonS3Config Configuration(S3Options options)
    {
        // Not every server of the protocol knows the newer checksums and signed chunks.
        var configuration = new AmazonS3Config
        {
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            AuthenticationRegion = options.Region,
        };
        if (options.Endpoint is null)
        {
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }
        else
        {
            configuration.ServiceURL = options.Endpoint.ToString();
        }
        return configuration;
    }

    private static FileNotFoundException Absent(string name, Exception why) => new($"There is no object {name}.", name, why);
}
