using System.Text.Json;
using Segue.Core;
using Segue.Events.Pseudonyms;
using Segue.Radio.Feed;
using Segue.Radio.State;
using Segue.Ranking.Rules;
using Segue.Retrieval;

namespace Segue.Radio.Sessions;

/// <content>A sitting as a saved state has it: what the log would have to be read for. Histories come from the data, and what was done since the training before the sitting
/// began is kept with it; searches are made again.</content>
internal sealed partial class RadioSession
{
    /// <summary>Went on over new models with the history that it had: nothing that is kept could bring it back.</summary>
    public bool IsCarriedOver { get; set; }

    /// <summary>The listener's; of nobody's sitting it means nothing.</summary>
    public ListenerKey Key { get; } = listener is { } known ? ListenerKey.Of(known.Id) : default;

    /// <summary>Whether a log keeps it, so that it may be saved.</summary>
    public bool IsKept => Began is not null && !IsPrivate && !IsCarriedOver;

    /// <param name="pseudonyms">Seals the scope of the listener's event ids, as a start in the log has it.</param>
    public void Write(BinaryWriter into, Pseudonymizer pseudonyms)
    {
        into.Write(Id.Value.ToByteArray());
        into.Write(Listener!.Value.Value);
        var told = JsonSerializer.SerializeToUtf8Bytes(ToldSitting.Of(RadioSeeds.None, Wishes, pseudonyms.Seal(Known!.Value, Id.Value)), SittingJson.Default.ToldSitting);
        into.Write(told.Length);
        into.Write(told);
        into.Write(Began!.Value);
        into.Write(BegunAt.UtcTicks);
        into.Write(Position);
        into.Write(LastUsed.UtcTicks);
        into.Write(Rest ?? -1);
        into.Write(_events);
        into.Write(_since.IsForgotten);
        Write(into, _since.Events, happened =>
        {
            Span<byte> bytes = stackalloc byte[SinceEvent.Bytes];
            happened.Write(bytes);
            into.Write(bytes);
        });
        Write(into, _seeds);
        Write(into, _signals);
        Write(into, _heard, into.Write);
        Write(into, _plays, play =>
        {
            into.Write(play.Track);
            into.Write(play.At.UtcTicks);
        });
        Write(into, _banned, into.Write);
        Write(into, _skipped, into.Write);
        into.Write(Anchor.Events);
        Write(into, Anchor.Signals);
        Write(into, Anchor.Out, into.Write);
        Write(into, Anchor.OutOfHistory, into.Write);
        Write(into, OfferedIn, offer =>
        {
            into.Write(offer.Key);
            into.Write(offer.Value.Value.ToByteArray());
        });
    }

    /// <param name="repertoire">Of the same models and rows as that in which it was written.</param>
    public static RadioSession Read(BinaryReader from, Repertoire repertoire, Pseudonymizer pseudonyms)
    {
        var (id, name) = (new Guid(from.ReadBytes(16)), new ListenerId(from.ReadString()));
        var told = JsonSerializer.Deserialize(from.ReadBytes(from.ReadInt32()), SittingJson.Default.ToldSitting)!;
        var (began, begunAt, position, used) = (from.ReadInt64(), Time(from), from.ReadInt64(), Time(from));
        var (rest, events, isForgotten) = (from.ReadInt32(), from.ReadInt32(), from.ReadBoolean());
        var since = new SinceEvents(List(from, () => SinceEvent.Read(from.ReadBytes(SinceEvent.Bytes))), isForgotten);
        return new(new(id), pseudonyms.Unseal(name, told.Scope, id), isPrivate: false, repertoire, since, new Dictionary<int, float>(), told.Wishes?.ToWishes() ?? ListWishes.None)
        {
            Began = began,
            BegunAt = begunAt,
            Position = position,
            LastUsed = used,
            Rest = rest < 0 ? null : rest,
            _events = events,
            _seeds = ReadSignals(from),
            _signals = ReadSignals(from),
            _heard = List(from, from.ReadInt32),
            _plays = List(from, () => new TimedPlay(from.ReadInt32(), Time(from))),
            _banned = [.. List(from, from.ReadInt32)],
            _skipped = [.. List(from, from.ReadInt32)],
            Anchor = new(from.ReadInt32(), ReadSignals(from), List(from, from.ReadInt32), List(from, from.ReadInt32)),
            OfferedIn = List(from, () => (Track: from.ReadInt32(), Offer: new RecommendationId(new Guid(from.ReadBytes(16))))).ToDictionary(offer => offer.Track, offer => offer.Offer),
        };
    }

    private static void Write(BinaryWriter into, IReadOnlyCollection<SessionSignal> signals) => Write(into, signals, signal =>
    {
        into.Write(signal.Track);
        into.Write(signal.Strength);
        into.Write(signal.IsSeed);
    });

    private static void Write<T>(BinaryWriter into, IReadOnlyCollection<T> all, Action<T> write)
    {
        into.Write(all.Count);
        foreach (var one in all)
        {
            write(one);
        }
    }

    private static List<SessionSignal> ReadSignals(BinaryReader from) => List(from, () => new SessionSignal(from.ReadInt32(), from.ReadSingle(), from.ReadBoolean()));

    private static List<T> List<T>(BinaryReader from, Func<T> read)
    {
        var all = new List<T>(from.ReadInt32());
        for (var left = all.Capacity; left > 0; left--)
        {
            all.Add(read());
        }
        return all;
    }

    private static DateTimeOffset Time(BinaryReader from) => new(from.ReadInt64(), TimeSpan.Zero);
}
