using Segue.Core;
using Segue.Events.Importing;

namespace Segue.Events.Tests.Importing;

public sealed class SequenceReaderTests
{
    [Fact]
    public void Sequences_keep_their_order_and_their_repetitions()
    {
        var sequences = Sequences("u 3 1 3\r\nv\t2\n", Texts.Tally("0"));

        Assert.Equal(["u", "v"], sequences.Select(sequence => sequence.User));
        Assert.Equal(["3", "1", "3"], sequences[0].Items);
        Assert.Equal(["2"], sequences[1].Items);
    }

    [Fact]
    public void Second_sequence_of_a_user_is_a_fault()
    {
        var tally = Texts.Tally();

        Assert.Single(Sequences("u 1 2\nu 3\n", tally));
        Assert.Equal(["plays:2: the user 'u' has a sequence already, on line 1"], tally.Faults());
    }

    [Fact]
    public void Adjacency_lists_give_each_item_once_and_count_repetitions()
    {
        var tally = Texts.Tally("0");

        var rows = Adjacency("u 3 1 3\nv 3\nu 4\n", tally);

        Assert.Equal([("u", "3"), ("u", "1"), ("v", "3"), ("u", "4")], rows.Select(row => (row.User, row.Item)));
        Assert.All(rows, row => Assert.Equal((1d, null, InteractionAction.Listen), (row.Value, row.Time, row.Action)));
        Assert.Equal(1, tally.Complete().Counters[SequenceReader.RepeatedItems]);
    }

    [Fact]
    public void User_without_items_is_accepted_and_counted()
    {
        var tally = Texts.Tally("0");

        Assert.Empty(Adjacency("u\n", tally));
        Assert.Equal(1, tally.Complete().Counters[SequenceReader.UsersWithoutItems]);
    }

    [Fact]
    public void Bad_ids_and_blank_lines_are_faults()
    {
        var tally = Texts.Tally();

        Assert.Empty(Sequences("u 1 b\u0001\n \t \n", tally));
        Assert.Equal(
            ["plays:1: the item id holds the control character U+0001 at position 1", "plays:2: holds only white space"],
            tally.Faults());
    }

    [Fact]
    public void Negatives_with_a_held_out_item_are_read()
    {
        var negatives = Negatives("(0,40)\t11\t526\n(1,73)\t9\n", Texts.Tally("0"));

        Assert.Equal([("0", "40"), ("1", "73")], negatives.Select(row => (row.User, row.HeldOut!)));
        Assert.Equal(["11", "526"], negatives[0].Items);
    }

    [Fact]
    public void Negatives_without_a_held_out_item_are_read()
    {
        var negatives = Assert.Single(Negatives("7 11 526\n", Texts.Tally("0")));

        Assert.Equal(("7", null), (negatives.User, negatives.HeldOut));
        Assert.Equal(["11", "526"], negatives.Items);
    }

    [Fact]
    public void Odd_lines_of_negatives_are_faults()
    {
        var tally = Texts.Tally();

        Assert.Single(Negatives("(0,40)\t11\n(1,2)\n3\t4\n(1,2,3)\t4\n(,2)\t4\n(1,2)\t\t4", tally));
        Assert.Equal(
            [
                "plays:2: names no negatives",
                "plays:3: begins with '3', not with (user,item)",
                "plays:4: begins with '(1,2,3)', not with (user,item)",
                "plays:5: the user id is empty",
                "plays:6: the item id is empty",
            ],
            tally.Faults());
    }

    private static List<UserSequence> Sequences(string text, ImportTally tally)
        => SequenceReader.ReadSequences(Texts.Of(text), tally, null, TestContext.Current.CancellationToken).ToList();

    private static List<Interaction> Adjacency(string text, ImportTally tally)
        => SequenceReader.ReadAdjacency(Texts.Of(text), tally, null, TestContext.Current.CancellationToken).ToList();

    private static List<SampledNegatives> Negatives(string text, ImportTally tally)
        => SampledNegativesReader.Read(Texts.Of(text), tally, null, TestContext.Current.CancellationToken).ToList();
}
