using Segue.Core;
using Segue.Events.Pseudonyms;
using Segue.Events.Resolving;

namespace Segue.Events.Wire;

/// <summary>What a reader remembers of the ids that it has met. Thread-safe.</summary>
internal sealed class KnownIds(Pseudonymizer pseudonymizer, int slots)
{
    public readonly Utf8Cache<KnownListener> Listeners = new(slots);
    public readonly Utf8Cache<NamedTrack> Tracks = new(slots);
    public readonly Utf8Cache<ArtistId> Artists = new(slots);

    /// <summary>Sessions, playlists, sources, models, arms.</summary>
    public readonly Utf8Cache<string> Names = new(slots);
    public readonly Func<string, KnownListener> MakeListener = pseudonymizer.Know;
    public readonly Func<string, NamedTrack> MakeTrack = static id => new(new(id));
    public readonly Func<string, ArtistId> MakeArtist = static id => new(id);
    public readonly Func<string, string> MakeName = static name => name;
}
