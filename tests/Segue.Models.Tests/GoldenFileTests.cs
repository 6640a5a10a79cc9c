using System.Text.Json;
using Segue.Features.Interactions;

namespace Segue.Models.Tests;

/// <summary>Files that an earlier program wrote answer as they did then. <c>Golden/</c> holds one of each kind and format, learnt from a chance world of
/// 12 users and 10 items, and the scores it gave.</summary>
public sealed class GoldenFileTests
{
    private static readonly UserHistory[] Questions =
    [
        new(0, [1, 2], [1, 3]), new(11, [], []), UserHistory.Empty, UserHistory.OfItems([3, 4, 4, 8]), new(null, [0, 5, 7], [2, -1, 0.5f]),
    ];

    public static TheoryData<string> Files { get; } = [.. Directory.GetFiles(Folder, "*.model").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    [Theory, MemberData(nameof(Files))]
    public void A_file_of_an_earlier_program_answers_as_it_did_then(string name)
    {
        using var file = File.OpenRead(Path.Combine(Folder, name));
        AssertAnswers(ModelKinds.Load(file));
        AssertAnswers(ModelKinds.Open(file.Name).Model);
    }

    private static void AssertAnswers(IRecommenderModel model)
    {
        var expected = JsonSerializer.Deserialize<float[][]>(File.ReadAllText(Path.Combine(Folder, $"{model.Kind}.scores.json")))!;

        Assert.Equal(expected.Length, Questions.Length);
        Assert.All(Questions.Zip(expected), pair =>
        {
            var (user, scores) = pair;
            // Processors of another vector width add in another order.
            Assert.All(Worlds.Scores(model, user).Zip(scores), both => Assert.Equal(both.Second, both.First, 1e-5f));
        });
    }

    [Theory]
    [InlineData("random"), InlineData("popular"), InlineData("als"), InlineData("cooccurrence")]
    public void Format_1_of_each_kind_that_had_it_is_here(string kind) => Assert.Contains(Files, row => row.Data == $"{kind}-1.model");

    [Fact]
    public void Format_2_of_every_kind_is_here()
        => Assert.All(ModelKinds.All, kind => Assert.Contains(Files, row => row.Data == $"{kind.Name}-2.model"));

    [Fact]
    public void What_format_1_held_is_written_in_format_2_as_it_always_was()
    {
        foreach (var kind in new[] { "random", "popular", "cooccurrence" })   // als gains what it computed when it loaded
        {
            using var file = File.OpenRead(Path.Combine(Folder, $"{kind}-1.model"));

            Assert.Equal(File.ReadAllBytes(Path.Combine(Folder, $"{kind}-2.model")), Worlds.Bytes(ModelKinds.Load(file)));
        }
    }
}
