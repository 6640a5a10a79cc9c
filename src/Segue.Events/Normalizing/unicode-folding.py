"""Writes UnicodeFoldingData.cs: what each code point folds to. Run: python3 unicode-folding.py

.NET's String.Normalize changes nothing in globalization-invariant mode, so the project carries the one table that it needs. It is
derived from the Unicode Character Database as Python's unicodedata knows it.
"""
import base64
import pathlib
import unicodedata
import zlib

# Accents and points: dropped. Marks of other scripts (vowel signs, the Japanese voicing marks) tell letters apart and stay.
DROPPED = [(0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
           (0x06D6, 0x06ED), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
           (0xE0100, 0xE01EF)]
# Letters that Unicode does not decompose, but that people type without their stroke.
STROKES = {'ø': 'o', 'đ': 'd', 'ł': 'l', 'ħ': 'h', 'ŧ': 't', 'ı': 'i', 'ð': 'd', 'þ': 'th', 'æ': 'ae', 'œ': 'oe'}


def dropped(character):
    category = unicodedata.category(character)
    return category == 'Cf' or category in ('Mn', 'Me') and any(a <= ord(character) <= b for a, b in DROPPED)


def fold(character):
    text = character
    while True:
        folded = unicodedata.normalize('NFKD', unicodedata.normalize('NFKD', text).casefold())
        folded = ''.join(STROKES.get(c, c) for c in folded if not dropped(c))
        if folded == text:
            return folded
        text = folded


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return out


def is_hangul(point):   # by arithmetic, in UnicodeFolding.cs
    return 0xAC00 <= point <= 0xD7A3


points = [p for p in range(0x80, 0x110000) if not 0xD800 <= p <= 0xDFFF and not is_hangul(p)]
folds = [(p, fold(chr(p))) for p in points if fold(chr(p)) != chr(p)]
classes = [(p, unicodedata.combining(chr(p))) for p in points if unicodedata.combining(chr(p)) and not dropped(chr(p))]
table = varint(len(folds))
last, last_target = 0, 0
for point, target in folds:
    table += varint(point - last) + varint(len(target))
    last = point
    for step in map(ord, target):
        delta = step - last_target
        table += varint(delta << 1 if delta >= 0 else (-delta << 1) - 1)
        last_target = step
table += varint(len(classes))
last = 0
for point, order in classes:
    table += varint(point - last) + varint(order)
    last = point

compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
text = base64.b64encode(compressor.compress(bytes(table)) + compressor.flush()).decode()
lines = '\n'.join('        ' + text[i:i + 128] for i in range(0, len(text), 128))
pathlib.Path(__file__).with_name('UnicodeFoldingData.cs').write_text(f'''namespace Segue.Events.Normalizing;

/// <summary>Written by unicode-folding.py from the Unicode Character Database {unicodedata.unidata_version} (© Unicode, Inc., Unicode License v3).</summary>
internal static class UnicodeFoldingData
{{
    /// <summary>{len(folds)} foldings and the {len(classes)} combining classes of the marks that stay: variable-length integers, deflated, in base 64.</summary>
    public const string Base64 = """
{lines}
        """;
}}
''')
