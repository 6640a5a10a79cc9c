using System.Globalization;

namespace Segue.Events.Pseudonyms;

/// <summary>A listener as keys and records have it: pseudonym and scope as numbers, for that is what nearly all of them are.</summary>
/// <param name="Id">The pseudonym's 32 hexadecimal digits.</param>
/// <param name="Scope">As <see cref="KnownListener.Scope"/>, its 32 digits.</param>
/// <param name="Named">For the others, as ids of an imported data set: pseudonym and scope as texts; the numbers mean nothing then.</param>
internal readonly record struct ListenerCode(UInt128 Id, UInt128 Scope, KnownListener? Named = null)
{
    private const int Digits = 32;

    public static ListenerCode Of(KnownListener listener) => TryParse(listener.Id.Value, out var id) && TryParse(listener.Scope, out var scope)
        ? new(id, scope)
        : new(0, 0, listener);

    public KnownListener ToKnown() => Named ?? new(new(Write(Id)), Write(Scope));

    public static string Write(UInt128 code) => code.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>False for anything but 32 digits in lower case.</summary>
    public static bool TryParse(string text, out UInt128 code)
    {
        code = 0;
        return text.Length == Digits && !text.AsSpan().ContainsAnyInRange('A', 'F')
            && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
    }
}
