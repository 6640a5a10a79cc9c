using Segue.Core;

namespace Segue.Radio.State;

/// <summary>What few listeners have, and what no record of a fixed size holds: bans, and when each vote was given.</summary>
internal sealed class ListenerSide
{
    public Dictionary<int, (DateTimeOffset Until, DateTimeOffset At)> Bans { get; } = [];

    /// <summary>Bans of artists, for tracks of theirs that come later.</summary>
    public Dictionary<ArtistId, (DateTimeOffset Until, DateTimeOffset At)> Artists { get; } = [];

    /// <summary>Of the newest vote on each track, those in the data included.</summary>
    public Dictionary<int, DateTimeOffset> VotedAt { get; } = [];

    public void Write(BinaryWriter into)
    {
        into.Write(Bans.Count);
        foreach (var (track, (until, at)) in Bans)
        {
            into.Write(track);
            into.Write(until.UtcTicks);
            into.Write(at.UtcTicks);
        }
        into.Write(Artists.Count);
        foreach (var (artist, (until, at)) in Artists)
        {
            into.Write(artist.Value);
            into.Write(until.UtcTicks);
            into.Write(at.UtcTicks);
        }
        into.Write(VotedAt.Count);
        foreach (var (track, at) in VotedAt)
        {
            into.Write(track);
            into.Write(at.UtcTicks);
        }
    }

    public static ListenerSide Read(BinaryReader from)
    {
        var side = new ListenerSide();
        for (var left = from.ReadInt32(); left > 0; left--)
        {
            side.Bans.Add(from.ReadInt32(), (Time(from), Time(from)));
        }
        for (var left = from.ReadInt32(); left > 0; left--)
        {
            side.Artists.Add(new(from.ReadString()), (Time(from), Time(from)));
        }
        for (var left = from.ReadInt32(); left > 0; left--)
        {
            side.VotedAt.Add(from.ReadInt32(), Time(from));
        }
        return side;
    }

    private static DateTimeOffset Time(BinaryReader from) => new(from.ReadInt64(), TimeSpan.Zero);
}
