namespace Segue.Events.Tests.Wire;

/// <summary>The page <c>docs/events.md</c>.</summary>
internal static class Contract
{
    public static string Text()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Segue.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Segue.slnx was not found above the tests.");
        }
        return File.ReadAllText(Path.Combine(folder, "docs", "events.md"));
    }

    /// <summary>The JSON examples, in order.</summary>
    public static IReadOnlyList<string> Examples()
        => Text().Split("```json\n").Skip(1).Select(block => block.Split("\n```")[0]).ToArray();
}
