using Segue.Audio.Onnx;

namespace Segue.Audio.Tests.Onnx;

public sealed class OnnxLibraryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-onnx-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Where_there_is_no_library_the_message_says_how_to_get_it()
    {
        var none = Assert.Throws<OnnxMissingException>(() => OnnxLibrary.Locate(null, _folder.FullName)).Message;
        var wrong = Assert.Throws<OnnxMissingException>(() => OnnxLibrary.Locate("/nowhere/lib.so", _folder.FullName)).Message;

        Assert.Contains("build/natives/onnx/fetch", none, StringComparison.Ordinal);
        Assert.Contains("$SEGUE_ONNXRUNTIME is /nowhere/lib.so", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_wins_over_one_beside_the_program()
    {
        var named = Path.Combine(_folder.FullName, "mine.so");
        File.WriteAllBytes(named, []);
        foreach (var name in new[] { "libonnxruntime.so.1", "libonnxruntime.1.dylib", "onnxruntime.dll" })
        {
            File.WriteAllBytes(Path.Combine(_folder.FullName, name), []);
        }

        Assert.Equal(named, OnnxLibrary.Locate(named, _folder.FullName));
        Assert.Equal(_folder.FullName, Path.GetDirectoryName(OnnxLibrary.Locate(null, _folder.FullName)));
    }
}
