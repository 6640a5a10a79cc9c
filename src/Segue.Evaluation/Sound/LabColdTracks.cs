using Segue.Evaluation.Lab;
using Segue.Evaluation.Lab.Sound;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>Which tracks of a lab world are new to a service: half of them by artists of whom it knows nothing, half by artists that it knows.</summary>
internal sealed class LabColdTracks
{
    /// <param name="share">Of the tracks, in (0, 1).</param>
    public LabColdTracks(LabWorld world, double share)
    {
        (World, Artists) = (world, world.Truth.Catalogue.Artists);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        Albums = [.. world.Catalogue.Select(track => names.TryAdd(WaveFile.Album(track), names.Count) ? names.Count - 1 : names[WaveFile.Album(track)])];
        var random = new SeededRandom(world.Options.Seed, 0xC01D);
        var wanted = (int)Math.Round(share * world.Catalogue.Count);
        Cold = [.. Draw(wanted, ref random).Order()];
        IsCold = new bool[world.Catalogue.Count];
        foreach (var track in Cold)
        {
            IsCold[track] = true;
        }
    }

    public LabWorld World { get; }

    /// <summary>By lab index, as <see cref="Albums"/> and <see cref="IsCold"/>.</summary>
    public IReadOnlyList<int> Artists { get; }
    public IReadOnlyList<int> Albums { get; }
    public bool[] IsCold { get; }

    /// <summary>Lab indices, ascending.</summary>
    public IReadOnlyList<int> Cold { get; }

    // Whole artists in a drawn order while they fit into half of what is wanted, then one track of each other artist that has more, again and again.
    private List<int> Draw(int wanted, ref SeededRandom random)
    {
        var artists = Enumerable.Range(0, Artists.Count).GroupBy(track => Artists[track]).Select(group => group.ToArray()).ToArray();
        random.Shuffle(artists.AsSpan());
        foreach (var tracks in artists)
        {
            random.Shuffle(tracks.AsSpan());
        }
        var (cold, known) = (new List<int>(), new List<int[]>());
        foreach (var tracks in artists)
        {
            if (cold.Count + tracks.Length <= wanted / 2)
            {
                cold.AddRange(tracks);
            }
            else
            {
                known.Add(tracks);
            }
        }
        cold.AddRange(Enumerable.Range(0, Artists.Count).SelectMany(turn => known.Where(tracks => turn < tracks.Length - 1).Select(tracks => tracks[turn])).Take(wanted - cold.Count));
        return cold;
    }
}
