using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Segue.Radio;

namespace Segue.Benchmarks.Radio;

/// <summary>One number for many answers: tracks, scores to the bit, sources, and reasons with their causes and shares. Two builds that answer alike have it in common.</summary>
internal sealed class AnswerDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(RadioAnswer answer)
    {
        foreach (var track in answer.Tracks)
        {
            Add($"{track.Track.Id.Value}|{Bits(track.Score)}|{track.Source}|{track.Reason.Source}|{track.Reason.Text}|{Bits(track.Reason.Share)}");
            foreach (var cause in track.Reason.Causes)
            {
                Add($"{cause.Track.Id.Value}|{cause.Kind}|{Bits(cause.Share)}|{cause.IsDecisive}");
            }
        }
        Add($"{string.Join(',', answer.Toward)}|{string.Join(',', answer.AwayFrom)}|{answer.Shortfall}");
    }

    /// <summary>Of all that was added, in that order: the first 16 digits.</summary>
    public string Told() => Convert.ToHexStringLower(_hash.GetHashAndReset())[..16];

    public void Dispose() => _hash.Dispose();

    private void Add(FormattableString line) => _hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture) + "\n"));

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
}
