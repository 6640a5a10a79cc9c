using Segue.Numerics;
using Segue.Numerics.Tables;
using Segue.Retrieval.Candidates;

namespace Segue.Retrieval;

/// <summary>The first stage of the funnel: the union of what all generators propose.</summary>
/// <param name="generators">Asked in this order; a track keeps the first source that named it.</param>
/// <param name="perSource">Candidates asked of each source, at least 1.</param>
public sealed class CandidatePool(IReadOnlyList<ICandidateGenerator> generators, int perSource)
{
    [ThreadStatic]
    private static RowTable<bool>? _seen;
    [ThreadStatic]
    private static List<Candidate>? _pool;

    /// <summary>All sources of this program.</summary>
    public static IReadOnlyList<ICandidateGenerator> AllSources { get; } =
    [
        new SessionCandidates(), new SessionGenreCandidates(), new ArtistCandidates(), new SittingCandidates(), new CoListenCandidates(), new TasteCandidates(), new SoundCandidates(), new TagCandidates(), new PlaylistCandidates(), new GenreCandidates(), new TrendingCandidates(),
        new NewReleaseCandidates(), new LibraryCandidates(), new PeopleCandidates(), new AppealCandidates(), new PopularCandidates(),
    ];

    /// <summary>What the generators that search find, one list for each of them; for <see cref="Gather"/> now, or some events later.</summary>
    public ScoredItem[][] Search(ListenerContext context) => Search(context, context, before: null);

    /// <summary>The same, where searches by the history alone are of an earlier moment.</summary>
    /// <param name="then">That moment.</param>
    /// <param name="before">What was found for it already; null: nothing.</param>
    public ScoredItem[][] Search(ListenerContext context, ListenerContext then, IReadOnlyList<ScoredItem[]>? before)
        => [.. generators.Where(generator => generator.IsSearch).Select((generator, n) => !generator.IsOfHistory ? generator.Propose(context, perSource)
            : before is not null ? before[n] : generator.Propose(then, perSource))];

    /// <summary>The pool, in the order of the sources, without what is excluded now.</summary>
    /// <param name="searched">Of <see cref="Search(ListenerContext)"/>, maybe for an earlier moment of the sitting.</param>
    public Candidate[] Gather(ListenerContext context, IReadOnlyList<ScoredItem[]> searched)
    {
        var (seen, pool) = (_seen ??= new(generators.Count * perSource / 2), _pool ??= new(generators.Count * perSource / 2));
        seen.Clear();
        pool.Clear();
        var searches = 0;
        foreach (var generator in generators)
        {
            var source = generator.Source;
            foreach (var (track, score) in generator.IsSearch ? searched[searches++] : generator.Propose(context, perSource))
            {
                ref var isThere = ref seen.At(track);
                if (!isThere)
                {
                    isThere = true;
                    if (!context.Excluded.Contains(track))
                    {
                        pool.Add(new(track, source, score));
                    }
                }
            }
        }
        return pool.ToArray();
    }
}
