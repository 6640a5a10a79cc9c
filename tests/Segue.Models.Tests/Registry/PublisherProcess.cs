using System.Diagnostics;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;
using Segue.Numerics;

namespace Segue.Models.Tests.Registry;

/// <summary>A process that publishes one set of models after the other until it is killed: this test program, started anew with a variable set. It writes
/// each version that was published.</summary>
internal static class PublisherProcess
{
    private const string FolderVariable = "SEGUE_TEST_PUBLISHER";
    private const int Users = 20_000, Items = 2_000, Factors = 16;   // 1.4 MB of factors: long enough to be killed in

    public static Process Start(string folder)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PublisherProcess).Assembly.Location]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment[FolderVariable] = folder;
        start.Environment["DOTNET_TieredPGO"] = "0";   // starts sooner
        return Process.Start(start)!;
    }

    /// <summary>Acts as a publisher when the variable is set; false when it is not.</summary>
    public static bool RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder)
        {
            return false;
        }
        var registry = new ModelRegistry(folder);
        for (var number = registry.Versions().Count; ; number++)
        {
            Console.Out.WriteLine(registry.Publish(Models(number)));
            Console.Out.Flush();
        }
    }

    /// <summary>Models in which every number tells which publication it is of.</summary>
    public static IRecommenderModel[] Models(int number)
    {
        DenseMatrix users = new(Users, Factors), items = new(Items, Factors);
        users.AsSpan().Fill(number);
        items.AsSpan().Fill(number);
        var likes = Enumerable.Repeat((float)number, Items).ToArray();
        return
        [
            new ImplicitAlsModel(new() { Factors = Factors }, users, items),
            new CooccurrenceModel(new(), true, Users, [.. Enumerable.Range(0, Items).Select(item => new ScoredItem[] { new(item, number) })], likes),
            new MostPopularModel(Users, likes),
        ];
    }
}
