using System.Security.Cryptography;
using System.Text;

namespace Segue.Radio.State;

/// <summary>What a saved state is of. One of anything else is of no use: its rows are other tracks, or its beginning is another one.</summary>
/// <param name="Models">Version of the models, with the tracks that joined by their sound.</param>
/// <param name="LogEnd">Events of the log before this offset were in the data.</param>
/// <param name="Tracks">Rows of the catalogue.</param>
/// <param name="Catalogue">SHA-256 of the tracks' ids in the order of their rows, as hexadecimal digits.</param>
public sealed record StateHead(string Models, long LogEnd, int Tracks, string Catalogue)
{
    internal static StateHead Of(Repertoire repertoire)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var track in repertoire.Catalogue.Tracks)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(track.Id.Value + "\n"));   // no id has a line's end
        }
        return new(repertoire.Models.Version, repertoire.LogEnd, repertoire.Catalogue.Count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
