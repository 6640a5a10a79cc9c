namespace Segue.Audio.Tests;

/// <summary>Public data sets, which are no part of the project: below the folder that the environment variable SEGUE_DATA names, or
/// else in <c>../shared/data</c> beside the repository.</summary>
internal static class PublicData
{
    /// <summary>The folder of a data set; where it is absent the test that asks is skipped.</summary>
    public static DirectoryInfo Folder(string name)
    {
        var root = Environment.GetEnvironmentVariable("SEGUE_DATA") ?? Path.Combine(RepositoryRoot(), "..", "shared", "data");
        var folder = new DirectoryInfo(Path.GetFullPath(Path.Combine(root, name)));
        Assert.SkipUnless(folder.Exists, $"The public data set {name} is not at {folder}; set SEGUE_DATA to the folder that holds it.");
        return folder;
    }

    internal static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Segue.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Segue.slnx was not found above the tests.");
        }
        return folder;
    }
}
