using System.CommandLine;
using System.Text;

namespace Segue.Cli;

/// <summary>Recommendations as CSV, in a file or on standard output.</summary>
internal static class RecommendationFile
{
    /// <exception cref="DirectoryNotFoundException">The file's folder does not exist.</exception>
    public static void RequireFolder(string? path)
    {
        if (path is not null && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder {folder} of --out does not exist.");
        }
    }

    /// <param name="path">Null: standard output.</param>
    /// <param name="users">Each user's lines, with their ends.</param>
    public static void Write(ParseResult line, string? path, string header, string[] users)
    {
        var output = line.InvocationConfiguration.Output;
        if (path is not null)
        {
            WriteWhole(path, header, users);
            output.WriteLine($"Wrote {users.Length:N0} users' recommendations to {path}.");
            return;
        }
        output.WriteLine(header);
        Array.ForEach(users, output.Write);
    }

    /// <summary>A CSV field as in RFC 4180.</summary>
    public static string Quote(string field)
        => field.AsSpan().ContainsAny(',', '"', '\n') || field.Contains('\r', StringComparison.Ordinal)
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;

    // Beside and renamed: a reader of the path never sees half of it.
    private static void WriteWhole(string path, string header, string[] rows)
    {
        var partial = $"{path}.partial-{Guid.NewGuid():N}";
        try
        {
            using (var file = new StreamWriter(partial, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                file.Write(header + "\n");
                Array.ForEach(rows, file.Write);
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
