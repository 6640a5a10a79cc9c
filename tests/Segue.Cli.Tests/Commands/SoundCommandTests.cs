using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Segue.Audio;
using Segue.Audio.Descriptors;
using Segue.Audio.Onnx;
using Segue.Audio.Processes;
using Segue.Audio.Tags;
using Segue.Audio.Tests.Onnx;
using Segue.Features.Sound;
using Segue.Numerics;
using Segue.Server.Stores;

namespace Segue.Cli.Tests.Commands;

/// <summary><c>segue train sound</c>, <c>segue similar</c>, and what <c>segue train</c> makes of the sounds.</summary>
public sealed class SoundCommandTests : IDisposable
{
    private readonly CommandLine _shell = new();

    public void Dispose() => _shell.Dispose();

    private string Store => _shell.PathOf("store");

    [Fact]
    public async Task Tracks_that_nobody_heard_are_placed_by_their_sound_and_a_store_without_music_is_trained_as_ever()
    {
        await MakeStoreAsync();
        string[] quick = ["--tune", "0", "--anew", "--set", "factors=8", "sweeps=4"];
        var silent = await Run(["train", .. quick]);
        Assert.False(File.Exists(Path.Combine(Store, "models", "000001", "cold.model")));
        Assert.DoesNotContain("Placed", silent, StringComparison.Ordinal);
        await Run(["train", .. quick]);
        Assert.Equal(Model(1), Model(2));

        Hear();
        var trained = await Run("train", "sound", "--steps", "2", "--batch", "8", "--threads", "1");
        var placed = await Run(["train", .. quick]);

        Assert.Contains("Published sound-000001: ", trained, StringComparison.Ordinal);
        Assert.Contains("Vectors: 60 tracks.", trained, StringComparison.Ordinal);
        Assert.Matches(@"Placed \d+ tracks that nobody heard", placed);
        Assert.Matches(@"Drew \d+ tracks that somebody heard towards such places: k = [\d.]+ listeners", placed);
        Assert.True(File.Exists(Path.Combine(Store, "models", "000003", "cold.model")));
        Assert.NotEqual(Model(1), Model(3));
        Assert.Contains("Going on from version 000003", await Run("train", "--tune", "0"), StringComparison.Ordinal);
        Assert.Contains("Nothing has changed since version 000004", await Run("train", "--update"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Networks_are_trained_when_they_are_asked_for_kept_by_an_update_and_gone_when_they_are_not_wanted()
    {
        await MakeStoreAsync();
        Hear();
        await Run("similar", Ids()[0], "--count", "1");   // vectors
        string[] quick = ["--tune", "0", "--set", "factors=8", "sweeps=4", "--network-steps", "2"];
        string Network(int version) => Path.Combine(Store, "models", $"{version:D6}", "cold-network.model");

        var by = await Run(["train", .. quick]);
        var asked = await Run(["train", .. quick, "--network", "always", "--network-loss", "mse"]);
        var listen = _shell.Write("more.jsonl", $$"""{"type": "listen", "listener": "somebody-new", "at": "2026-01-02T10:00:00Z", "track": "{{Ids()[3]}}", "heardSeconds": 200, "trackSeconds": 200}""");
        Assert.Equal(0, (await CommandLine.Run("ingest", listen, "--into", Store)).Code);
        var updated = await Run("train", "--update");
        var again = await Run(["train", .. quick, "--network", "always", "--network-loss", "mse"]);
        await Run(["train", .. quick, "--network", "never"]);

        Assert.DoesNotContain("Networks", by + updated, StringComparison.Ordinal);
        Assert.Matches(@"Networks: \d+ tracks, 2 steps, loss [\d.]+ to [\d.]+, cosine on other artists' tracks -?[\d.]+, \d+ % of the weight\.", asked);
        Assert.Matches(@"Networks: \d+ tracks, 4 steps", again);
        Assert.Equal([false, true, true, true, false], Enumerable.Range(1, 5).Select(version => File.Exists(Network(version))));
        Assert.NotEqual(File.ReadAllBytes(Network(3)), File.ReadAllBytes(Network(4)));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Store, "work", "training"), "*.checkpoint"));
        await Refused("--network-steps is 0; allowed are 1 to 1000000", "train", "--network-steps", "0");
        await Refused("--network-hears is -1; allowed are 0", "train", "--network-hears", "-1");
    }

    [Fact]
    public async Task What_sounds_like_a_track_and_the_way_to_another_are_listed()
    {
        await MakeStoreAsync();
        Hear();
        var ids = Ids();

        var alike = Lines(await Run("similar", ids[0], "--count", "5"));
        Assert.Equal(5, alike.Count);
        Assert.DoesNotContain(ids[0], alike.Select(Id));
        Assert.All(alike.Take(3), line => Assert.Equal(0, Array.IndexOf(ids, Id(line)) % 4));   // of its style
        var mixed = Lines(await Run("similar", ids[0], "--count", "8", "--add", ids[1], "--subtract", ids[2]));
        Assert.Empty(mixed.Select(Id).Intersect([ids[0], ids[1], ids[2]]));
        Assert.NotEqual(Lines(await Run("similar", ids[0], "--count", "8")), mixed);
        var path = Lines(await Run("similar", ids[0], "--to", ids[1], "--count", "4")).Select(Id).ToList();
        Assert.Equal((4, ids[0], ids[1]), (path.Count, path[0], path[^1]));
    }

    [Fact]
    public async Task A_file_that_no_folder_holds_is_likest_to_the_track_whose_sound_it_has_whatever_its_level()
    {
        Assert.SkipUnless(ProgramPath.Find("ffprobe") is not null, "ffprobe is not installed.");
        var music = Directory.CreateDirectory(_shell.PathOf("songs")).FullName;
        for (var song = 0; song < 9; song++)
        {
            WriteSong(Path.Combine(music, $"Ann - Song {song}.wav"), song, level: 0.3);
        }
        var (code, _, errors) = await CommandLine.Run("scan", music, "--store", Store, "--plan", "middle");
        Assert.True(code == 0, errors);
        WriteSong(_shell.PathOf("query.wav"), song: 4, level: 0.1);

        var alike = Lines(await Run("similar", _shell.PathOf("query.wav"), "--count", "3"));

        Assert.Equal(3, alike.Count);
        Assert.EndsWith("Ann - Song 4", alike[0], StringComparison.Ordinal);
        Assert.InRange(float.Parse(alike[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture), 0.9f, 1.001f);
    }

    [Fact]
    public async Task A_model_of_ones_own_joins_the_vectors_and_what_does_not_fit_is_refused()
    {
        Assert.SkipUnless(OnnxLibrary.IsPresent, "ONNX Runtime's library is not on this machine: build/natives/onnx/fetch gets it (about 115 MB).");
        await MakeStoreAsync();
        Hear();
        string File(string name, int bands)
        {
            var path = _shell.PathOf(name);
            System.IO.File.WriteAllBytes(path, TinyOnnx.MeanOfRelu(-1, bands, [.. Enumerable.Range(0, 4 * bands).Select(n => MathF.Cos(n))]));
            return path;
        }

        string[] quick = ["--steps", "2", "--batch", "8", "--threads", "1"];
        await Refused("takes [1 × frames × 96]; it must take [1 × frames × 128]", ["train", "sound", "--backbone", File("narrow.onnx", 96), .. quick]);
        await Refused("There is no model at", ["train", "sound", "--backbone", _shell.PathOf("none.onnx"), .. quick]);
        await Refused("leave one away", ["train", "sound", "--backbone", File("mine.onnx", 128), "--no-backbone", .. quick]);
        Assert.False(Directory.Exists(Path.Combine(Store, "music", "models", "000001")));

        var trained = await Run(["train", "sound", "--backbone", _shell.PathOf("mine.onnx"), .. quick]);

        Assert.Contains("With the backbone of SHA-256", trained, StringComparison.Ordinal);
        Assert.Contains("Vectors: 60 tracks.", trained, StringComparison.Ordinal);
        Assert.True(System.IO.File.Exists(Path.Combine(Store, "music", "models", "000001", "backbone.onnx")));
        Assert.Equal(3, Lines(await Run("similar", Ids()[0], "--count", "3")).Count);
    }

    [Fact]
    public async Task What_cannot_be_compared_is_told()
    {
        await MakeStoreAsync();
        await Refused("too little music", "similar", "t1");
        await Refused("at least 8 tracks with sound", "train", "sound");
        Hear();
        await Refused("no file and no track with sound 'nobody'", "similar", "nobody");
        await Refused("--count is 0; allowed are 1 to 1000", "similar", "x", "--count", "0");
        await Refused("--steps is 0; allowed are 1 to 1000000", "train", "sound", "--steps", "0");
        await Refused("--batch is 7; allowed are 8 to 4096", "train", "sound", "--batch", "7");
        await Refused("notes.txt", "similar", _shell.Write("notes.txt", "no music"));
    }

    private async Task MakeStoreAsync()
    {
        Assert.SkipUnless(ProgramPath.Find("ffprobe") is not null, "ffprobe is not installed.");
        var (code, _, errors) = await CommandLine.Run("lab", "--out", Store, "--listeners", "40", "--tracks", "60", "--days", "5");
        Assert.True(code == 0, errors);
    }

    private string[] Ids()
    {
        using var parts = new StoreParts(Store, new());
        return [.. parts.Store.ReadCatalogue().Select(track => track.Id.Value)];
    }

    // Track n is of style n % 4.
    private void Hear()
    {
        using var parts = new StoreParts(Store, new());
        var (tracks, folder) = (parts.Store.ReadCatalogue(), _shell.PathOf("music"));
        for (var n = 0; n < tracks.Count; n++)
        {
            var (descriptors, random) = (new float[SoundDescriptors.Length], new SeededRandom(5, (ulong)n));
            for (var f = 0; f < descriptors.Length - 1; f++)
            {
                descriptors[f] = (float)(3 * new SeededRandom(6, (ulong)n % 4, (ulong)f).NextNormal() + random.NextNormal());
            }
            var spectra = new byte[TrackFeatures.WindowBytes];
            random = new SeededRandom(7, (ulong)n);
            for (var at = 0; at < spectra.Length; at++)
            {
                spectra[at] = (byte)random.NextInt(200);
            }
            var content = new SoundContent(
                SHA256.HashData(Encoding.UTF8.GetBytes($"{n}")), new(AudioOutcome.Ok, null, TimeSpan.FromSeconds(100), new(descriptors, spectra)), AudioTags.None, "test/1");
            var sound = parts.Sound.Keep(new(folder, Path.Combine(folder, $"{n}.flac"), 1, DateTimeOffset.UnixEpoch), content, scan: 1);
            parts.Sound.Describe(sound, new(tracks[n].Id, IsOwn: false, tracks[n].Title, tracks[n].Artist.Name, $"album {n % 4}", $"album {n % 4}"));
        }
    }

    // Twelve seconds of a chord with beats and noise, all of them the song's own; 16 bits at 22,050 Hz.
    private static void WriteSong(string path, int song, double level)
    {
        const int Rate = 22_050, Samples = 12 * Rate;
        var (random, pitch, beat, hiss) = (new SeededRandom(8, (ulong)song), 110 * Math.Pow(2, song * 5 / 12.0 % 3), Rate / (1 + song % 4), 0.05 * (song % 3));
        using var file = new BinaryWriter(File.Create(path));
        file.Write("RIFF"u8);
        file.Write(36 + 2 * Samples);
        file.Write("WAVEfmt "u8);
        foreach (var (value, bytes) in (ReadOnlySpan<(int, int)>)[(16, 4), (1, 2), (1, 2), (Rate, 4), (2 * Rate, 4), (2, 2), (16, 2)])
        {
            file.Write(BitConverter.GetBytes(value).AsSpan(0, bytes));
        }
        file.Write("data"u8);
        file.Write(2 * Samples);
        for (var n = 0; n < Samples; n++)
        {
            var decay = Math.Exp(-3.0 * (n % beat) / beat);
            var chord = Math.Sin(2 * Math.PI * pitch * n / Rate) + 0.5 * Math.Sin(2 * Math.PI * pitch * (2 + song % 5) * n / Rate);
            file.Write((short)(level * 32_767 * Math.Clamp(0.6 * decay * chord + hiss * random.NextNormal(), -1, 1)));
        }
    }

    private async Task<string> Run(params string[] args)
    {
        var (code, output, errors) = await CommandLine.Run([.. args, "--store", Store]);
        Assert.True(code == 0, errors);
        return output;
    }

    private async Task Refused(string message, params string[] args)
    {
        var (code, _, errors) = await CommandLine.Run([.. args, "--store", Store]);
        Assert.Equal(2, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    private static List<string> Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string Id(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];

    private byte[] Model(int version) => File.ReadAllBytes(Path.Combine(Store, "models", $"{version:D6}", "als.model"));
}
