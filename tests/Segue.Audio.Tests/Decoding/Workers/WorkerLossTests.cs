using Segue.Audio.Decoding;
using Segue.Audio.Processes;

namespace Segue.Audio.Tests.Decoding.Workers;

public sealed class WorkerLossTests : IDisposable
{
    private readonly SoundFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_file_whose_worker_is_lost_is_given_to_another_one()
    {
        using var decoders = new AudioDecoders(DyingUntil(_files.Path("first")), withFfmpeg: false);

        var (report, windows) = SoundFiles.Decode(decoders, Flac(), WindowPlan.Whole);

        Assert.SkipWhen(report.Fault?.StartsWith(AudioDecoders.NoDecoder, StringComparison.Ordinal) == true, "Neither libsndfile nor FFmpeg's libraries are installed.");
        Assert.Equal((AudioOutcome.Ok, null, 2), (report.Outcome, report.Fault, decoders.Worker!.Started));
        Assert.NotEmpty(windows);
    }

    [Fact]
    public void A_file_that_brings_two_workers_down_is_corrupt_and_says_so()
    {
        using var decoders = new AudioDecoders((ProgramPath.Require("sh", "to test"), ["-c", Dying]), withFfmpeg: false);

        var (report, windows) = SoundFiles.Decode(decoders, Flac(), WindowPlan.Whole);

        Assert.Equal(AudioOutcome.Corrupt, report.Outcome);
        Assert.StartsWith("Twice: The library broke off", report.Fault, StringComparison.Ordinal);
        Assert.Empty(windows);
    }

    [Fact]
    public void A_worker_that_comes_back_without_its_libraries_makes_no_file_corrupt()
    {
        var gone = _files.Path("gone");
        using var decoders = new AudioDecoders(
            (ProgramPath.Require("sh", "to test"), ["-c", $"if [ -e '{gone}' ]; then printf '\\000\\000\\000\\000\\000'; cat > /dev/null; fi; touch '{gone}'; {Dying}"]), withFfmpeg: false);

        var (report, _) = SoundFiles.Decode(decoders, Flac(), WindowPlan.Whole);

        Assert.Equal(AudioOutcome.Unsupported, report.Outcome);
        Assert.StartsWith(AudioDecoders.NoDecoder, report.Fault, StringComparison.Ordinal);
    }

    // Says that it has both libraries, and ends with the first request.
    private const string Dying = "printf '\\003\\000\\000\\000\\000'; head -c 1 > /dev/null; exit 1";

    private static (string, IReadOnlyList<string>) DyingUntil(string flag)
    {
        var (program, arguments) = SoundFiles.Worker;
        return (ProgramPath.Require("sh", "to test"), ["-c", $"if [ -e '{flag}' ]; then exec '{program}' {string.Join(' ', arguments.Select(argument => $"'{argument}'"))}; fi; touch '{flag}'; {Dying}"]);
    }

    private string Flac() => _files.Convert(_files.Write("song.wav", SoundFiles.Wave(SoundFiles.Music(22_050, 1, 3), 22_050)), "song.flac");
}
