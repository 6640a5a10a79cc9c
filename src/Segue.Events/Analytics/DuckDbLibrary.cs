using System.Reflection;
using System.Runtime.InteropServices;

namespace Segue.Events.Analytics;

/// <summary>Finds DuckDB's native library: the file $SEGUE_DUCKDB, else one beside the program, else the npm package below
/// <c>build/natives</c> of the program's folder or of any folder above it.</summary>
public static class DuckDbLibrary
{
    /// <summary>Names the library's file; wins over every other place.</summary>
    public const string Variable = "SEGUE_DUCKDB";
    internal const string Name = "duckdb";
    private static readonly Lazy<nint> Handle = new(() => NativeLibrary.Load(Locate()));

    static DuckDbLibrary() => NativeLibrary.SetDllImportResolver(typeof(DuckDbLibrary).Assembly, Resolve);

    private static string FileName => OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    private static string Package
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            return $"node-bindings-{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>Whether a library was found; says nothing about whether it loads.</summary>
    public static bool IsPresent => Find() is not null;

    /// <exception cref="DuckDbMissingException">There is none.</exception>
    public static string Locate() => Find() ?? throw new DuckDbMissingException(
        $"DuckDB's library ({FileName}) was not found. Run build/natives/fetch (it needs npm) in Segue's folder, or name the file in ${Variable}.");

    /// <summary>Loads the library now, so that its absence shows as what it is.</summary>
    /// <inheritdoc cref="Locate"/>
    internal static void Require() => _ = Handle.Value;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : null;
        }
        var beside = Path.Combine(AppContext.BaseDirectory, FileName);
        if (File.Exists(beside))
        {
            return beside;
        }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "build", "natives", "node_modules", "@duckdb", Package, FileName);
            if (File.Exists(file))
            {
                return file;
            }
        }
        return null;
    }

    // Other libraries of this assembly (libc) go the runtime's usual way.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name == Name ? Handle.Value : 0;
}
