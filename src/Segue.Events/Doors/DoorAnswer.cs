using Segue.Events.Wire;

namespace Segue.Events.Doors;

/// <summary>What became of a batch.</summary>
/// <param name="Fault">What is wrong with the batch as a whole; then it has no verdicts and nothing of it was taken.</param>
/// <param name="Verdicts">One an event, in the batch's order.</param>
public sealed record DoorAnswer(Fault? Fault, IReadOnlyList<DoorVerdict> Verdicts);
