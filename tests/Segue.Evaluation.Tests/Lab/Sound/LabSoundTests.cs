using System.Buffers.Binary;
using System.Text;
using Segue.Evaluation.Lab;
using Segue.Evaluation.Lab.Sound;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Lab.Sound;

public sealed class LabSoundTests
{
    private static readonly LabWorld World = LabWorld.Create(new() { Listeners = 20, Tracks = 400, Days = 2, Seed = 5, Threads = 1 });
    private static readonly LabSound Sound = new(World);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10);

    [Fact]
    public void Same_seed_gives_the_same_bytes_on_any_thread_and_another_seed_gives_others()
    {
        var again = new LabSound(LabWorld.Create(World.Options with { Threads = 3 }));
        var other = new LabSound(LabWorld.Create(World.Options with { Seed = 6 }));
        var serial = Enumerable.Range(0, 6).Select(track => Sound.Wave(track).Checksum).ToArray();
        var parallel = new string[serial.Length];
        Workers.For(parallel.Length, 4, track => parallel[track] = again.Wave(track).Checksum, TestContext.Current.CancellationToken);

        Assert.Equal(serial, parallel);
        Assert.Equal(serial.Length, serial.Distinct().Count());
        Assert.NotEqual(serial[0], other.Wave(0).Checksum);
    }

    [Fact]
    public void Music_lies_within_full_scale_at_a_usual_level()
    {
        for (var track = 0; track < 16; track++)
        {
            var samples = Sound.Samples(track, Short);
            var level = 10 * Math.Log10(Vectors.Dot(samples, samples) / (double)samples.Length);

            Assert.Equal(220_500, samples.Length);
            Assert.All(samples.Chunk(4096), chunk => Assert.True(chunk.Max(Math.Abs) < 0.999f && chunk.All(float.IsFinite)));
            Assert.InRange(level, -18, -11);
        }
    }

    [Fact]
    public void Tempo_is_as_promised()
    {
        var tracks = Enumerable.Range(0, 10).ToArray();

        // The guess is off, so that the promise is not what the search begins with.
        var heard = tracks.Select(track => SoundMeasure.Tempo(Sound.Samples(track, Short), 1.09 * Sound.Tempo(track))).ToArray();

        Assert.All(tracks, track => Assert.InRange(Sound.Tempo(track), 66, 165));
        Assert.True(tracks.Max(Sound.Tempo) > 1.6 * tracks.Min(Sound.Tempo));
        Assert.True(tracks.Count(track => Math.Abs(heard[track] / Sound.Tempo(track) - 1) < 0.02) >= 9);
    }

    [Fact]
    public void Near_styles_and_tracks_of_one_artist_sound_nearer_than_others()
    {
        var artists = World.Truth.Catalogue.Artists;
        var chosen = Enumerable.Range(0, artists.Length).OrderBy(track => artists[track]).Take(48).ToArray();
        var heard = Standardize([.. chosen.Select(track => SoundMeasure.Describe(Sound.Samples(track, Short)))]);
        var pairs = from a in Enumerable.Range(0, chosen.Length)
                    from b in Enumerable.Range(0, a)
                    select (SameArtist: artists[chosen[a]] == artists[chosen[b]],
                        Likeness: Vectors.Dot(World.Truth.Catalogue.Style(chosen[a]), World.Truth.Catalogue.Style(chosen[b])),
                        Distance: Math.Sqrt(heard[a].Zip(heard[b], (x, y) => (x - y) * (x - y)).Sum()));
        var others = pairs.Where(pair => !pair.SameArtist).OrderByDescending(pair => pair.Likeness).ToList();
        var tenth = others.Count / 10;

        var (near, far) = (others.Take(tenth).Average(pair => pair.Distance), others.TakeLast(tenth).Average(pair => pair.Distance));
        var (same, any) = (pairs.Where(pair => pair.SameArtist).Average(pair => pair.Distance), others.Average(pair => pair.Distance));

        Assert.True(near < 0.92 * far, $"near {near:0.00}, far {far:0.00}");
        Assert.True(same < 0.8 * any, $"same artist {same:0.00}, any {any:0.00}");
    }

    [Fact]
    public void A_file_is_tagged_and_can_be_read_from_anywhere()
    {
        var track = World.Catalogue[9];
        var whole = Read(Sound.Wave(9));

        Assert.Equal("RIFF", Encoding.ASCII.GetString(whole, 0, 4));
        Assert.Equal(whole.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(4)));
        Assert.Equal(track.Title, Tag(whole, "INAM"));
        Assert.Equal(track.Artist.Name, Tag(whole, "IART"));
        Assert.Equal($"{track.Artist.Name}, {track.Tags[^1]}", Tag(whole, "IPRD"));
        Assert.Equal(track.Genre, Tag(whole, "IGNR"));
        var data = whole.AsSpan().IndexOf("data"u8) + 8;
        Assert.Equal(track.Length!.Value.TotalSeconds, (whole.Length - data) / 2.0 / LabSound.SampleRate, 0.001);

        using var stream = Sound.Wave(9).Open();
        var part = new byte[5_000];
        foreach (var place in new[] { 0, data - 7, 1_000_001, whole.Length - part.Length })
        {
            stream.Position = place;
            stream.ReadExactly(part);
            Assert.Equal(whole[place..(place + part.Length)], part);
        }
        Assert.Equal(0, stream.Read(part));
    }

    [Fact]
    public void A_file_of_an_excerpt_holds_its_samples()
    {
        var (file, samples) = (Read(Sound.Wave(4, Short)), Sound.Samples(4, Short));
        var data = file.AsSpan().IndexOf("data"u8) + 8;

        Assert.Equal(data + 2 * samples.Length, file.Length);
        Assert.All(Enumerable.Range(0, samples.Length).Where(n => n % 97 == 0), n
            => Assert.Equal(samples[n], BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(data + 2 * n)) / 32767f, 1f / 32767));
    }

    [Fact]
    public void The_seam_of_the_loop_is_no_click()
    {
        var longest = Enumerable.Range(0, 12).Max(track =>
        {
            var file = Read(Sound.Wave(track));
            var pcm = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(file.AsSpan(file.AsSpan().IndexOf("data"u8) + 8)).ToArray();
            var loop = (int)Math.Round(16 * 4 * Math.Max(1, Math.Round(20 * Sound.Tempo(track) / 960)) * 15 / Sound.Tempo(track) * LabSound.SampleRate);
            var usual = Enumerable.Range(1, loop - 1).Max(n => Math.Abs(pcm[n] - pcm[n - 1]));
            Assert.Equal(pcm[..1000], pcm[loop..(loop + 1000)]);
            return Math.Abs(pcm[loop] - pcm[loop - 1]) / (double)usual;
        });

        Assert.True(longest <= 1, $"the step at a seam is {longest:0.00} of the largest elsewhere");
    }

    [Theory]
    [InlineData(-1, 20)]
    [InlineData(400, 20)]
    [InlineData(0, 9.9)]
    [InlineData(0, 30.1)]
    public void What_cannot_be_is_told_with_its_range(int track, double seconds)
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => Sound.Samples(track, TimeSpan.FromSeconds(seconds)));

        Assert.Contains("must lie from", fault.Message, StringComparison.Ordinal);
    }

    private static double[][] Standardize(double[][] rows)
    {
        for (var column = 0; column < rows[0].Length; column++)
        {
            var mean = rows.Average(row => row[column]);
            var deviation = Math.Sqrt(rows.Average(row => (row[column] - mean) * (row[column] - mean))) + 1e-12;
            Array.ForEach(rows, row => row[column] = (row[column] - mean) / deviation);
        }
        return rows;
    }

    private static byte[] Read(LabWave wave)
    {
        using var stream = wave.Open();
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return file;
    }

    private static string Tag(byte[] file, string name)
    {
        var place = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(name));
        var size = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(place + 4));
        return Encoding.UTF8.GetString(file, place + 8, size - 1);
    }
}
