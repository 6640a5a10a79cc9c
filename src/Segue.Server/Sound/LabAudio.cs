using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Evaluation.Lab.Sound;

namespace Segue.Server.Sound;

/// <summary>The tracks of a lab world, synthesized as they are asked for.</summary>
/// <remarks>The first request for a track takes some hundredths of a second; the newest 16 tracks are kept, about 1 MB each, for a player asks for one piece after the other.</remarks>
public sealed class LabAudio(LabWorld world) : ITrackAudio
{
    private const int Kept = 16;

    private readonly LabSound _sound = new(world);
    private readonly Dictionary<TrackId, int> _indexes = world.Catalogue.Select((track, index) => (track.Id, index)).ToDictionary();
    private readonly Dictionary<int, Lazy<LabWave>> _waves = [];
    private readonly Queue<int> _oldest = [];
    private readonly Lock _lock = new();

    public TrackAudio? Open(TrackId track)
    {
        if (!_indexes.TryGetValue(track, out var index))
        {
            return null;
        }
        var wave = Find(index).Value;   // outside the lock: others do not wait for it
        return new(wave.Open(), "audio/wav", wave.Checksum, null);
    }

    private Lazy<LabWave> Find(int index)
    {
        lock (_lock)
        {
            if (_waves.TryGetValue(index, out var known))
            {
                return known;
            }
            if (_oldest.Count == Kept)
            {
                _waves.Remove(_oldest.Dequeue());
            }
            _oldest.Enqueue(index);
            return _waves[index] = new(() => _sound.Wave(index));
        }
    }
}
