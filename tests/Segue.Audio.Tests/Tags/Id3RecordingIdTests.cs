using System.Text;
using Segue.Audio.Tags;

namespace Segue.Audio.Tests.Tags;

public sealed class Id3RecordingIdTests
{
    private const string Id = "f4d8f0cd-6a5b-4a2f-8a4c-0d2f3c1b9e77";

    private static byte[] Size(int size, bool isSafe)
        => isSafe ? [(byte)(size >> 21 & 0x7F), (byte)(size >> 14 & 0x7F), (byte)(size >> 7 & 0x7F), (byte)(size & 0x7F)] : [(byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size];

    private static byte[] Frame(int version, string name, byte[] content) => [.. Encoding.ASCII.GetBytes(name), .. Size(content.Length, version == 4), 0, 0, .. content];

    private static byte[] Tag(int version, byte flags, params byte[][] frames)
    {
        byte[] all = [.. frames.SelectMany(frame => frame), .. new byte[30]];
        return [.. "ID3"u8, (byte)version, 0, flags, .. Size(all.Length, isSafe: true), .. all];
    }

    private static byte[] Ufid(string owner, string id) => Encoding.ASCII.GetBytes(owner + "\0" + id);

    private static string? Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return Id3RecordingId.Read(stream);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Id_behind_a_picture_and_an_id_of_somebody_else_is_found(int version)
        => Assert.Equal(Id, Read(Tag(version, 0, Frame(version, "APIC", new byte[70_000]), Frame(version, "UFID", Ufid("http://example.org", Id)), Frame(version, "UFID", Ufid("http://musicbrainz.org", Id)))));

    [Fact]
    public void Extended_header_is_passed_over()
    {
        var frame = Frame(3, "UFID", Ufid("http://musicbrainz.org", Id));

        Assert.Equal(Id, Read(Tag(3, 0x40, [0, 0, 0, 6, 0, 0, 0, 0, 0, 0], frame)));
        Assert.Equal(Id, Read(Tag(4, 0x40, [0, 0, 0, 6, 1, 0], Frame(4, "UFID", Ufid("http://musicbrainz.org", Id)))));
    }

    [Fact]
    public void Files_without_it_tell_nothing()
    {
        var frame = Frame(3, "UFID", Ufid("http://musicbrainz.org", Id));

        Assert.Null(Read([]));
        Assert.Null(Read("fLaC and some more"u8.ToArray()));
        Assert.Null(Read(Tag(3, 0, Frame(3, "TIT2", [0, 65]))));
        Assert.Null(Read(Tag(3, 0x80, frame)));
        Assert.Null(Read(Tag(2, 0, frame)));
        Assert.Null(Read(Tag(3, 0, frame)[..60]));
        Assert.Null(Read(Tag(3, 0, [.. "APIC"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0], frame)));
        Assert.Null(Id3RecordingId.Read(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));
    }
}
