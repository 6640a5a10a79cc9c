using Segue.Audio.Decoding.Workers;

namespace Segue.Audio.Tests.Decoding.Workers;

public sealed class LibavProofTests
{
    [Fact]
    public void Layouts_are_of_different_versions_newest_first()
        => Assert.Equal(LibavLayout.All.Select(layout => layout.Format).Distinct().OrderDescending(), LibavLayout.All.Select(layout => layout.Format));

    [Fact]
    public void Libraries_of_this_system_are_believed()
    {
        var (library, doubt) = LibavProof.Load();

        Assert.SkipWhen(library is null && doubt is null, "FFmpeg's libraries of a known version are not installed.");
        Assert.Null(doubt);
    }

    [Theory]
    [InlineData("duration")]
    [InlineData("rate")]
    [InlineData("channels")]
    public void Layout_that_is_wrong_is_not_believed(string field)
    {
        // Wrong in ways that are safe to try: other numbers of the same structure.
        var library = LibavLibrary.Load(LibavLayout.All.Select(layout => field switch
        {
            "duration" => layout with { FormatDuration = layout.FormatDuration - 8 },
            "rate" => layout with { FrameRate = LibavLayout.FrameSamples },
            _ => layout with { FrameChannels = LibavLayout.FrameFormat },
        }));
        Assert.SkipWhen(library is null, "FFmpeg's libraries of a known version are not installed.");

        Assert.NotNull(LibavProof.Try(library));
    }
}
