using Segue.Audio.Embedding;
using Segue.Events.Files;

namespace Segue.Models.Sound;

/// <summary>Where a training of an encoder was broken off: kept now and then, taken up by the next training of the same kind on the same data.</summary>
/// <param name="path">The file.</param>
/// <param name="recipe">Seed, phases, batch and data: another training's checkpoint is passed over.</param>
public sealed class SoundCheckpoint(string path, ulong recipe)
{
    private const string Kind = "sound-checkpoint";

    /// <summary>Writes the encoder's state beside, and then in place of the last one.</summary>
    public void Save(ISoundEncoder encoder, int step)
    {
        var file = new ModelFile(Kind, users: 0, items: 0, new Dictionary<string, double> { ["step"] = step });
        file.Add<ulong>("recipe", [recipe]);
        foreach (var (name, values) in encoder.State.All)
        {
            file.Add("state." + name, values);
        }
        DurableFile.Replace(path, file.WriteTo);
    }

    /// <summary>Brings an encoder to the state of the checkpoint.</summary>
    /// <returns>The steps done; 0 where there is no checkpoint of this training, or a damaged one.</returns>
    public int Restore(ISoundEncoder encoder)
    {
        if (!File.Exists(path))
        {
            return 0;
        }
        try
        {
            using var stream = File.OpenRead(path);
            var file = ModelFile.ReadFrom(stream);
            if (file.Kind != Kind || file.Get<ulong>("recipe", 1)[0] != recipe)
            {
                return 0;
            }
            encoder.State.Restore([.. encoder.State.All.Select(part => (part.Name, file.Get<float>("state." + part.Name, part.Values.Length)))]);
            return (int)file.Settings["step"];
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentException)
        {
            return 0;
        }
    }
}
