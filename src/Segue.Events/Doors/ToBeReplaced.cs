namespace Segue.Events.DeadLetters;
public sealed record DeadLetter(string Source, long Line, DateTimeOffset ReceivedAt, string Reason, string Detail, ReadOnlyMemory<byte> Raw);
public sealed class DeadLetterStore(string file) : IDisposable { public void Add(IReadOnlyList<DeadLetter> letters) { _ = file; } public void Dispose() { } }
