using System.Text;
using Segue.Events.Wire;

namespace Segue.Events.Tests.Wire;

public class ContractTests
{
    private readonly WireDoors _doors = new();

    [Fact]
    public void Every_example_of_the_contract_is_taken()
    {
        var examples = Contract.Examples();

        Assert.True(examples.Count >= 12);
        foreach (var example in examples)
        {
            var isBatch = example.StartsWith('[') || example.Contains("\"events\"", StringComparison.Ordinal);
            var batch = _doors.Batch(isBatch ? example : $"[{example}]");
            Assert.True(batch.Fault is null, $"{batch.Fault} in {example}");
            Assert.All(batch.Items, item => Assert.True(item.Verdict.Kind != VerdictKind.Rejected, $"{item.Verdict.Fault} in {example}"));
            if (!isBatch)
            {
                Assert.Equal(batch.Items[0].Verdict.Kind, _doors.Read(example).Kind);
            }
        }
    }

    [Fact]
    public void Every_kind_that_can_be_sent_has_an_example()
        => Assert.Equal(
            Enum.GetValues<EventKind>().Except([EventKind.Sitting, EventKind.Answer, EventKind.Less]),   // those the radio tells of itself
            Contract.Examples().Where(example => _doors.Read(example).Kind == VerdictKind.Accepted)
                .Select(example => _doors.Accepted(example).Kind).Distinct().Order());

    [Fact]
    public void The_corrected_example_is_moved_by_its_skew()
    {
        var listen = _doors.Accepted(Contract.Examples()[1]);

        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1774744200000) + TimeSpan.FromSeconds(250), listen.At);
        Assert.Equal("song-205", listen.Track!.Value.Value);
    }

    [Fact]
    public void Batches_give_each_event_its_verdict_and_its_bytes()
    {
        var batch = _doors.Batch($$"""
            { "events" : [ {{WireDoors.Event("\"type\":\"vote\",\"track\":\"t\",\"vote\":1")}} , 7, {"type":"no"},
              {{WireDoors.Event("\"type\":\"listen\",\"track\":\"t\",\"private\":true")}}, {"a":[[[[[[[[[[[[1]]]]]]]]]]]]} ], "sentAt": null }
            """);

        Assert.Null(batch.Fault);
        Assert.Equal([0, 1, 2, 3, 4], batch.Items.Select(item => item.Index));
        Assert.Equal(
            [null, "not-an-object", "unknown-value", null, "too-deep"],
            batch.Items.Select(item => item.Verdict.Fault?.Reason));
        Assert.Equal(VerdictKind.Private, batch.Items[3].Verdict.Kind);
        Assert.Equal(["7", """{"type":"no"}"""], batch.Items.Skip(1).Take(2).Select(item => Encoding.UTF8.GetString(item.Raw.Span)));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("7", "not-an-object")]
    [InlineData("{}", "missing-field")]
    [InlineData("""{"events":{}}""", "wrong-type")]
    [InlineData("""{"events":[],"events":[]}""", "duplicate-field")]
    [InlineData("""{"sentAt":1,"sentAt":1,"events":[]}""", "duplicate-field")]
    [InlineData("""{"sentAt":"yesterday","events":[]}""", "bad-time")]
    [InlineData("""{"event":[]}""", "unexpected-field")]
    [InlineData("[{},", "malformed")]
    [InlineData("[{}] x", "trailing-bytes")]
    [InlineData("[NaN]", "number-not-finite")]
    public void Batches_that_are_none_are_rejected_as_a_whole(string body, string reason)
    {
        var batch = _doors.Batch(body);

        Assert.Equal(reason, batch.Fault?.Reason);
        Assert.Empty(batch.Items);
    }

    [Fact]
    public void Batches_have_a_largest_count_and_size()
    {
        Assert.Equal(1_000, _doors.Batch($"[{string.Join(',', Enumerable.Repeat("{}", 1_000))}]").Items.Count);
        Assert.Equal("too-many-events", _doors.Batch($"[{string.Join(',', Enumerable.Repeat("{}", 1_001))}]").Fault?.Reason);
        Assert.Equal("too-large", _doors.Batch($"[{new string(' ', 4 << 20)}]").Fault?.Reason);
    }
}
