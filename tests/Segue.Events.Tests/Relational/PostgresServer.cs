using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Segue.Events.Tests.Relational;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Segue.Events.Tests.Relational;

/// <summary>A PostgreSQL server of the test run's own, on a free port of the loopback, started when the first test asks for it. Its data lie in
/// a temporary folder and are never synced.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Owner = "segue";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim _starting = new(1);
    private TemporaryFolder? _folder;
    private Process? _server;
    private Task<string>? _start;
    private string? _connection;
    private int _databases;

    /// <summary>A connection string of a new, empty database; skips the test where no server is installed.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var binaries = Binaries();
        Assert.SkipWhen(binaries is null, "PostgreSQL's programs initdb and postgres are neither on the PATH nor in /usr/lib/postgresql/*/bin.");
        var user = UnprivilegedUser();
        Assert.SkipWhen(user is "", "PostgreSQL does not run as root, and neither setpriv nor an unprivileged user is at hand.");
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _start ??= StartAsync(binaries!, user);   // once, also when it fails
            _connection ??= await _start;
            var name = $"test{++_databases}";
            await using var source = NpgsqlDataSource.Create(_connection);
            await using var command = source.CreateCommand($"CREATE DATABASE {name}");
            await command.ExecuteNonQueryAsync();
            return new NpgsqlConnectionStringBuilder(_connection) { Database = name }.ToString();
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            NpgsqlConnection.ClearAllPools();
            if (!_server.HasExited)
            {
                _server.Kill();   // nothing in it is to survive
            }
            await _server.WaitForExitAsync();
            _server.Dispose();
        }
        _folder?.Dispose();
        _starting.Dispose();
    }

    private async Task<string> StartAsync(string binaries, string? user)
    {
        _folder = new TemporaryFolder();
        var data = _folder["data"];
        Directory.CreateDirectory(data);
        if (user is not null && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
            await RunAsync("chown", [user, data], null);
        }
        await RunAsync(
            Path.Combine(binaries, "initdb"), ["-D", data, "-U", Owner, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"], user);
        var port = FreePort();
        _server = Start(
            Path.Combine(binaries, "postgres"),
            ["-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "full_page_writes=off"],
            user);
        await UntilReadyAsync(_server);
        return $"Host=127.0.0.1;Port={port};Username={Owner};Database=postgres;Maximum Pool Size=20";
    }

    private static async Task UntilReadyAsync(Process server)
    {
        var said = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.ErrorDataReceived += (_, line) =>
        {
            said.Enqueue(line.Data ?? "");
            if (line.Data is null || line.Data.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult(line.Data is not null);   // null: its output ended, and so did it
            }
        };
        server.BeginErrorReadLine();
        server.BeginOutputReadLine();
        Assert.True(await ready.Task.WaitAsync(Patience), "PostgreSQL did not start:\n" + string.Join('\n', said));
    }

    private static async Task RunAsync(string program, IEnumerable<string> arguments, string? user)
    {
        using var process = Start(program, arguments, user);
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} failed: {await error}");
    }

    private static Process Start(string program, IEnumerable<string> arguments, string? user)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        start.FileName = user is null ? program : "setpriv";
        foreach (var argument in user is null ? arguments : ["--reuid", user.Split(':')[0], "--regid", user.Split(':')[1], "--clear-groups", "--", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start)!;
    }

    private static string? Binaries()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderByDescending(folder => folder, StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin"))
            : [];
        return installed.Concat(onPath).FirstOrDefault(folder
            => folder.Length > 0 && File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    /// <summary>"user:group" by number. Null: we are not root; "": there is none.</summary>
    private static string? UnprivilegedUser()
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return null;
        }
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).ToDictionary(parts => parts[0], parts => $"{parts[2]}:{parts[3]}");
        var hasSetpriv = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "setpriv")));
        return hasSetpriv ? users.GetValueOrDefault("postgres") ?? users.GetValueOrDefault("nobody") ?? "" : "";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
