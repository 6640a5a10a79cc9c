using Segue.Evaluation.Planning;

namespace Segue.Evaluation.Tests.Planning;

/// <summary>The memory of a sitting is that of the whole process before and after: nothing else may run beside.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class RadioRatesTests
{
    [Fact]
    public void A_radio_is_measured_where_it_plays()
    {
        var rates = RadioRates.Measure(new() { Listeners = 400, Tracks = 300, Days = 4 }, 8, new(1, 2, Cancellation: TestContext.Current.CancellationToken));

        Assert.InRange(rates.Reaction, 1e-6, 10);
        Assert.InRange(rates.Start, 1e-6, 10);
        Assert.InRange(rates.SittingBytes, 100, 1e8);
    }
}
