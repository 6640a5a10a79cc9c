using System.Xml.Linq;

namespace Segue.Architecture.Tests;

/// <summary>Holds the first invariant of ARCHITECTURE.md: data flows one way, so references do too.</summary>
public sealed class ReferenceDirectionTests
{
    /// <summary>What each project may refer to, as in the table of ARCHITECTURE.md; the order is the flow of the data.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["Numerics"] = [],
        ["Events"] = ["Core"],
        ["Audio"] = ["Core", "Numerics"],
        ["Experiments"] = ["Core", "Numerics"],
        ["Features"] = ["Core", "Numerics", "Events", "Audio"],
        ["Models"] = ["Core", "Numerics", "Events", "Audio", "Features"],
        ["Retrieval"] = ["Core", "Numerics", "Events", "Audio", "Features", "Models"],
        ["Ranking"] = ["Core", "Numerics", "Events", "Audio", "Features", "Models", "Retrieval"],
        ["Radio"] = ["Core", "Numerics", "Events", "Audio", "Features", "Models", "Retrieval", "Ranking", "Experiments"],
        ["Evaluation"] =
            ["Core", "Numerics", "Events", "Audio", "Features", "Models", "Retrieval", "Ranking", "Experiments", "Radio"],
        ["Server"] =
            ["Core", "Numerics", "Events", "Audio", "Features", "Models", "Retrieval", "Ranking", "Experiments", "Radio", "Evaluation"],
        ["Cli"] =
        [
            "Core", "Numerics", "Events", "Audio", "Features", "Models", "Retrieval", "Ranking", "Experiments", "Radio", "Evaluation",
            "Server",
        ],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_refers_only_to_those_above_it(string project)
        => Assert.Subset(Allowed[project].ToHashSet(), References(project).ToHashSet());

    [Fact]
    public void Every_source_project_stands_in_the_table_and_in_the_solution()
    {
        var onDisk = Directory.GetDirectories(Path.Combine(Root, "src")).Select(Name).Order();
        var solution = File.ReadAllText(Path.Combine(Root, "Segue.slnx"));

        Assert.Equal(Allowed.Keys.Order(), onDisk);
        Assert.All(Allowed.Keys, project => Assert.Contains($"src/Segue.{project}/Segue.{project}.csproj", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Only_server_and_cli_know_the_web_host_or_the_command_line()
        => Assert.All(
            Allowed.Keys.Except(["Server", "Cli"]),
            project => Assert.DoesNotContain(
                Elements(project, "PackageReference").Concat(Elements(project, "FrameworkReference")),
                package => package.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                    || package.StartsWith("Microsoft.Extensions", StringComparison.Ordinal)
                    || package is "System.CommandLine" or "Spectre.Console"));

    private static IEnumerable<string> References(string project)
        => Elements(project, "ProjectReference").Select(path => Name(Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))));

    private static IEnumerable<string> Elements(string project, string element)
        => XDocument.Load(Path.Combine(Root, "src", $"Segue.{project}", $"Segue.{project}.csproj"))
            .Descendants(element)
            .Select(found => found.Attribute("Include")!.Value);

    private static string Name(string path) => Path.GetFileName(path)["Segue.".Length..];

    private static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Segue.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Segue.slnx was not found above the tests.");
        }
        return folder;
    }
}
