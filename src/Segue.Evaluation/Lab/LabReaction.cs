using Segue.Core;

namespace Segue.Evaluation.Lab;

/// <summary>What a simulated listener did to a track that was played.</summary>
/// <param name="Skipped">Left before the end.</param>
/// <param name="Heard">Time played, in (0, length]; the whole length unless skipped.</param>
/// <param name="Vote"><see cref="VoteValue.Withdrawn"/> when there was none.</param>
public readonly record struct LabReaction(bool Skipped, TimeSpan Heard, VoteValue Vote, bool PlaylistAdd);

/// <summary>One play of a simulated history.</summary>
/// <param name="Listener">Index into <see cref="LabWorld.Listeners"/>.</param>
/// <param name="Track">Index into <see cref="LabWorld.Catalogue"/>.</param>
public readonly record struct LabListen(int Listener, int Track, DateTimeOffset StartedAt, LabReaction Reaction);

/// <summary>A playlist that a simulated listener put together by hand.</summary>
/// <param name="Listener">Index into <see cref="LabWorld.Listeners"/>.</param>
/// <param name="Number">Counts a listener's playlists from 0.</param>
/// <param name="MadeAt">When the first track was put on it; the others follow a minute apart.</param>
/// <param name="Tracks">Indexes into <see cref="LabWorld.Catalogue"/> in the order in which they were put on it, each once.</param>
public sealed record LabPlaylist(int Listener, int Number, DateTimeOffset MadeAt, IReadOnlyList<int> Tracks);
