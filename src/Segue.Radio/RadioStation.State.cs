using Segue.Events;
using Segue.Events.Pseudonyms;
using Segue.Radio.Sessions;
using Segue.Radio.State;

namespace Segue.Radio;

/// <content>The fold of the log so far, saved beside it, so that a start need not read the log from where the models' data end.</content>
public sealed partial class RadioStation
{
    private long[]? _restored;

    /// <summary>Saves what listeners did since the training, and the sittings that a log keeps, owner by owner: each as of a position of its own, and no event of a listener is told meanwhile.</summary>
    /// <remarks>The parts need not be of one moment, for an event is of one listener, and all that it changes is its owner's. So nobody waits for longer than one part is copied: a millisecond or so for
    /// 10,000 listeners. The repertoire must stay the same, and nobody be forgotten, until the call returns.</remarks>
    /// <param name="alone">Runs work while no event is told, and tells it the position: all events before it were told, no others.</param>
    /// <param name="keyBefore">The key of the event before an offset; 0 where there is none.</param>
    /// <returns>The position from which on a start reads the log.</returns>
    /// <exception cref="IOException">The disk refused it; then the state saved before stands.</exception>
    public async Task<long> SaveAsync(
        StateFolder folder, Pseudonymizer pseudonyms, Func<Action<long>, Task> alone, Func<long, UInt128> keyBefore, CancellationToken cancellation)
    {
        var (repertoire, asOf) = (_repertoire, Now);
        folder.RequireRoom(repertoire.Memory.Table.Bytes);
        using var file = new StateWriter(folder);
        for (var n = 0; n < ListenerKey.Owners; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            var owner = n;
            await alone(position => file.Take(repertoire.Memory.Table.Owners[owner], position, into => WriteSittings(owner, into, pseudonyms)));
            file.Write();
        }
        var saved = file.Publish(StateHead.Of(repertoire), asOf, keyBefore);
        folder.Clear(keep: folder.PathOf(saved));
        return saved;
    }

    /// <summary>Goes on from a saved state, before anything else is told: of the log <see cref="Recall"/> must be told from <see cref="SavedState.Position"/> on.</summary>
    /// <param name="since">Sittings that began before are over.</param>
    /// <returns>False when the state is one of other models, data or tracks: then nothing was changed.</returns>
    /// <exception cref="InvalidDataException">It holds what cannot be read; nothing was changed.</exception>
    public bool Restore(SavedState saved, Pseudonymizer pseudonyms, DateTimeOffset since)
    {
        if (saved.Head != StateHead.Of(_repertoire))
        {
            return false;
        }
        var parts = Enumerable.Range(0, ListenerKey.Owners).Select(owner => saved.Read(owner, from => RadioSession.Read(from, _repertoire, pseudonyms))).ToList();   // all can be read, or nothing is taken in
        _recalled = saved.AsOf;
        _sessions.AsOf = _recalled;
        for (var owner = 0; owner < parts.Count; owner++)
        {
            saved.Give(owner, _repertoire.Memory.Table.Owners[owner], parts[owner].Sides);
            foreach (var session in parts[owner].Sittings.Where(session => session.BegunAt >= since))
            {
                _sessions.AddAgain(session);
            }
        }
        _sessions.AsOf = null;
        _restored = saved.Positions;
        Volatile.Write(ref _taken, saved.Position);
        return true;
    }

    private bool IsRestored(LoggedEvent logged) => _restored is { } positions && logged.Offset < positions[ListenerKey.Of(logged.Event.Listener).Owner];

    private void WriteSittings(int owner, BinaryWriter into, Pseudonymizer pseudonyms)
    {
        var sittings = _sessions.All().Where(session => session.IsKept && session.Key.Owner == owner).ToList();
        into.Write(sittings.Count);
        foreach (var session in sittings)
        {
            lock (session)
            {
                session.MoveTo(_repertoire);
                session.Write(into, pseudonyms);
            }
        }
    }
}
