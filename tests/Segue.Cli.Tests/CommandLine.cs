namespace Segue.Cli.Tests;

/// <summary>Runs the program in this process, as a shell would, in a folder of its own.</summary>
internal sealed class CommandLine : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("segue-cli-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public static async Task<(int Code, string Output, string Errors)> Run(params string[] args)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await Program.CreateRoot().Parse(args).InvokeAsync(
            new() { Output = output, Error = errors }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), errors.ToString());
    }

    /// <summary>Names of all files and folders, to see that nothing was left behind.</summary>
    public IReadOnlyList<string> Entries() => [.. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Order()];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
