using Segue.Models.Registry;
using Segue.Radio;
using Segue.Ranking.Learnt;

namespace Segue.Server.Stores;

/// <summary>The learnt ranker that a server orders lists by, taken up as it is published. For one caller at a time.</summary>
/// <param name="published">Where rankers are published.</param>
/// <param name="onAir">Whose log is told of a ranker that cannot be used, once.</param>
public sealed class ServedRanker(PublishedFiles published, OnAir onAir)
{
    private string? _tried, _version;
    private RankingModels? _models;

    /// <summary>False: lists are ordered by the hand-weighted score, whatever is published.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Lets a repertoire be ordered by the published ranker; by the hand-weighted score where there is none, or it cannot be used. Costs the reading of a line where nothing changed.</summary>
    internal void Offer(Repertoire repertoire)
    {
        if (!IsOn)
        {
            return;
        }
        try
        {
            if (published.Current() is { } version && version != _tried)
            {
                _tried = version;   // once
                using var file = File.OpenRead(published.PathOf(version));
                (_models, _version) = (RankingModels.Load(file, file.Name), version);
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            onAir.Logger.LogError(fault, "The ranker of version {Version} cannot be used; the radio goes on with {Before}.", _tried, _version ?? "the hand-weighted score");
        }
        if (_models?.For(repertoire.Models.Published) is { } model && (repertoire.Ranker is not { } used || used.Version != _version))
        {
            repertoire.Ranker = new(model, _version!);
        }
    }
}
