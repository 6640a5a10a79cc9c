using Segue.Audio;
using Segue.Audio.Decoding;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Features.Sound;
using Segue.Numerics;
using Segue.Server.Music;
using Segue.Tests;

namespace Segue.Cli.Tests.Music;

/// <summary>The program's own analyzers on songs of free games.</summary>
public sealed class RealMusicTests : IDisposable
{
    private readonly SoundFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_vector_hangs_on_the_song_and_not_on_how_it_is_encoded()
    {
        string[] songs = [.. RealMusic.Songs("amoebax-data"), .. RealMusic.Songs("noiz2sa-data")];
        var (flac, mp3) = (_folder.Convert(songs[3], "song.flac"), _folder.Convert(songs[3], "song.mp3", "-b:a", "128k"));
        using var analyzer = SoundAnalyzers.FileAnalyzer(WindowPlan.Spread, SoundFolder.Worker);
        TrackFeatures Hear(string path) => analyzer.Analyze(path, Cancellation) is { Features: { } features } ? features : throw new InvalidOperationException($"{path} cannot be heard.");
        var heard = songs.Select(Hear).ToList();
        var albums = songs.Select(song => song.Contains("amoebax", StringComparison.Ordinal) ? 0 : 1).ToArray();
        var corpus = new SoundCorpus([.. heard.Select((features, n) => new SoundExample(features.Spectra, albums[n]))]);
        var encoder = new ContrastiveEncoder(new(), seed: 1);
        new EncoderTraining(new() { Phases = [(Likeness.SameTrack, 20)], Batch = 32 }).Run(encoder, corpus, corpus.Scale, cancellation: Cancellation);

        // Whitening by sixteen songs of two albums makes much of little: an encoder of twenty steps may be moved a little more by it than descriptors.
        Assert.All(new (ISoundEncoder[] Encoders, double Least)[] { ([], 0.99), ([encoder], 0.98) }, way =>
        {
            var (encoders, least) = way;
            var model = SoundModel.Fit(encoders, corpus.Scale, heard, albums, threads: 1);
            var (lossless, lossy) = (model.VectorOf(Hear(flac)), model.VectorOf(Hear(mp3)));

            Assert.InRange(Vectors.Cosine(lossless, lossy), least, 1.0001);
            Assert.All(heard.Where((_, n) => n != 3), other => Assert.InRange(Vectors.Cosine(lossless, model.VectorOf(other)), -1.0001, 0.95));
        });
    }

    [Fact]
    public async Task A_folder_with_hostile_files_among_its_songs_is_scanned_whole()
    {
        var songs = RealMusic.Songs("amoebax-data");
        _folder.Copy(songs.Take(3));
        _folder.Convert(songs[4], "part%02d.wav", "-f", "segment", "-segment_time", "3.5", "-t", "60");
        var good = Directory.GetFiles(_folder.Music).Length;
        Damage(songs[0]);
        using var library = new SoundLibrary(Path.Combine(_folder.Music, "..", "music.db"));
        using var database = Segue.Events.Relational.RelationalStore.OpenFile(Path.Combine(_folder.Music, "..", "accounts.db"));
        var catalogue = new Segue.Events.Catalogue.CatalogueStore(database);

        var report = await new MusicScanner(library, catalogue, catalogue.ReadAll, SoundFolder.Analyzers(), TimeProvider.System)
            .ScanAsync([_folder.Music], new() { Workers = 2 }, cancellation: Cancellation);

        var outcomes = library.Counts().Files;
        Assert.Equal(good + 5, report.Files);
        Assert.Equal(report.Files, outcomes.Values.Sum());
        Assert.InRange(outcomes[FileOutcome.Ok], good - 1, good + 2);   // the last part may be too short; half a song is music, and so may be one with flipped bits
        FileOutcome OutcomeOf(string name) => library.FindFile(_folder[name])!.Outcome;
        Assert.Equal((FileOutcome.Unreadable, FileOutcome.Unsupported), (OutcomeOf("empty.mp3"), OutcomeOf("archive.mp3")));
        Assert.True(OutcomeOf("nan.wav") is FileOutcome.Corrupt or FileOutcome.Unsupported, $"{OutcomeOf("nan.wav")}");
        Assert.True(OutcomeOf("cut.ogg") is FileOutcome.Ok or FileOutcome.Corrupt, $"{OutcomeOf("cut.ogg")}");
        Assert.True(OutcomeOf("flipped.ogg") is FileOutcome.Ok or FileOutcome.Corrupt, $"{OutcomeOf("flipped.ogg")}");
    }

    public void Dispose() => _folder.Dispose();

    // Five files that no song is: one in twenty of a folder, or more.
    private void Damage(string song)
    {
        var bytes = File.ReadAllBytes(song);
        File.WriteAllBytes(_folder["empty.mp3"], []);
        File.WriteAllBytes(_folder["cut.ogg"], bytes[..(bytes.Length / 2)]);
        var random = new SeededRandom(5);
        for (var n = 0; n < 200; n++)
        {
            bytes[random.NextInt(bytes.Length)] ^= (byte)(1 << random.NextInt(8));
        }
        File.WriteAllBytes(_folder["flipped.ogg"], bytes);
        using (var archive = System.IO.Compression.ZipFile.Open(_folder["archive.mp3"], System.IO.Compression.ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("bomb").Open();
            entry.Write(new byte[1 << 22]);
        }
        WriteNothingButNan(_folder["nan.wav"]);
    }

    private static void WriteNothingButNan(string path)
    {
        const int Rate = 8_000, Samples = 5 * Rate;
        using var file = new BinaryWriter(File.Create(path));
        file.Write("RIFF"u8);
        file.Write(36 + 4 * Samples);
        file.Write("WAVEfmt "u8);
        file.Write(16);
        file.Write((short)3);
        file.Write((short)1);
        file.Write(Rate);
        file.Write(4 * Rate);
        file.Write((short)4);
        file.Write((short)32);
        file.Write("data"u8);
        file.Write(4 * Samples);
        for (var n = 0; n < Samples; n++)
        {
            file.Write(float.NaN);
        }
    }
}
