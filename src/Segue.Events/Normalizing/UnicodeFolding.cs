using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;

namespace Segue.Events.Normalizing;

/// <summary>What each code point folds to: compatibility decomposition (NFKD), full case folding, accents dropped.</summary>
/// <remarks>
/// Two texts with equal NFKC have equal NFKD, and so fold alike. <see cref="string.Normalize(NormalizationForm)"/> cannot serve: in
/// globalization-invariant mode, which this project runs in, it gives any text back as it is. About 1 MB, built once. Thread-safe.
/// </remarks>
internal static class UnicodeFolding
{
    private static readonly (FrozenDictionary<int, string> Folds, FrozenDictionary<int, byte> Classes) Table = Unpack();

    /// <summary>Folds well-formed text. O(n); marks that stay come in canonical order.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            Append(folded, rune);
        }
        return InCanonicalOrder(folded.ToString());
    }

    private static void Append(StringBuilder folded, Rune rune)
    {
        if (rune.IsAscii)
        {
            folded.Append(char.ToLowerInvariant((char)rune.Value));
        }
        else if (rune.Value is >= 0xAC00 and <= 0xD7A3)
        {
            AppendHangul(folded, rune.Value - 0xAC00);
        }
        else if (Table.Folds.TryGetValue(rune.Value, out var target))
        {
            folded.Append(target);
        }
        else
        {
            Span<char> units = stackalloc char[2];
            folded.Append(units[..rune.EncodeToUtf16(units)]);
        }
    }

    /// <summary>Section 3.12 of the Unicode Standard: a syllable is an arithmetic product of its two or three letters.</summary>
    private static void AppendHangul(StringBuilder folded, int syllable)
    {
        folded.Append((char)(0x1100 + syllable / 588)).Append((char)(0x1161 + syllable % 588 / 28));
        if (syllable % 28 > 0)
        {
            folded.Append((char)(0x11A7 + syllable % 28));
        }
    }

    private static string InCanonicalOrder(string text)
    {
        var disordered = false;
        var last = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var order = Class(rune);
            disordered |= order > 0 && order < last;
            last = order;
        }
        if (!disordered)
        {
            return text;
        }
        var runes = text.EnumerateRunes().ToArray();
        for (var from = 0; from < runes.Length; from++)
        {
            var to = from;
            while (to < runes.Length && Class(runes[to]) > 0)
            {
                to++;
            }
            var marks = runes[from..to].OrderBy(Class).ToArray();   // stable, as the standard asks
            marks.CopyTo(runes, from);
            from = Math.Max(from, to - 1);
        }
        return string.Concat(runes);
    }

    private static int Class(Rune rune) => rune.IsAscii ? 0 : Table.Classes.GetValueOrDefault(rune.Value);

    private static (FrozenDictionary<int, string> Folds, FrozenDictionary<int, byte> Classes) Unpack()
    {
        using var packed = new MemoryStream(Convert.FromBase64String(UnicodeFoldingData.Base64));
        using var bytes = new DeflateStream(packed, CompressionMode.Decompress);
        using var table = new BinaryReader(bytes);
        var folds = new Dictionary<int, string>();
        var (point, character) = (0, 0);
        for (var left = table.Read7BitEncodedInt(); left > 0; left--)
        {
            point += table.Read7BitEncodedInt();
            var target = new StringBuilder();
            for (var length = table.Read7BitEncodedInt(); length > 0; length--)
            {
                var step = table.Read7BitEncodedInt();
                character += (step & 1) == 0 ? step >> 1 : -((step + 1) >> 1);
                target.Append(new Rune(character).ToString());
            }
            folds.Add(point, target.ToString());
        }
        var classes = new Dictionary<int, byte>();
        point = 0;
        for (var left = table.Read7BitEncodedInt(); left > 0; left--)
        {
            point += table.Read7BitEncodedInt();
            classes.Add(point, (byte)table.Read7BitEncodedInt());
        }
        return (folds.ToFrozenDictionary(), classes.ToFrozenDictionary());
    }
}
