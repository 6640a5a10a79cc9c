using System.Runtime.InteropServices;

namespace Segue.Audio.Onnx;

/// <summary>Finds ONNX Runtime's native library: the file $SEGUE_ONNXRUNTIME, else one beside the program, else the npm package below
/// <c>build/natives/onnx</c> of the program's folder or of any folder above it. It is optional: only models of sound that somebody brings need it.</summary>
public static class OnnxLibrary
{
    /// <summary>Names the library's file; wins over every other place.</summary>
    public const string Variable = "SEGUE_ONNXRUNTIME";

    private static string FileName => OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.1.dylib" : "libonnxruntime.so.1";

    /// <summary>Whether a library was found; says nothing about whether it loads.</summary>
    public static bool IsPresent => Find(Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory) is not null;

    /// <exception cref="OnnxMissingException">There is none.</exception>
    public static string Locate() => Locate(Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory);

    internal static string Locate(string? named, string program) => Find(named, program) ?? throw new OnnxMissingException(named is { Length: > 0 }
        ? $"ONNX Runtime's library was not found: ${Variable} is {named}, and there is no such file."
        : $"ONNX Runtime's library ({FileName}) was not found, and a model of sound in ONNX form needs it. Run build/natives/onnx/fetch (it needs npm) in Segue's folder, or name the file in ${Variable}.");

    internal static string? Find(string? named, string program)
    {
        if (named is { Length: > 0 })
        {
            return File.Exists(named) ? named : null;
        }
        var system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var package = Path.Combine(
            "build", "natives", "onnx", "node_modules", "onnxruntime-node", "bin", "napi-v6", system, RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant());
        var places = new List<string> { program };
        for (var folder = new DirectoryInfo(program); folder is not null; folder = folder.Parent)
        {
            places.Add(Path.Combine(folder.FullName, package));
        }
        return places.Select(place => Path.Combine(place, FileName)).FirstOrDefault(File.Exists);
    }
}
