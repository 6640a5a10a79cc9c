using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Segue.Core;
using Segue.Events.Normalizing;

namespace Segue.Events.Pseudonyms;

/// <summary>A listener as the doors know them.</summary>
/// <param name="Id">The pseudonym of today's keys.</param>
/// <param name="Scope">What the keys of events are made with. It outlives a rotation of keys, so that a resend is found to be one afterwards too;
/// it stands in no event.</param>
public readonly record struct KnownListener(ListenerId Id, string Scope)
{
    public static implicit operator KnownListener(ListenerId id) => new(id, id.Value);
}

/// <summary>Turns the ids by which a service knows its listeners into pseudonyms: 128 bits of HMAC-SHA-256, as 32 hexadecimal digits.</summary>
/// <remarks>
/// Keys form a chain: the pseudonym is HMAC(kₙ, … HMAC(k₂, HMAC(k₁, id))). So a rotation needs no list of the original ids: it adds a key
/// and maps each stored pseudonym p to HMAC(kₙ₊₁, p). Ids of an imported data set are its publisher's pseudonyms already and are kept.
/// Thread-safe; remembers answers (80 B each): one of those costs a cache miss, another about 3 µs a key.
/// </remarks>
public sealed partial class Pseudonymizer
{
    /// <summary>Most answers that are remembered unless told otherwise.</summary>
    public const int DefaultRemembered = 1 << 19;
    private const int PseudonymBytes = 16;
    private static ReadOnlySpan<byte> ScopePrefix => "events of "u8;
    private readonly IReadOnlyList<byte[]> _keys;
    private readonly Func<string, bool> _isPseudonym;
    private readonly ListenerCache _remembered;
    private readonly ConcurrentBag<IncrementalHash[]> _hashes = [];   // with their keys: setting one up costs more than hashing

    /// <param name="keys">Oldest first; at least one, each of 32 bytes.</param>
    /// <param name="isPseudonym">Whether an id is kept as it is: one of an imported data set.</param>
    public Pseudonymizer(IReadOnlyList<byte[]> keys, Func<string, bool>? isPseudonym = null, int remembered = DefaultRemembered)
    {
        if (keys.Count == 0 || keys.Any(key => key.Length != 32))
        {
            throw new ArgumentException("Pseudonyms need at least one key, and each has 32 bytes.", nameof(keys));
        }
        (_keys, _isPseudonym, _remembered) = (keys, isPseudonym ?? (_ => false), new(remembered));
    }

    /// <exception cref="ArgumentException">The text is not an identifier.</exception>
    public ListenerId Of(string account) => Know(account).Id;

    /// <inheritdoc cref="Of"/>
    public KnownListener Know(string account) => CodeOf(account).ToKnown();

    /// <inheritdoc cref="Of"/>
    internal ListenerCode CodeOf(string account)
    {
        Identifier.Require(account, "listener id");
        var utf8 = Encoding.UTF8.GetBytes(account);
        if (_remembered.TryGet(utf8, out var known))
        {
            return known;
        }
        known = _isPseudonym(account) ? ListenerCode.Of(new ListenerId(account)) : Derive(utf8);
        _remembered.Set(utf8, known);
        return known;
    }

    /// <summary>The answer to an id's UTF-8, if it is remembered.</summary>
    internal bool TryRemember(ReadOnlySpan<byte> account, out ListenerCode known) => _remembered.TryGet(account, out known);

    /// <summary>Drops an id from the remembered answers.</summary>
    public void Forget(string account) => _remembered.Forget(Encoding.UTF8.GetBytes(account));

    /// <summary>One link of the chain: what a pseudonym becomes when <paramref name="key"/> is added.</summary>
    public static string Apply(string idOrPseudonym, byte[] key)
        => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(idOrPseudonym)).AsSpan(0, PseudonymBytes));

    private ListenerCode Derive(ReadOnlySpan<byte> account)
    {
        if (!_hashes.TryTake(out var hashes))
        {
            hashes = [.. _keys.Select(key => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key))];
        }
        Span<byte> text = stackalloc byte[ScopePrefix.Length + 2 * PseudonymBytes];
        ScopePrefix.CopyTo(text);
        var digits = text[ScopePrefix.Length..];
        var pseudonym = Link(hashes[0], account, digits);
        var scope = QuickSha256.First128(text);
        foreach (var hash in hashes.AsSpan(1))
        {
            pseudonym = Link(hash, digits, digits);
        }
        _hashes.Add(hashes);
        return new(pseudonym, scope);
    }

    /// <param name="digits">Receives the link in hexadecimal: what the next key is applied to.</param>
    private static UInt128 Link(IncrementalHash hash, ReadOnlySpan<byte> text, Span<byte> digits)
    {
        Span<byte> code = stackalloc byte[SHA256.HashSizeInBytes];
        hash.AppendData(text);
        hash.GetHashAndReset(code);
        Convert.TryToHexStringLower(code[..PseudonymBytes], digits, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(code);
    }
}
