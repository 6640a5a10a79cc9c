using Segue.Features.Interactions;
using Segue.Models.Factorization;

namespace Segue.Retrieval;

/// <summary>Which tracks came lately: those added since the models were trained, and those first listened to shortly before.</summary>
/// <remarks>No catalogue tells a day of release of all its tracks, so a track comes on the day of its first listen. Where the data reach back over a short time only, much was
/// first listened to lately that is not new: so lately is the last tenth of that time, and at most 30 days.</remarks>
public sealed class NewReleases
{
    private const float Longest = 30, ShareOfTime = 0.1f;   // days
    private const int Most = 10_000;

    private ReleaseOrder? _order;

    private NewReleases(IReadOnlyList<(int Track, float Days)> tracks) => Tracks = tracks;

    /// <summary>Rows of the catalogue with the days since they came, the newest first: at most 10,000.</summary>
    public IReadOnlyList<(int Track, float Days)> Tracks { get; }

    /// <summary>By what they can score under a model; kept for the one that was asked for last. Thread-safe.</summary>
    internal ReleaseOrder In(ImplicitAlsModel taste)
        => Volatile.Read(ref _order) is { } known && ReferenceEquals(known.Of, taste) ? known : _order = new(this, taste);

    /// <summary>One pass over the actions of the data; nothing is new where their time is not known.</summary>
    /// <param name="trained">Tracks from this row on were added since the training.</param>
    public static NewReleases Of(TrainingSet data, int trained)
    {
        var days = data.HasAges ? data.FirstListens() : [];
        var lately = Math.Min(Longest, ShareOfTime * days.DefaultIfEmpty().Max());
        var first = Enumerable.Range(0, days.Length).Where(track => days[track] >= 0 && days[track] < lately).Select(track => (track, days[track]));
        return new NewReleases([.. first.OrderBy(entry => entry.Item2).ThenBy(entry => entry.track)]).With(trained, data.Items);
    }

    /// <summary>The same with tracks that came since, from one row to before another.</summary>
    public NewReleases With(int from, int to)
        => new([.. Enumerable.Range(from, Math.Max(0, to - from)).Select(track => (track, 0f)).Concat(Tracks.Where(entry => entry.Track < from || entry.Track >= to)).Take(Most)]);
}
