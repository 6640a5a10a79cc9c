using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Similarity;

namespace Segue.Models.Registry;

/// <summary>The models that serve together, all trained on the same rows.</summary>
/// <param name="Version">Name of the published set, such as <c>000003</c>; impressions carry it.</param>
/// <param name="Rows">What the rows are; null for a set that was never published, whose trainer knows.</param>
public sealed record ModelSet(
    string Version, ImplicitAlsModel Taste, CooccurrenceModel Neighbors, MostPopularModel Popular, ModelRows? Rows = null)
{
    public int Users => Taste.Users;
    public int Items => Taste.Items;

    /// <summary>Ends when every byte of the models' files was compared with its checksum; fails with <see cref="InvalidDataException"/> where one differs.
    /// Ended already for models that were not opened in place.</summary>
    public Task Verified { get; init; } = Task.CompletedTask;
}
