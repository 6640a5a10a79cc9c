namespace Segue.Audio.Processes;

/// <summary>Finds programs as a shell does.</summary>
public static class ProgramPath
{
    /// <summary>The file of a program in the folders of <c>PATH</c>; null where there is none.</summary>
    /// <param name="name">Without a folder; on Windows without <c>.exe</c>.</param>
    public static string? Find(string name)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)   // the working folder may hold anybody's files
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(IsProgram);
    }

    /// <inheritdoc cref="Find"/>
    /// <param name="purpose">What it is needed for, for the message: "to decode AAC".</param>
    /// <exception cref="ProgramMissingException">There is none.</exception>
    public static string Require(string name, string purpose)
        => Find(name) ?? throw new ProgramMissingException($"The program '{name}' is needed {purpose}, and is in no folder of the PATH.");

    private static bool IsProgram(string path)
        => File.Exists(path) && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None);
}
