using System.Diagnostics;
using System.Globalization;
using Segue.Events.Objects;

namespace Segue.Events.Tests.Objects;

/// <summary>One <c>s3rver</c> for the tests that need S3: on a free loopback port, over a temporary folder. It ends when its standard
/// input does, so also when the tests are killed.</summary>
public sealed class S3Server : IAsyncLifetime
{
    // Its tokens of further pages are enciphered by DES, which today's OpenSSL has only as triple DES: the same with one key thrice.
    private const string Program = """
        const crypto = require('crypto');
        for (const name of ['createCipheriv', 'createDecipheriv']) {
          const real = crypto[name];
          crypto[name] = (kind, key, ...rest) => kind === 'des'
            ? real('des-ede3-cbc', Buffer.concat([key, key, key]), ...rest) : real(kind, key, ...rest);
        }
        const S3rver = require('s3rver');
        const buckets = [{ name: 'segue' }];
        new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: process.argv[1], configureBuckets: buckets })
          .run((fault, address) => { if (fault) throw fault; console.log(address.port); });
        process.stdin.on('end', () => process.exit()).resume();
        """;

    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private Uri? _endpoint;

    internal static S3Credentials Credentials { get; } = new("S3RVER", "S3RVER");

    /// <summary>The server's address; where it could not be started the test that asks is skipped.</summary>
    internal Uri Endpoint
    {
        get
        {
            Assert.SkipWhen(_endpoint is null, "s3rver does not run: node is absent, or tests/tools/install was not run.");
            return _endpoint;
        }
    }

    internal S3Options Options(string prefix, string cacheFolder)
        => new("segue") { Prefix = prefix, Endpoint = Endpoint, Credentials = Credentials, CacheFolder = cacheFolder };

    public async ValueTask InitializeAsync()
    {
        var tools = Path.Combine(PublicData.RepositoryRoot(), "tests", "tools");
        if (!Directory.Exists(Path.Combine(tools, "node_modules", "s3rver")))
        {
            return;
        }
        var start = new ProcessStartInfo("node", ["-e", Program, _folder.Path])
        {
            WorkingDirectory = tools,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return;   // no node
        }
        if (await _process.StandardOutput.ReadLineAsync() is { } port)
        {
            _endpoint = new($"http://127.0.0.1:{int.Parse(port, CultureInfo.InvariantCulture)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _folder.Dispose();
    }
}

/// <summary>Tests of this collection share one server.</summary>
[CollectionDefinition(nameof(S3Server))]
public sealed class S3Collection : ICollectionFixture<S3Server>;
