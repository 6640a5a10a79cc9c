using Segue.Events.Sources;

namespace Segue.Events.Tests.Sources;

public sealed class IngestCountsTests
{
    [Fact]
    public void Counts_add_up_and_are_one_json_object()
    {
        var tally = new IngestTally();
        tally.Read(10);
        tally.Accept(4);
        tally.Repeat();
        tally.Reject("malformed-json", 2);
        tally.Reject("bad-time");
        tally.Filter("private");
        tally.Filter("logged-out");

        Assert.Equal(
            """{"read":10,"accepted":4,"duplicate":1,"rejected":3,"filtered":2,"rejectedBy":{"bad-time":1,"malformed-json":2},"filteredBy":{"logged-out":1,"private":1}}""",
            tally.ToCounts().ToJson());
    }

    [Fact]
    public void A_lost_line_is_noticed()
    {
        var tally = new IngestTally();
        tally.Read(2);
        tally.Accept();

        Assert.Throws<InvalidOperationException>(tally.ToCounts);
    }
}
