using Segue.Core;
using Segue.Features.Interactions;
using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>A radio of the tiny world, its clock, and what it told its sink.</summary>
public abstract class RadioTest
{
    private protected ManualTime Time { get; } = new();
    private protected RecordingSink Sink { get; } = new();

    // Rest is short, so that a world of 60 tracks is not soon used up.
    private protected RadioStation Station(RadioOptions? options = null, Dataset? data = null)
        => new(data ?? TinyWorld.Data, TinyWorld.Models, options ?? new() { Rest = new() { Usual = 3 } }, Sink, Time);

    private protected static RadioEvent Played(int track) => new(RadioEventKind.Played, TinyWorld.IdOf(track));

    private protected static RadioEvent Skipped(int track, double seconds = 5) => new(RadioEventKind.Skipped, TinyWorld.IdOf(track), TimeSpan.FromSeconds(seconds));

    private protected static RadioEvent Voted(int track, VoteValue vote) => new(RadioEventKind.Voted, TinyWorld.IdOf(track), Vote: vote);

    private protected static int[] Rows(RadioAnswer answer) => [.. answer.Tracks.Select(track => TinyWorld.RowOf(track.Track.Id))];

    /// <summary>Those of an answer that do not come again.</summary>
    private protected static int[] Fresh(RadioAnswer answer) => Rows(answer)[..^answer.Repeated];

    private protected static int OfGenre(RadioAnswer answer, int genre) => Rows(answer).Count(track => TinyWorld.GenreOf(track) == genre);
}
