using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segue.Events.Normalizing;

namespace Segue.Events.Pseudonyms;

/// <summary>Remembers the listeners behind account ids, found by their UTF-8 without making a string.</summary>
/// <remarks>
/// An id has two places side by side, and a newcomer takes over one of them: bounded memory (80 bytes a place, in one array), constant time,
/// and no sender can make chains grow. Ids of more than 40 bytes are not remembered. Thread-safe without locks: a place has a
/// version that is odd while it is written, and a reader that meets another version after than before has found nothing.
/// </remarks>
/// <param name="most">How many are remembered at most; rounded up to a power of two.</param>
internal sealed class ListenerCache(int most)
{
    private readonly Place[] _places = new Place[Math.Max(2, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)most))];

    public bool TryGet(ReadOnlySpan<byte> account, out ListenerCode listener)
    {
        listener = default;
        if (account.Length is 0 or > Words.Bytes)
        {
            return false;
        }
        var id = new Words(account);
        var first = FirstPlaceOf(account);
        return _places[first].TryGet(account.Length, id, ref listener) || _places[first ^ 1].TryGet(account.Length, id, ref listener);
    }

    /// <summary>Listeners that have a name for a pseudonym are not remembered.</summary>
    public void Set(ReadOnlySpan<byte> account, in ListenerCode listener)
    {
        if (account.Length > Words.Bytes || listener.Named is not null)
        {
            return;
        }
        var first = FirstPlaceOf(account);
        var at = _places[first].Length == 0 || _places[first ^ 1].Length != 0 ? first : first ^ 1;
        _places[at].Write(account.Length, new Words(account), listener);
    }

    public void Forget(ReadOnlySpan<byte> account)
    {
        if (TryGet(account, out _))
        {
            var first = FirstPlaceOf(account);
            _places[first].Write(0, default, default);
            _places[first ^ 1].Write(0, default, default);
        }
    }

    private int FirstPlaceOf(ReadOnlySpan<byte> account) => (int)(Utf8Hash.Of(account) & (ulong)(_places.Length - 1));

    /// <summary>An id in five words, zeros behind it.</summary>
    [InlineArray(5)]
    private struct Words
    {
        public const int Bytes = 40;
        private ulong _first;

        public Words(ReadOnlySpan<byte> account) => account.CopyTo(MemoryMarshal.AsBytes((Span<ulong>)this));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Place
    {
        private int _version;
        private Words _account;
        private UInt128 _id, _scope;

        /// <summary>Of the id; 0: the place is free.</summary>
        public int Length { get; private set; }

        public bool TryGet(int length, in Words account, ref ListenerCode listener)
        {
            var version = Volatile.Read(ref _version);
            if (Length != length || !((ReadOnlySpan<ulong>)_account).SequenceEqual(account) || (version & 1) != 0)
            {
                return false;
            }
            var found = new ListenerCode(_id, _scope);
            Volatile.ReadBarrier();
            if (_version != version)
            {
                return false;
            }
            listener = found;
            return true;
        }

        /// <summary>Does nothing when another thread is writing: what is not remembered is derived again.</summary>
        public void Write(int length, in Words account, in ListenerCode listener)
        {
            var version = _version;
            if ((version & 1) != 0 || Interlocked.CompareExchange(ref _version, version + 1, version) != version)
            {
                return;
            }
            (Length, _account, _id, _scope) = (length, account, listener.Id, listener.Scope);
            Volatile.Write(ref _version, version + 2);
        }
    }
}
