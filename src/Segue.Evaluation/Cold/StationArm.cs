using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Radio;
using Segue.Radio.Sessions;

namespace Segue.Evaluation.Cold;

/// <summary>One way of serving the same simulated listeners: a station, as it is served, and what a sitting begins with.</summary>
/// <param name="name">In tables.</param>
/// <param name="seeds">What a listener begins with, by lab index; null: nothing.</param>
internal sealed class StationArm(string name, RadioStation station, Func<int, RadioSeeds>? seeds = null) : ISittingArm
{
    public string Name => name;

    public void Sit(LabWorld world, int listener, LabSitting sitting, Action<int, bool> kept)
    {
        var answer = station.Start(world.Listeners[listener].Id, seeds?.Invoke(listener) ?? RadioSeeds.None, count: 1, isNew: true, isPrivate: true);
        while (sitting.Heard < sitting.Length)
        {
            var (number, track) = (sitting.Heard, answer.Tracks[0].Track);
            var reaction = sitting.React(station.Catalogue.Find(track.Id)!.Value);
            kept(number, !reaction.Skipped);
            RadioEvent told = reaction.Vote != VoteValue.Withdrawn
                ? new(RadioEventKind.Voted, track.Id, Vote: reaction.Vote)
                : new(reaction.Skipped ? RadioEventKind.Skipped : RadioEventKind.Played, track.Id, reaction.Heard);
            // A vote alone would not say that the track was heard.
            answer = station.React(answer.Session, told.IsListen ? [told] : [new(RadioEventKind.Played, track.Id, reaction.Heard), told], count: 1);
        }
    }
}

/// <summary>Nobody reads what these stations tell.</summary>
internal sealed class NoSink : IFeedbackSink
{
    public void Shown(IReadOnlyList<Impression> impressions)
    {
    }

    public void Heard(Listen listen)
    {
    }

    public void Voted(Vote vote)
    {
    }
}
