using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Segue.Audio.Tests.Spectra;

/// <summary>Reads float32 arrays of numpy's .npz files: a zip of .npy, each a header in Python's words and then the values.</summary>
internal static partial class Npz
{
    /// <summary>The array of a name, by rows.</summary>
    public static (float[] Values, int Rows, int Columns) Read(string path, string name)
    {
        using var zip = ZipFile.OpenRead(path);
        using var entry = (zip.GetEntry(name + ".npy") ?? throw new InvalidDataException($"{path} holds no {name}.")).Open();
        using var all = new MemoryStream();
        entry.CopyTo(all);
        var bytes = all.ToArray();
        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        var header = Encoding.ASCII.GetString(bytes, 10, headerLength);
        if (!header.Contains("'<f4'", StringComparison.Ordinal) || header.Contains("'fortran_order': True", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name} of {path} is no float32 by rows: {header}");
        }
        var sides = Shape().Match(header).Groups["sides"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(side => int.Parse(side, CultureInfo.InvariantCulture)).ToArray();
        var values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(10 + headerLength)).ToArray();
        return (values, sides[0], sides is [_, var columns] ? columns : 1);
    }

    [GeneratedRegex(@"'shape': \((?<sides>[^)]*)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}
