using Segue.Features.Interactions;
using Segue.Models;

namespace Segue.Evaluation.Tests.Protocols;

/// <summary>A model that says the same to everybody, so that a rank can be counted by hand.</summary>
internal sealed class FixedScores(params float[] values) : IRecommenderModel
{
    public string Kind => "fixed";
    public int Users => 0;
    public int Items => values.Length;

    /// <summary>Item 0 is best, and so on down.</summary>
    public static FixedScores Falling(int items) => new([.. Enumerable.Range(0, items).Select(item => (float)-item)]);

    public void Score(UserHistory user, Span<float> scores) => values.CopyTo(scores);
    public Explanation Explain(UserHistory user, int item) => new(ExplanationBasis.Chance, []);
    public void Save(Stream stream) => throw new NotSupportedException();
}
