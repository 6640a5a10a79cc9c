using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>How well a measure of likeness finds the tracks of one album, each track asked in turn.</summary>
/// <param name="Tracks">Tracks that were asked: those with another of their album.</param>
/// <param name="PrecisionAt1">Share of them whose nearest track is of their album.</param>
/// <param name="PrecisionAt5">Mean share of their album among the five nearest.</param>
/// <param name="MeanAveragePrecision">Mean over them of the precision at each track of their album, all others ranked.</param>
public sealed record AlbumRetrieval(int Tracks, double PrecisionAt1, double PrecisionAt5, double MeanAveragePrecision)
{
    /// <summary>Ranks by cosine.</summary>
    /// <param name="vectors">Shape [tracks × d].</param>
    /// <param name="albums">Album of each track.</param>
    public static AlbumRetrieval ByCosine(DenseMatrix vectors, IReadOnlyList<int> albums)
        => By((a, b) => Vectors.Cosine(vectors.Row(a), vectors.Row(b)), albums);

    /// <summary>Ranks by any likeness, higher first; equal ones by the lower track. O(n² log n).</summary>
    public static AlbumRetrieval By(Func<int, int, double> likeness, IReadOnlyList<int> albums)
    {
        var (asked, at1, at5, map) = (0, 0.0, 0.0, 0.0);
        for (var track = 0; track < albums.Count; track++)
        {
            var others = Enumerable.Range(0, albums.Count).Where(other => other != track)
                .Select(other => (other, Likeness: likeness(track, other)))
                .OrderByDescending(other => other.Likeness).ThenBy(other => other.other)
                .Select(other => albums[other.other] == albums[track]).ToArray();
            var relevant = others.Count(isOfAlbum => isOfAlbum);
            if (relevant == 0)
            {
                continue;
            }
            asked++;
            at1 += others[0] ? 1 : 0;
            at5 += others.Take(5).Count(isOfAlbum => isOfAlbum) / 5.0;
            var (found, sum) = (0, 0.0);
            for (var place = 0; place < others.Length; place++)
            {
                if (others[place])
                {
                    sum += ++found / (place + 1.0);
                }
            }
            map += sum / relevant;
        }
        return asked == 0 ? new(0, 0, 0, 0) : new(asked, at1 / asked, at5 / asked, map / asked);
    }

    /// <summary>What a uniform order gives in the mean: the chance of each track's nearest to be of its album. Exact for precision; mAP's expectation
    /// is a little higher and is measured by <see cref="By"/> with a random likeness.</summary>
    public static double Chance(IReadOnlyList<int> albums)
    {
        var sizes = albums.GroupBy(album => album).Select(group => group.Count()).Where(size => size > 1).ToList();
        return sizes.Count == 0 ? 0 : sizes.Sum(size => size * (size - 1.0)) / (sizes.Sum() * (albums.Count - 1.0));
    }
}
