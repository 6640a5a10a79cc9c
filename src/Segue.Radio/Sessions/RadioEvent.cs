using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Radio.Sessions;

public enum RadioEventKind
{
    /// <summary>It came to its end, or was heard for the time given.</summary>
    Played,

    /// <summary>Left before its end.</summary>
    Skipped,

    /// <summary>Voted up or down, or the vote withdrawn.</summary>
    Voted,

    /// <summary>Put on a playlist.</summary>
    Added,

    /// <summary>Looked at: the card that offered it was clicked.</summary>
    Clicked,

    /// <summary>Less like it, in this sitting: heard or not, it says nothing of the listener's taste at other times.</summary>
    Less,
}

/// <summary>What a listener did with one track of the radio.</summary>
/// <param name="Heard">Time played; for a skip without it, none. Not negative.</param>
/// <param name="Vote">The vote; given with, and only with, <see cref="RadioEventKind.Voted"/>.</param>
/// <param name="Id">The sender's, new for each event of a listener: a second event of one id counts for nothing. Null: each counts.</param>
public sealed record RadioEvent(RadioEventKind Kind, TrackId Track, TimeSpan? Heard = null, VoteValue? Vote = null, string? Id = null)
{
    /// <summary>A skip of a track whose length nobody knows counts as if the track were this long.</summary>
    internal static readonly TimeSpan UsualLength = TimeSpan.FromMinutes(3.5);

    public RadioEventKind Kind { get; } = Enum.IsDefined(Kind)
        ? Kind
        : throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "Not a kind of event.");

    public TimeSpan? Heard { get; } = Heard is null || Heard >= TimeSpan.Zero
        ? Heard
        : throw new ArgumentOutOfRangeException(nameof(Heard), Heard, "The time heard is not negative.");

    public VoteValue? Vote { get; } = (Kind == RadioEventKind.Voted) != Vote is not null
        ? throw new ArgumentException("A vote, and only a vote, has a value.", nameof(Vote))
        : Vote is null || Enum.IsDefined(Vote.Value)
            ? Vote
            : throw new ArgumentOutOfRangeException(nameof(Vote), Vote, "A vote is -1, 0 or 1.");

    /// <summary>Whether the track was played, to whatever point.</summary>
    public bool IsListen => Kind is RadioEventKind.Played or RadioEventKind.Skipped;

    /// <summary>What the event says of the track, in [-2, 2]: by the share heard from -1 at the start towards 0 near the end, and 1 from
    /// nine tenths on, as <see cref="Completion.Full"/> has it; a play that does not tell its time is a whole one; a vote ±2, its
    /// withdrawal 0; a place on a playlist 2, a click 0.1; less of it −1.5.</summary>
    public float Strength(TimeSpan? trackLength)
    {
        switch (Kind)
        {
            case RadioEventKind.Voted:
                return 2f * (int)Vote!.Value;
            case RadioEventKind.Added:
                return 2;
            case RadioEventKind.Clicked:
                return 0.1f;
            case RadioEventKind.Less:
                return -1.5f;
        }
        if (Kind == RadioEventKind.Played && Heard is null)
        {
            return 1;
        }
        var listen = new Listen(default, default, default, Heard ?? TimeSpan.Zero, trackLength ?? UsualLength);
        return listen.Completion == Completion.Full ? 1 : (float)(listen.HeardShare - 1);
    }

    /// <summary>What the event is to a model of taste, as the nightly training reads it from the log; null when it is nothing to it.</summary>
    internal PairAction? ActionOn(int item, TimeSpan? trackLength)
    {
        switch (Kind)
        {
            case RadioEventKind.Voted:
                return Vote switch
                {
                    VoteValue.Up => new(item, InteractionAction.VoteUp, 1, 0),
                    VoteValue.Down => new(item, InteractionAction.VoteDown, 1, 0),
                    _ => null,
                };
            case RadioEventKind.Added:
                return new(item, InteractionAction.PlaylistAdd, 1, 0);
            case RadioEventKind.Clicked:
                return new(item, InteractionAction.Click, 1, 0);
            case RadioEventKind.Less:
                return null;
        }
        if (Heard is null || trackLength is null)   // a skip of unknown extent is left out
        {
            return Kind == RadioEventKind.Played ? new(item, InteractionAction.Listen, 1, 0) : null;
        }
        var listen = new Listen(default, default, default, Heard.Value, trackLength.Value);
        return listen.Completion == Completion.Skipped
            ? new(item, InteractionAction.Skip, (float)(1 - listen.HeardShare), 0)
            : new(item, InteractionAction.Listen, 1, 0);
    }
}
