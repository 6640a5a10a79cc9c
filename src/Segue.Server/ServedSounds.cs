using Segue.Core;
using Segue.Features;
using Segue.Retrieval.Sounds;

namespace Segue.Server;

/// <summary>What is served of the sounds of a catalogue: a snapshot and what belongs to it, exchanged as one.</summary>
/// <param name="Tracks">The catalogue whose rows the space goes by. A row of it is a track of any other catalogue by its id alone.</param>
/// <param name="Hubs">How uneven the lists are, with hubs held back; null where nobody measured.</param>
/// <param name="FlagsOf">What keeps a row out of song radio.</param>
/// <param name="Duplicates">Tracks that seem to be one recording; null where nobody looked.</param>
public sealed record SoundsOnAir(
    SoundSpace Space, CatalogueIndex Tracks, HubnessMeasure? Hubs, Func<int, SoundFlags> FlagsOf, IReadOnlyList<SoundDuplicateGroup>? Duplicates)
{
    /// <summary>The row of a track that has sound.</summary>
    /// <exception cref="Radio.NotKnownException">No such track in the catalogue.</exception>
    /// <exception cref="NoSoundException">Its sound is not known.</exception>
    internal int Require(TrackId id)
    {
        var row = Tracks.Find(id) ?? throw new Radio.NotKnownException("track", id.Value);
        return Space.Has(row) ? row : throw new NoSoundException($"The sound of track '{id.Value}' is not known.");
    }
}

/// <summary>The sounds that a server answers from: nothing until <see cref="Use"/>, and then exchanged as a whole while requests go on.</summary>
public sealed class ServedSounds
{
    private volatile SoundsOnAir? _sounds;

    /// <summary>Null where no sounds are served.</summary>
    public SoundsOnAir? Current => _sounds;

    /// <summary>Answers from these from now on; null: from none. Requests under way go on with what they began with.</summary>
    public void Use(SoundsOnAir? sounds) => _sounds = sounds;

    /// <exception cref="NoSoundException">No sounds are served.</exception>
    internal SoundsOnAir Require() => _sounds ?? throw new NoSoundException("This radio has not listened to its tracks yet, or keeps no sounds.");
}

/// <summary>A request was about sound that is not known.</summary>
public sealed class NoSoundException(string message) : Exception(message);
