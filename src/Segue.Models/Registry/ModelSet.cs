using Segue.Core;
using Segue.Models.ColdStart;
using Segue.Models.Factorization;
using Segue.Models.Playlists;
using Segue.Models.Popularity;
using Segue.Features.Interactions;
using Segue.Models.Similarity;
using Segue.Models.Sittings;
using Segue.Models.Tags;
using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Models.Registry;

/// <summary>The models that serve together, all trained on the same rows.</summary>
/// <param name="Version">Name of the set, such as <c>000003</c>, or <c>000003+12</c> where 12 tracks came since; impressions carry it.</param>
/// <param name="Rows">What the rows are; null for a set that was never published, whose trainer knows.</param>
public sealed record ModelSet(
    string Version, ImplicitAlsModel Taste, CooccurrenceModel Neighbors, MostPopularModel Popular, ModelRows? Rows = null)
{
    public int Users => Taste.Users;
    public int Items => Taste.Items;

    /// <summary>The version under which the set was published, without what came since.</summary>
    public string Published => PublishedOf(Version);

    /// <summary>The published version that a version begins with.</summary>
    public static string PublishedOf(string version) => version.Split('+')[0];

    /// <summary>How tracks that nobody heard were placed among the item factors, and later ones are; null where the training knew no sound.</summary>
    public (ColdWeights Weights, ColdFactorsOptions Options)? Cold { get; init; }

    /// <summary>Networks that tell a track's factors from its spectra; null where the training had none.</summary>
    public ColdNetwork? Network { get; init; }

    /// <summary>What was played in one go (see <see cref="WithSittings"/>); null where nobody asked for it, or the data have no order. The first to ask waits until it is made.</summary>
    public SittingModel? Sittings => LazySittings?.Value;

    /// <summary>Over the item factors of <see cref="Trained"/>, as it was published; null where it was not, and has to be made.</summary>
    public ByteIndex? Index { get; init; }

    /// <summary>Places of the tracks by their tags, without those that came since; null where the training knew none.</summary>
    public TagSpaceModel? Tags { get; init; }

    /// <summary>What stands together on playlists, without the tracks that came since; null where the training knew none.</summary>
    public PlaylistNeighborsModel? Playlists { get; init; }

    /// <summary>Taste without the tracks that came since: what is kept by row, beyond the life of this process, is made of it.</summary>
    public ImplicitAlsModel Trained { get => field ?? Taste; private init; }

    private Lazy<SittingModel?>? LazySittings { get; init; }

    private int Added { get; init; }

    /// <summary>True where nobody was listened to yet: then places in taste are places in sound.</summary>
    public bool IsOfSound { get; private init; }

    /// <summary>Ends when every byte of the models' files was compared with its checksum; fails with <see cref="InvalidDataException"/> where one differs.
    /// Ended already for models that were not opened in place.</summary>
    public Task Verified { get; init; } = Task.CompletedTask;

    /// <summary>A set for tracks of which nothing is known but their sound: a listener's factors are folded in from the sounds of what was kept.</summary>
    /// <param name="version">Name of the sound model.</param>
    /// <param name="vectors">A vector for each track, of length 1, or 0 where it has none; shape [tracks × d].</param>
    public static ModelSet OfSound(string version, IReadOnlyList<Track> tracks, DenseMatrix vectors)
    {
        Shape.RequireSame(vectors.Rows, tracks.Count);
        // Unit vectors in whitened directions: the sum over all tracks adds tracks ÷ d to each. Half a listen's weight in each direction keeps
        // two kept tracks apart from one.
        var options = new ImplicitAlsOptions { Factors = vectors.Columns, Alpha0 = Math.Min(100, 0.5 * vectors.Columns / Math.Max(1, tracks.Count)), Lambda = 0.01, Nu = 0 };
        return new(
            version, new ImplicitAlsModel(options, new(0, vectors.Columns), vectors),
            new CooccurrenceModel(new(), isOrdered: true, users: 0, [.. tracks.Select(_ => Array.Empty<ScoredItem>())], new float[tracks.Count]),
            new MostPopularModel(users: 0, new float[tracks.Count]), new ModelRows(tracks, []))
        {
            IsOfSound = true,
        };
    }

    /// <summary>The same with neighboring sittings and transitions, made from the data in memory when somebody asks first. They are never published, for they hold what single listeners played.</summary>
    /// <param name="data">Of the models' rows.</param>
    /// <remarks>Ten seconds and 360 MiB for ten million listens in a million sittings.</remarks>
    public ModelSet WithSittings(TrainingSet data, SessionBlendOptions options)
        => this with { LazySittings = new(() => data.IsOrdered ? (SittingModel)new SessionBlendTrainer(options).Train(data, new(0, Workers.Default)) : null) };

    /// <summary>The same models with tracks behind that they were not trained on.</summary>
    /// <param name="more">The tracks.</param>
    /// <param name="factors">Their places, shape [tracks × d].</param>
    /// <remarks>Copies the item factors. What the models hold of unheard tracks as a whole (YᵀY) stays as it was learnt.</remarks>
    public ModelSet WithTracks(IReadOnlyList<Track> more, DenseMatrix factors)
    {
        Shape.RequireSame(factors.Rows, more.Count);
        Shape.RequireSame(factors.Columns, Taste.Factors);
        var added = Added + more.Count;
        return this with
        {
            Version = $"{Published}+{added}",
            Added = added,
            Trained = Trained,
            Taste = Taste.WithItems(factors),
            Neighbors = Neighbors.WithItems(Items + more.Count),
            Popular = Popular.WithItems(Items + more.Count),
            Rows = Rows is null ? null : Rows with { Items = [.. Rows.Items, .. more], Fingerprints = null },
        };
    }
}
