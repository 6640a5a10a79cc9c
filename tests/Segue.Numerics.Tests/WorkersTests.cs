namespace Segue.Numerics.Tests;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Each_piece_is_done_once(int threads)
    {
        foreach (var pieces in new[] { 0, 1, 2, 1000 })
        {
            var done = new int[pieces];
            Workers.For(pieces, threads, piece => Interlocked.Increment(ref done[piece]), TestContext.Current.CancellationToken);

            Assert.All(done, count => Assert.Equal(1, count));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_failure_of_a_piece_comes_through_unwrapped(int threads)
    {
        var fault = Assert.Throws<InvalidDataException>(() => Workers.For(
            50, threads, piece => _ = piece == 20 ? throw new InvalidDataException("piece 20") : piece, TestContext.Current.CancellationToken));

        Assert.Equal("piece 20", fault.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_cancelled_run_stops(int threads)
    {
        using var cancel = new CancellationTokenSource();
        var done = 0;

        Assert.ThrowsAny<OperationCanceledException>(() => Workers.For(100_000, threads, piece =>
        {
            if (Interlocked.Increment(ref done) == 10)
            {
                cancel.Cancel();
            }
        }, cancel.Token));
        Assert.InRange(done, 10, 99_999);
    }

    [Fact]
    public void At_least_one_thread_is_needed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Workers.For(1, 0, _ => { }, TestContext.Current.CancellationToken));
        Assert.True(Workers.Default >= 1);
    }
}
