using Segue.Features;
using Segue.Numerics;

namespace Segue.Ranking.Rules;

/// <summary>A track that a sitting played, to whatever point.</summary>
/// <param name="At">When it ended.</param>
public readonly record struct TimedPlay(int Track, DateTimeOffset At);

/// <summary>What can be said of a track's sound without any model.</summary>
/// <param name="Energy">How lively, in [0, 1].</param>
/// <param name="Tempo">Beats a minute, in [40, 240]; 0 where no pulse was found.</param>
/// <param name="Loudness">LUFS, in [-70, 10].</param>
/// <param name="Brightness">Mean of the power spectrum over frequency in Hz, at least 0.</param>
public readonly record struct TrackSound(float Energy, float Tempo, float Loudness, float Brightness);

/// <summary>What rules know of a track beside the catalogue.</summary>
/// <param name="Album">Equal for tracks of one album; null where none is known.</param>
/// <param name="Sound">Null where nobody listened to it.</param>
public readonly record struct TrackFacts(string? Album, TrackSound? Sound);

/// <summary>What a list is made from.</summary>
/// <param name="Ranking">Candidates, best first.</param>
/// <param name="Before">Tracks of the sitting, oldest first.</param>
public sealed record ListScene(CatalogueIndex Catalogue, IReadOnlyList<RankedTrack> Ranking, IReadOnlyList<int> Before)
{
    /// <summary>By row; rows behind its end are unknown.</summary>
    public IReadOnlyList<TrackFacts> Facts { get; init; } = [];

    /// <summary>Rows that the listener heard before this sitting.</summary>
    public IReadOnlySet<int> Familiar { get; init; } = new HashSet<int>();

    /// <summary>Places of tracks in taste, shape [rows × d]; null: unknown.</summary>
    public DenseMatrix? Places { get; init; }

    /// <summary>What the sitting played, oldest first; at least that of the last three hours.</summary>
    public IReadOnlyList<TimedPlay> Plays { get; init; } = [];

    /// <summary>When the first track of the list begins.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>The track of a candidate.</summary>
    public int Track(int candidate) => Ranking is RankedPool pool ? pool.TrackAt(candidate) : Ranking[candidate].Track;

    /// <summary>The score of a candidate.</summary>
    public float Score(int candidate) => Ranking is RankedPool pool ? pool.ScoreAt(candidate) : Ranking[candidate].Score;

    public TrackFacts FactsOf(int track) => track < Facts.Count ? Facts[track] : default;
}
