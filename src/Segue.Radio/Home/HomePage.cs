using Segue.Core;

namespace Segue.Radio.Home;

/// <summary>One row of a first screen.</summary>
/// <param name="Kind">made-for-you, because-you-played, trending, new, genre or discover.</param>
/// <param name="Title">In words for the listener.</param>
/// <param name="Reason">Why its tracks are there, for all of them; each names what counts for itself.</param>
/// <param name="Tracks">Best first, positions counted over the whole page; never empty.</param>
public sealed record HomeRow(string Kind, string Title, string Reason, IReadOnlyList<RecommendedTrack> Tracks);

/// <summary>A first screen: rows of tracks new to a listener, none of which stands in two of them.</summary>
/// <param name="MadeAt">When the list of the first row was made; null where it was computed now.</param>
public sealed record HomePage(RecommendationId Recommendation, string ModelVersion, DateTimeOffset? MadeAt, IReadOnlyList<HomeRow> Rows);
