using Segue.Numerics;

namespace Segue.Retrieval.Sounds;

/// <summary>A track on the way from one song to another.</summary>
/// <param name="Track">Row of the catalogue.</param>
/// <param name="Position">How far along the way it lies, 0 the first song and 1 the last; a track may lie a little before or behind its place.</param>
/// <param name="Similarity">Cosine with the track before it; 1 for the first.</param>
public readonly record struct SoundStep(int Track, float Position, float Similarity);

/// <summary>What a path may vary.</summary>
public sealed record SoundPathOptions
{
    /// <summary>Tracks of the path, both ends among them; 2 to 200.</summary>
    public int Count { get; init; } = 25;

    /// <summary>Told a track; false keeps the path from it. Must be safe for several threads. Null keeps all.</summary>
    public Func<int, bool>? Keep { get; init; }

    /// <summary>Null leaves artists out of account.</summary>
    public ArtistGap? Artists { get; init; }

    public int Threads { get; init; } = 1;
}

/// <summary>Finds the tracks that lead from one song to another, in steps of even size.</summary>
/// <remarks>
/// The two vectors span a great circle; points are set on the arc between them at even angles. Each point asks for the tracks nearest to it, in one pass over the space for all
/// points, and a beam search picks one of them for each: Σ (1 − cosine with the point) + 2 (advance along the arc − what is left of it ÷ steps left)², in radians, is the least of what
/// the beam holds.
/// Ties go to the track added earlier, so equal spaces give equal paths. O(n d points) for the pass, then O(points² · beam · candidates).
/// </remarks>
public static class SoundPath
{
    private const int MostCount = 200, Beam = 16, Candidates = 48;
    private const double Evenness = 2;

    /// <returns>The path, without repeats; shorter where the space has too few tracks.</returns>
    /// <exception cref="ArgumentException">A track has no sound, both ends are one track, or the count is out of range.</exception>
    public static IReadOnlyList<SoundStep> Find(SoundSpace space, int from, int to, SoundPathOptions options, CancellationToken cancellation = default)
    {
        if (options.Count is < 2 or > MostCount)
        {
            throw new ArgumentException($"A path of {options.Count} tracks is asked for; allowed are 2 to {MostCount}.");
        }
        if (from == to)
        {
            throw new ArgumentException("A path needs two different tracks.");
        }
        var arc = new SoundArc(space.Vector(from), space.Vector(to));
        var inner = options.Count - 2;
        var points = new DenseMatrix(inner, space.Dimensions);
        for (var n = 0; n < inner; n++)
        {
            arc.At(arc.Angle * (n + 1) / (inner + 1), points.Row(n));
        }
        var near = inner == 0 ? [] : space.Search(
            points, Candidates + options.Count, (_, track) => track != from && track != to && options.Keep?.Invoke(track) != false, true, options.Threads, cancellation);
        var beam = new List<Way> { new(from, 0, 0, null) };
        for (var n = 0; n < inner; n++)
        {
            var extended = Extend(space, arc, beam, near[n], options.Artists, (to, inner - n - 1));
            beam = extended.Count > 0 ? extended : beam;
        }
        return Steps(space, arc, beam[0], to);
    }

    private static List<Way> Extend(SoundSpace space, SoundArc arc, List<Way> beam, SoundMatch[] candidates, ArtistGap? artists, (int Track, int Between) end)
    {
        var angles = Array.ConvertAll(candidates, candidate => arc.AngleOf(space.Vector(candidate.Track)));
        bool IsFree(IReadOnlyList<int> before, int track)
            => artists is null || (artists.Allows(track, before) && (end.Between >= artists.Gap || artists.Allows(track, [end.Track])));

        foreach (var strict in new[] { true, false })
        {
            var found = new List<Way>();
            foreach (var way in beam)
            {
                var (before, step) = (way.Tracks().ToList(), Math.Max(0, arc.Angle - way.Angle) / (end.Between + 2));
                for (var n = 0; n < candidates.Length; n++)
                {
                    if (!before.Contains(candidates[n].Track) && (!strict || IsFree(before, candidates[n].Track)))
                    {
                        var uneven = angles[n] - way.Angle - step;
                        found.Add(new(candidates[n].Track, angles[n], way.Cost + 1 - candidates[n].Similarity + Evenness * uneven * uneven, way));
                    }
                }
            }
            if (found.Count > 0)
            {
                // One way to each track: else the beam would hold one path many times but for its beginning.
                return [.. found.OrderBy(way => way.Cost).ThenBy(way => space.PlaceOf(way.Track)).DistinctBy(way => way.Track).Take(Beam)];
            }
        }
        return [];
    }

    private static List<SoundStep> Steps(SoundSpace space, SoundArc arc, Way last, int to)
    {
        var steps = new List<SoundStep>();
        int[] tracks = [.. last.Tracks().Reverse(), to];
        for (var n = 0; n < tracks.Length; n++)
        {
            var position = n == 0 ? 0 : n == tracks.Length - 1 ? 1 : arc.Angle > 0 ? arc.AngleOf(space.Vector(tracks[n])) / arc.Angle : 0;
            steps.Add(new(tracks[n], (float)position, n == 0 ? 1 : space.Similarity(tracks[n - 1], tracks[n])));
        }
        return steps;
    }

    /// <summary>A path so far, the last track first.</summary>
    private sealed record Way(int Track, double Angle, double Cost, Way? Before)
    {
        public IEnumerable<int> Tracks()
        {
            for (var way = this; way is not null; way = way.Before)
            {
                yield return way.Track;
            }
        }
    }
}

/// <summary>The arc of a great circle between two directions.</summary>
internal sealed class SoundArc
{
    private const float Least = 1e-5f;
    private readonly float[] _first, _across;   // an orthonormal pair; the second is zero where the directions are the same

    /// <param name="first">Of length 1.</param>
    /// <param name="last">Of length 1.</param>
    public SoundArc(float[] first, float[] last)
    {
        var cosine = Math.Clamp(Vectors.Dot(first, last), -1, 1);
        (_first, _across) = (first, Across(first, last));
        Angle = Math.Atan2(Vectors.Dot(last, _across), cosine);
        if (cosine < 0 && Angle < Math.PI / 2)   // opposite: any half circle will do
        {
            var axis = new float[first.Length];
            axis[Array.IndexOf(first, first.MinBy(MathF.Abs))] = 1;
            (_across, Angle) = (Across(first, axis), Math.PI);
        }
    }

    /// <summary>Angle between the two, in [0, π].</summary>
    public double Angle { get; }

    /// <summary>The direction at an angle from the first.</summary>
    public void At(double angle, Span<float> direction)
    {
        direction.Clear();
        Vectors.AddScaled(direction, _first, (float)Math.Cos(angle));
        Vectors.AddScaled(direction, _across, (float)Math.Sin(angle));
    }

    /// <summary>The angle at which a direction's shadow on the circle's plane lies, in (-π, π].</summary>
    public double AngleOf(ReadOnlySpan<float> direction) => Math.Atan2(Vectors.Dot(direction, _across), Vectors.Dot(direction, _first));

    private static float[] Across(float[] first, float[] other)
    {
        var across = other.ToArray();
        Vectors.AddScaled(across, first, -Vectors.Dot(first, other));
        var length = Vectors.Norm(across);
        return Array.ConvertAll(across, value => length > Least ? value / length : 0);
    }
}
