using Segue.Server.Music;

namespace Segue.Server.Tests.Music;

public sealed class FingerprintJudgeTests
{
    private readonly List<long> _read = [];

    // Contents below 10 are one recording, those from 10 to 19 another, all others cannot be read.
    private uint[]? Read(long content, CancellationToken cancellation)
    {
        _read.Add(content);
        return content < 10 ? [0x0f0f0f0f, 0x12345678] : content < 20 ? [0xf0f0f0f0, 0xedcba987] : null;
    }

    [Fact]
    public void Fingerprints_tell_recordings_apart_and_each_is_read_once()
    {
        var judge = new FingerprintJudge(Read);
        var agree = judge.Look(track => track, 100, TestContext.Current.CancellationToken);

        Assert.True(agree(1, 2));
        Assert.False(agree(1, 11));
        Assert.True(agree(12, 11));
        Assert.True(agree(1, 30));    // nothing speaks against it
        Assert.True(agree(30, 11));
        var again = judge.Look(track => track + 1, 0, TestContext.Current.CancellationToken);
        Assert.False(again(0, 10));   // known from the look before
        Assert.Equal([1, 2, 11, 12, 30], _read);
    }

    [Fact]
    public void Of_many_doubles_some_are_left_for_a_later_look()
    {
        var judge = new FingerprintJudge(Read);

        Assert.True(judge.Look(track => track, 1, TestContext.Current.CancellationToken)(1, 11));
        Assert.Equal([1], _read);
        Assert.False(judge.Look(track => track, 1, TestContext.Current.CancellationToken)(1, 11));
    }

    [Fact]
    public void A_track_without_a_content_of_its_own_is_not_read()
    {
        Assert.True(new FingerprintJudge(Read).Look(_ => -1, 9, TestContext.Current.CancellationToken)(1, 2));
        Assert.Empty(_read);
    }
}
