namespace Segue.Events.Files;

/// <summary>Folders whose content is its owner's alone: whatever rights a file in it has, nobody else reaches it.</summary>
public static class PrivateFolder
{
    /// <summary>Makes a folder where there is none, on Unix with mode 0700; one that is there keeps its rights.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);   // rights are inherited there
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
