using Segue.Features.Interactions;

namespace Segue.Ranking.Exploring;

/// <summary>A track that few have heard.</summary>
/// <param name="Kept">Listeners who like it by now.</param>
/// <param name="Refused">Listeners who skipped it or voted it down.</param>
public readonly record struct NewTrack(int Track, int Kept, int Refused);

/// <summary>The tracks of a catalogue that few have heard.</summary>
public static class NewTracks
{
    /// <summary>Tracks looked at for a list; of more, those of the highest rows, which came last.</summary>
    public const int Most = 2000;

    /// <summary>Those that fewer than so many listeners kept or refused, by row. O(interactions).</summary>
    public static IReadOnlyList<NewTrack> Of(TrainingSet data, int untilListeners)
    {
        var (kept, refused) = (new int[data.Items], new int[data.Items]);
        for (var user = 0; user < data.Users; user++)
        {
            var row = data.Strengths.Row(user);
            for (var n = 0; n < row.Count; n++)
            {
                (row.Values[n] > 0 ? kept : refused)[row.Columns[n]]++;
            }
        }
        return [.. Enumerable.Range(0, data.Items).Where(track => kept[track] + refused[track] < untilListeners).TakeLast(Most).Select(track => new NewTrack(track, kept[track], refused[track]))];
    }
}
