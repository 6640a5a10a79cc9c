using Segue.Core;
using Segue.Events.Files;
using Segue.Radio;
using Segue.Retrieval.Lists;

namespace Segue.Server.Stores;

/// <summary>Makes the lists of a store: first a draft beside, then its publishing by one rename. A process that is killed leaves the old file as it was.</summary>
/// <param name="path">The file of lists.</param>
/// <param name="repertoire">Models, and what listeners did up to now: what they heard, refused or banned is not in their lists.</param>
/// <param name="length">Tracks of a list.</param>
public sealed class ListMaker(string path, Repertoire repertoire, int length, int threads)
{
    private readonly string _draft = path + ".draft";

    /// <param name="lastSeen">When each user did something last; null makes everybody's list.</param>
    /// <param name="since">With <paramref name="lastSeen"/>: who did nothing since gets no list.</param>
    /// <inheritdoc cref="ListJob.Write"/>
    public ListReport Draft(
        IReadOnlyDictionary<string, DateTimeOffset>? lastSeen, DateTimeOffset since, DateTimeOffset now, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        var (models, users) = (repertoire.Models, repertoire.Data.Users);
        bool IsActive(int row) => lastSeen is null || (lastSeen.TryGetValue(users[row], out var at) && at >= since);
        return new ListJob(models.Trained, length, threads).Write(
            _draft, models.Published, now, Enumerable.Range(0, models.Users).Where(IsActive), row => [.. repertoire.NotNewTo(new ListenerId(users[row])).TakeWhile(item => item < models.Trained.Items)], progress, cancellation);
    }

    /// <summary>Puts the draft into place.</summary>
    /// <param name="current">Version of the models in use. Lists of another version are dropped.</param>
    /// <returns>Whether the draft is in place.</returns>
    public bool Publish(string? current)
    {
        if (current != repertoire.Models.Published)
        {
            File.Delete(_draft);
            return false;
        }
        DurableFile.SyncAndPublish(_draft, path);
        return true;
    }

    /// <summary>Takes a user out of the lists after the models were published anew without them; lists of other models are deleted.</summary>
    /// <param name="before">Version of the models before.</param>
    /// <param name="after">The version without the user.</param>
    /// <returns>Whether there was a file.</returns>
    internal static bool Erase(string path, string? before, string? after, int row)
    {
        File.Delete(path + ".draft");
        if (!File.Exists(path))
        {
            return false;
        }
        try
        {
            using var lists = ListenerLists.Open(path);
            if (lists.ModelVersion == after)
            {
                return false;   // nobody was taken out of the models
            }
            if (lists.ModelVersion == before && after is not null)
            {
                ListenerLists.Rewrite(path, after, row);
                return true;
            }
        }
        catch (InvalidDataException)
        {
            // Of a damaged file nobody can say whose lists it has.
        }
        DurableFile.Delete(path);
        return true;
    }
}
