namespace Segue.Ranking.Rules;

/// <summary>Which rules hold for a list.</summary>
public static class ListRules
{
    /// <summary>The rules of a listener's wishes and of the radio itself; only those that can change something.</summary>
    public static IReadOnlyList<ListRule> For(ListScene scene, ListWishes wishes, ArtistSpacingOptions spacing) =>
    [
        new ArtistSpacing(scene, spacing),
        .. If(scene.Facts.Count > 0, () => new AlbumSpacing(scene, spacing.Gap, spacing.MostInList)),
        .. If(wishes.IsWebRadio, () => new WebRadioRule(scene)),
        .. If(wishes.Discovery != 0, () => new Familiarity(scene, wishes.Discovery)),
        .. If(HasTargets(wishes), () => new SoundTargets(scene, wishes)),
        .. If(wishes.Diversity > 0 && scene.Places is not null, () => new Diversity(scene, wishes.Diversity)),
    ];

    private static bool HasTargets(ListWishes wishes)
        => wishes.Smoothness > 0 || wishes.Energy.Target is not null || wishes.Tempo.Target is not null
            || wishes.Loudness.Target is not null || wishes.Brightness.Target is not null;

    private static ListRule[] If(bool holds, Func<ListRule> make) => holds ? [make()] : [];
}
