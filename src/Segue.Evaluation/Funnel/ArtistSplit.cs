using Segue.Evaluation.Protocols;
using Segue.Events.Importing;
using Segue.Features.Interactions;

namespace Segue.Evaluation.Funnel;

/// <summary>The HetRec data cut for the funnel of artists: a seeded fifth of each user's artists is the test, a fifth of the rest the validation part.</summary>
/// <remarks>A user who holds an artist out may have tagged it, which tells of the answer: such assignments are left out of the tags beside that part.</remarks>
/// <param name="Test">To be looked at once; its training part is what a model may know.</param>
/// <param name="Validation">Cut from the test's training part: for every choice.</param>
public sealed record ArtistSplit(EvaluationSet Test, EvaluationSet Validation)
{
    private const double Share = 0.2;

    /// <exception cref="InvalidDataException">A user plays an artist that the catalogue lacks.</exception>
    public static ArtistSplit Of(HetRecDataset source, ulong seed)
    {
        var whole = Dataset.Build([.. source.Catalogue()], [], source.Plays);
        var test = HeldOutPairs.Of(whole.Training, Share, seed);
        var validation = HeldOutPairs.Of(test.Train, Share, seed + 1);
        return new(Set(test, [test]), Set(validation, [test, validation]));

        EvaluationSet Set(HeldOutPairs part, HeldOutPairs[] unknown)
        {
            var hidden = unknown.SelectMany(cut => cut.Answers).SelectMany(a => a.Value.Select(item => (whole.Users[a.Key], whole.Catalogue.Tracks[item].Artist.Id.Value))).ToHashSet();
            var known = source with { TagAssignments = [.. source.TagAssignments.Where(tagged => !hidden.Contains((tagged.User, tagged.Artist)))] };
            var train = new TrainingSet(part.Train.Strengths, actions: part.Train.Actions) { Tags = ItemTags.Of([.. known.Catalogue()]) };
            return new(Protocol.Full, train, [.. part.Answers.Select(a => new EvaluationCase(UserHistory.Of(train, a.Key), a.Value))]);
        }
    }
}
