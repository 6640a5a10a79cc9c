using System.CommandLine;
using Segue.Server.Music;

namespace Segue.Cli;

/// <summary>The options of a server that looks after music.</summary>
internal sealed class MusicFolders(ScanSettings settings)
{
    private readonly Option<string[]> _folders = new("--music") { Description = "Folders of music to listen to and to watch; may be given more than once. The store is made when there is none." };

    public void AddTo(Command command)
    {
        command.Add(_folders);
        settings.AddTo(command);
    }

    /// <summary>Null where no folder is given.</summary>
    /// <exception cref="DirectoryNotFoundException">A folder is not there.</exception>
    public MusicOptions? Read(ParseResult line)
    {
        var folders = line.GetValue(_folders) ?? [];
        if (Array.Find(folders, folder => !Directory.Exists(folder)) is { } missing)
        {
            throw new DirectoryNotFoundException($"There is no folder {Path.GetFullPath(missing)}.");
        }
        return folders.Length == 0 ? null : new()
        {
            Folders = [.. folders.Select(Path.GetFullPath)], Analyzers = settings.Analyzers(line), Scan = settings.Options(line), MaxSpectraBytes = settings.MaxSpectraBytes(line),
        };
    }
}
