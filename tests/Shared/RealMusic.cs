namespace Segue.Tests;

/// <summary>Free music of Debian's packages, fetched by <c>tests/tools/music</c>: below the folder that the environment variable SEGUE_MUSIC names, or else in
/// <c>artifacts/music</c> of the repository.</summary>
internal static class RealMusic
{
    // Shorter files of these packages are effects.
    private const long LeastBytes = 500_000;

    /// <summary>Songs of a package by path; where it was not fetched the test that asks is skipped.</summary>
    public static IReadOnlyList<string> Songs(string package)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("SEGUE_MUSIC") ?? Path.Combine(RepositoryRoot(), "artifacts", "music"), package);
        Assert.SkipUnless(Directory.Exists(folder), $"The music of Debian's package {package} is not at {folder}; run tests/tools/music where apt is.");
        return [.. Directory.EnumerateFiles(folder, "*.ogg", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length >= LeastBytes).Order(StringComparer.Ordinal)];
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Segue.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Segue.slnx was not found above the tests.");
        }
        return folder;
    }
}
