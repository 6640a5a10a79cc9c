using Segue.Models.Tags;
using Segue.Numerics;

namespace Segue.Retrieval.Nearest;

/// <summary>The space of tags as the funnel searches it: places alone, for popularity and freshness are the order's to weigh.</summary>
public static class TagDirections
{
    /// <param name="version">Of the model set.</param>
    /// <returns>Null where no track has a place.</returns>
    public static DirectionIndex? Of(TagSpaceModel model, string version)
    {
        ArgumentNullException.ThrowIfNull(model);
        int[] tagged = [.. Enumerable.Range(0, model.Items).Where(item => Vectors.Norm(model.Place(item)) > 0)];
        if (tagged.Length == 0)
        {
            return null;
        }
        var places = new DenseMatrix(tagged.Length, model.Dimensions);
        for (var n = 0; n < tagged.Length; n++)
        {
            model.Place(tagged[n]).CopyTo(places.Row(n));
        }
        GC.KeepAlive(model);
        return DirectionIndex.Create(version, tagged, places);
    }
}
