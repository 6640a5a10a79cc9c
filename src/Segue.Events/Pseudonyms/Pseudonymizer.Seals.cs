using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Segue.Core;

namespace Segue.Events.Pseudonyms;

public sealed partial class Pseudonymizer
{
    private static ReadOnlySpan<byte> SealPrefix => "scope in sitting "u8;

    /// <summary>A listener's scope as a sitting's start may keep it: without the keys it says nothing, not even that two sittings are one listener's.</summary>
    /// <param name="sitting">New for each seal: the scope is masked by HMAC-SHA-256(k₁, sitting), and a mask that is used twice hides nothing.</param>
    /// <returns>32 hexadecimal digits; null for a listener whose scope is the id, which needs no seal.</returns>
    public string? Seal(KnownListener listener, Guid sitting)
        => ListenerCode.TryParse(listener.Scope, out var scope) && listener.Scope != listener.Id.Value ? ListenerCode.Write(scope ^ MaskOf(sitting)) : null;

    /// <summary>The listener of a sitting whose start is in the log, also after a rotation of keys.</summary>
    /// <param name="sealedScope">What <see cref="Seal"/> gave.</param>
    public KnownListener Unseal(ListenerId listener, string? sealedScope, Guid sitting)
        => sealedScope is not null && ListenerCode.TryParse(sealedScope, out var scope) ? new KnownListener(listener, ListenerCode.Write(scope ^ MaskOf(sitting))) : listener;

    private UInt128 MaskOf(Guid sitting)
    {
        byte[] text = [.. SealPrefix, .. Encoding.ASCII.GetBytes(sitting.ToString("D", CultureInfo.InvariantCulture))];
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(HMACSHA256.HashData(_keys[0], text));
    }
}
