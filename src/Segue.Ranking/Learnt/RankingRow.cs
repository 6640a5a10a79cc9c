using Segue.Core;

namespace Segue.Ranking.Learnt;

/// <summary>One shown track with what became of it: what a ranker learns from.</summary>
/// <param name="Group">The answer in which it was shown: a number that says nothing of anybody.</param>
/// <param name="At">When it was shown.</param>
/// <param name="Position">Place in the answer, from 0.</param>
/// <param name="Propensity">Probability with which the track was placed there, in (0, 1].</param>
/// <param name="ModelVersion">The model set that answered, as impressions name it.</param>
/// <param name="Seen">Features as they were then; with the factors of the answer, where they were kept.</param>
/// <param name="Taken">Heard to its end, voted up or put on a playlist; false: refused.</param>
public sealed record RankingRow(
    int Group, DateTimeOffset At, TrackId Track, int Position, double Propensity, string ModelVersion, Observation Seen, bool Taken);
