using Segue.Features;
using Segue.Models.Registry;
using Segue.Retrieval.Nearest;
using Segue.Server.Stores;

namespace Segue.Server.Music;

/// <summary>How the tracks of a store sound, as its radio asks for it.</summary>
/// <remarks>For one caller at a time. What is made stays, and grows with the tracks that come; a new sound model makes it anew.</remarks>
public sealed class RadioSounds(StoreParts parts)
{
    private (CatalogueIndex Tracks, DirectionIndex Index)? _made;

    /// <summary>The vectors of a radio's tracks; null where no track has one, and where places in taste are places in sound already.</summary>
    public DirectionIndex? Index(ModelSet models, CatalogueIndex catalogue)
    {
        if (!File.Exists(parts.Layout.SoundLibrary) || models.IsOfSound || parts.SoundModels.Current() is not { } version)
        {
            return null;
        }
        var before = _made is { } made && made.Index.ModelVersion == version && StoreMusic.IsBehind(made.Tracks, catalogue) ? made.Index : null;
        var (rows, vectors) = (new List<int>(), new List<Half[]>());
        foreach (var (track, _, vector) in parts.Sound.ReadVectors(version))
        {
            if (catalogue.Find(track) is { } row && StoreMusic.IsDirection(vector))
            {
                rows.Add(row);
                vectors.Add(vector);
            }
        }
        if (rows.Count == 0)
        {
            return null;
        }
        if (before is not null && rows.Count(before.Has) == before.Count)
        {
            int[] added = [.. Enumerable.Range(0, rows.Count).Where(n => !before.Has(rows[n]))];
            before = before.With(Array.ConvertAll(added, n => rows[n]), StoreMusic.Matrix([.. added.Select(n => vectors[n])]));
        }
        else
        {
            before = DirectionIndex.Create(version, rows, StoreMusic.Matrix(vectors));
        }
        _made = (catalogue, before);
        return before;
    }
}
