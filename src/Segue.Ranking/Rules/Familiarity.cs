namespace Segue.Ranking.Rules;

/// <summary>Moves a list towards what the listener knows, or away from it.</summary>
/// <remarks>A track is familiar by 1 where the listener heard it before this sitting, by 0.5 where only its artist was heard, else by 0. Its score
/// changes by −3 · discovery · (2 · familiarity − 1): at the ends a track heard before and one of a new artist are 6 points apart, as much as taste and sitting
/// together tell a good track from a middling one.</remarks>
/// <param name="discovery">From -1, what is known, to 1, what is new.</param>
public sealed class Familiarity(ListScene scene, float discovery) : ListRule
{
    private const float Weight = 3;
    private readonly HashSet<int> _artists = [.. scene.Familiar.Select(scene.Catalogue.ArtistOf)];

    public override string Name => "familiarity";

    public override float MostAdded => Weight * Math.Abs(discovery);

    public override bool OnlyFalls => true;   // it stays

    public override float Change(int candidate)
    {
        var track = scene.Track(candidate);
        var familiar = scene.Familiar.Contains(track) ? 1 : _artists.Contains(scene.Catalogue.ArtistOf(track)) ? 0.5f : 0;
        return -Weight * discovery * (2 * familiar - 1);
    }
}
