using System.CommandLine;
using Segue.Audio;
using Segue.Audio.Descriptors;
using Segue.Audio.Tags;
using Segue.Cli.Commands;
using Segue.Numerics;

namespace Segue.Cli.Tests.Commands;

/// <summary>Files are texts: a song's letter is its sound, and its number its length in seconds.</summary>
public sealed class BenchmarkSoundCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    private string Music => _line.PathOf("music");

    [Fact]
    public async Task Folders_are_albums_and_short_files_are_left_out()
    {
        WriteAlbums("music", "abcd");
        Write("music/a/effect.mp3", "e 39");

        var (code, output, errors) = await Run("--folds", "2");

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("Judged: 20 tracks of 4 albums; models learnt from the other folds of 2.", output, StringComparison.Ordinal);
        Assert.Matches(@"MFCC statistics +1\.000 +0\.800 +1\.000 *\n", output);   // four others of an album among five
        Assert.Matches(@"production vector +1\.000 +0\.800 +1\.000 +\d+\.\d CPU s", output);
        Assert.Contains("over MFCC statistics: +0.0 %.", output, StringComparison.Ordinal);
        Assert.Contains("segue lab", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_learn_from_a_folder_of_their_own_and_what_was_heard_is_kept_on_demand()
    {
        WriteAlbums("music", "ab");
        WriteAlbums("more", "cde");

        var (code, output, errors) = await Run("--train", _line.PathOf("more"), "--store", _line.PathOf("store"));

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("Judged: 10 tracks of 2 albums; models learnt from 15 tracks of 3 albums.", output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_line.PathOf("store")));
    }

    [Theory]
    [InlineData("--folds 9", "allowed are 2 to 2 folds")]
    [InlineData("--steps 0", "--steps is 0; allowed are 1 to 1000000.")]
    [InlineData("--least-seconds -1", "--least-seconds is -1; allowed are 0 to 3600.")]
    [InlineData("--train music/a", "must not learn from what they are judged on")]
    [InlineData("--train nowhere", "There is no folder")]
    public async Task What_cannot_be_is_told(string settings, string message)
    {
        WriteAlbums("music", "ab");

        var (code, _, errors) = await Run(settings.Replace("--train ", "--train " + _line.Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal).Split(' '));

        Assert.Equal(2, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    public void Dispose() => _line.Dispose();

    private void WriteAlbums(string folder, string letters)
    {
        foreach (var letter in letters)
        {
            for (var n = 0; n < 5; n++)
            {
                Write($"{folder}/{letter}/sub/{letter}{n}.mp3", $"{letter} {60 + n}");
            }
        }
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_line.PathOf(name))!);
        File.WriteAllText(_line.PathOf(name), text);
    }

    private async Task<(int Code, string Output, string Errors)> Run(params string[] settings)
    {
        var (output, errors) = (new StringWriter { NewLine = "\n" }, new StringWriter());
        var root = new RootCommand { BenchmarkSoundCommand.Create(_ => new("text", () => new(Analyze, (_, _) => AudioTags.None))) };
        string[] args = ["sound", Music, "--threads", "2", .. settings];
        var code = await root.Parse(settings.Contains("--steps") ? args : [.. args, "--steps", "2"])
            .InvokeAsync(new() { Output = output, Error = errors }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), errors.ToString());
    }

    private static TrackAnalysis Analyze(string path, CancellationToken cancellation)
    {
        var text = File.ReadAllText(path);
        var (letter, seconds) = (text[0] - 'a', int.Parse(text[2..], System.Globalization.CultureInfo.InvariantCulture));
        var random = new SeededRandom((ulong)letter, (ulong)seconds);
        var descriptors = new float[SoundDescriptors.Length];
        for (var n = 0; n < SoundDescriptors.BaseLength; n++)
        {
            descriptors[n] = (n % 5 == letter ? 9 : 0) + (float)random.NextNormal();
        }
        var spectra = new byte[TrackFeatures.WindowBytes];
        for (var n = 0; n < spectra.Length; n++)
        {
            spectra[n] = (byte)(random.NextInt(60) + (n % TrackFeatures.Bands / 16 == letter ? 150 : 0));
        }
        return new(AudioOutcome.Ok, null, TimeSpan.FromSeconds(seconds), new(descriptors, spectra));
    }
}
