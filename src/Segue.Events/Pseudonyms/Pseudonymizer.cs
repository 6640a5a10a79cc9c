using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Segue.Core;

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
/// Thread-safe; remembers up to <see cref="MaxRemembered"/> answers (about 300 B each).
/// </remarks>
public sealed class Pseudonymizer
{
    private const int MaxRemembered = 1_000_000;
    private const int PseudonymBytes = 16;
    private readonly IReadOnlyList<byte[]> _keys;
    private readonly Func<string, bool> _isPseudonym;
    private ConcurrentDictionary<string, KnownListener> _remembered = new(StringComparer.Ordinal);
    private int _count;   // about: the dictionary's own count takes all its locks

    /// <param name="keys">Oldest first; at least one, each of 32 bytes.</param>
    /// <param name="isPseudonym">Whether an id is kept as it is: one of an imported data set.</param>
    public Pseudonymizer(IReadOnlyList<byte[]> keys, Func<string, bool>? isPseudonym = null)
    {
        if (keys.Count == 0 || keys.Any(key => key.Length != 32))
        {
            throw new ArgumentException("Pseudonyms need at least one key, and each has 32 bytes.", nameof(keys));
        }
        (_keys, _isPseudonym) = (keys, isPseudonym ?? (_ => false));
    }

    /// <exception cref="ArgumentException">The text is not an identifier.</exception>
    public ListenerId Of(string account) => Know(account).Id;

    /// <inheritdoc cref="Of"/>
    public KnownListener Know(string account)
    {
        if (_remembered.TryGetValue(account, out var known))
        {
            return known;
        }
        Identifier.Require(account, "listener id");
        var listener = _isPseudonym(account)
            ? new ListenerId(account)
            : Derive(account);
        if (Interlocked.Increment(ref _count) > MaxRemembered)
        {
            (_count, _remembered) = (1, new(StringComparer.Ordinal));
        }
        _remembered[account] = listener;
        return listener;
    }

    private KnownListener Derive(string account)
    {
        var firstLink = Apply(account, _keys[0]);
        return new(new(_keys.Skip(1).Aggregate(firstLink, Apply)), Scope(firstLink));
    }

    private static string Scope(string firstLink)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"events of {firstLink}")).AsSpan(0, PseudonymBytes));

    /// <summary>Drops an id from the remembered answers.</summary>
    public void Forget(string account) => _remembered.TryRemove(account, out _);

    /// <summary>One link of the chain: what a pseudonym becomes when <paramref name="key"/> is added.</summary>
    public static string Apply(string idOrPseudonym, byte[] key)
        => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(idOrPseudonym)).AsSpan(0, PseudonymBytes));
}
