namespace Segue.Events.Wire;

/// <summary>Numbers as people and players write them: a few digits, perhaps a point.</summary>
internal static class WireNumber
{
    private const int MostDigits = 15;   // of a mantissa below 2^53, so that it and the power of ten are exact and one division rounds once

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Reads a JSON number of at most 15 digits without sign or exponent, to the same double as a full parser would.</summary>
    /// <returns>False for all other numbers.</returns>
    public static bool TryShort(ReadOnlySpan<byte> number, out double value)
    {
        value = 0;
        if (number.Length > MostDigits + 1)
        {
            return false;
        }
        var (mantissa, digits, fraction) = (0L, 0, -1);
        foreach (var character in number)
        {
            if (character == '.')
            {
                fraction = digits;
            }
            else if ((uint)character - '0' <= 9)
            {
                mantissa = mantissa * 10 + character - '0';
                digits++;
            }
            else
            {
                return false;
            }
        }
        if (digits > MostDigits)
        {
            return false;
        }
        value = fraction < 0 ? mantissa : mantissa / PowersOfTen[digits - fraction];
        return true;
    }
}
