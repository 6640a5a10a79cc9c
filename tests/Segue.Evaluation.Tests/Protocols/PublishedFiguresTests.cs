using System.Globalization;
using Segue.Evaluation.Protocols;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Protocols;

/// <summary>The evaluator against figures of the most popular items on splits that papers published.</summary>
/// <remarks>The data are not part of the repository; without them these tests say so and are left out.</remarks>
public sealed class PublishedFiguresTests
{
    private const double Tolerance = 0.001;

    [Fact]
    public void Most_popular_under_full_ranking_on_the_lightgcn_split()
    {
        var (train, test) = (Triples("lastfm-lightgcn-split", "data1.txt"), Triples("lastfm-lightgcn-split", "test1.txt"));
        var items = train.Concat(test).Max(e => e.Item) + 1;
        var set = new TrainingSet(CsrMatrix.FromTriplets(train.Concat(test).Max(e => e.User) + 1, items, train));
        var cases = test.GroupBy(e => e.User, e => e.Item).OrderBy(g => g.Key)
            .Select(g => new EvaluationCase(UserHistory.Of(set, g.Key), g.ToHashSet()));

        var metrics = MostPopular(new(Protocol.Full, set, [.. cases]));

        Assert.Equal(0.0376, metrics["recall@20"], Tolerance);
        Assert.Equal(0.0214, metrics["ndcg@20"], Tolerance);
    }

    [Fact]
    public void Most_popular_among_sampled_negatives_on_the_deepcf_split()
    {
        var train = Triples("lastfm-deepcf-split", "lastfm.train.rating");
        var tests = Lines("lastfm-deepcf-split", "lastfm.test.negative").Select(line =>
        {
            var fields = line.Split('\t');
            var pair = fields[0].Trim('(', ')').Split(',');
            return (User: Whole(pair[0]), Item: Whole(pair[1]), Negatives: fields[1..].Where(field => field.Length > 0).Select(Whole).ToArray());
        }).ToList();
        var items = Math.Max(train.Max(e => e.Item), tests.Max(t => Math.Max(t.Item, t.Negatives.Max()))) + 1;
        var set = new TrainingSet(CsrMatrix.FromTriplets(Math.Max(train.Max(e => e.User), tests.Max(t => t.User)) + 1, items, train));

        var metrics = MostPopular(new(Protocol.Sampled, set,
            [.. tests.Select(t => new EvaluationCase(UserHistory.Of(set, t.User), new HashSet<int> { t.Item }, t.Negatives))]));

        Assert.Equal(0.6646, metrics["hr@10"], Tolerance);
        Assert.Equal(0.3843, metrics["ndcg@10"], Tolerance);
    }

    [Fact]
    public void Most_popular_as_the_next_item_on_the_s3rec_sequences()
    {
        var sequences = Lines("lastfm-s3rec-sequences", "LastFM.txt").Select(line => line.Split(' ')[1..].Select(Whole).ToArray()).ToArray();

        var metrics = MostPopular(EvaluationSet.NextItem(sequences, sequences.SelectMany(items => items).Max() + 1));

        Assert.Equal(0.0440, metrics["hr@10"], Tolerance);
        Assert.Equal(0.0201, metrics["ndcg@10"], Tolerance);
    }

    private static IReadOnlyDictionary<string, double> MostPopular(EvaluationSet set)
        => RankingEvaluator.Evaluate(
            ModelKinds.Get("popular").Trainer().Train(set.Train, new(1, 2, Cancellation: TestContext.Current.CancellationToken)),
            set, 2, TestContext.Current.CancellationToken);

    private static List<(int User, int Item, float Count)> Triples(string set, string name)
        => [.. Lines(set, name).Select(line => line.Split('\t')).Select(f => (Whole(f[0]), Whole(f[1]), float.Parse(f[2], CultureInfo.InvariantCulture)))];

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Lines(string set, string name)
    {
        var path = Path.Combine(DataFolder(), set, name);
        Assert.SkipUnless(File.Exists(path), $"The public data set {set} is not here; set SEGUE_DATA to the folder that holds it.");
        return File.ReadLines(path).Where(line => line.Length > 0);
    }

    private static string DataFolder()
    {
        if (Environment.GetEnvironmentVariable("SEGUE_DATA") is { Length: > 0 } given)
        {
            return given;
        }
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Segue.slnx")))
        {
            folder = folder.Parent;
        }
        return Path.Combine(folder?.FullName ?? "", "..", "shared", "data");
    }
}
