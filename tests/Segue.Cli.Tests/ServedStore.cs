using System.Diagnostics;
using System.Globalization;

namespace Segue.Cli.Tests;

/// <summary><c>segue serve</c> as a process of its own, on a free port of this machine.</summary>
internal sealed class ServedStore : IDisposable
{
    private readonly Process _process;

    private ServedStore(Process process, HttpClient client) => (_process, Client) = (process, client);

    public HttpClient Client { get; }

    /// <param name="saveAfter">So many events of the log, and what the radio knows is saved.</param>
    public static async Task<ServedStore> StartAsync(string store, int saveAfter = 0)
    {
        var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "segue.dll"), "serve", "--store", store, "--urls", "http://127.0.0.1:0", "--etl-every", "0", "--lists-every", "0", "--explore", "0", "--save-after", saveAfter.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        const string Word = "Listen at ";
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith(Word, StringComparison.Ordinal))
            {
                return new(process, new() { BaseAddress = new(line[Word.Length..].Split(' ')[0]) });
            }
        }
        process.Dispose();
        throw new InvalidOperationException("The server ended before it listened.");
    }

    /// <summary>SIGKILL: nothing is flushed, nobody is told.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.WaitForExit();
        _process.Dispose();
    }
}
