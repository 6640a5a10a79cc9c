using System.Reflection;
using System.Runtime.InteropServices;

namespace Segue.Ranking.Learnt.Trees;

/// <summary>Finds XGBoost's native library: the file $SEGUE_XGBOOST, else one beside the program, else where the system looks for libraries. It is optional: only training of
/// boosted trees needs it; trees that were learnt are served without.</summary>
public static class XgboostLibrary
{
    /// <summary>Names the library's file; wins over every other place.</summary>
    public const string Variable = "SEGUE_XGBOOST";
    internal const string Name = "xgboost";
    private static readonly Lazy<nint> Handle = new(() => Open(Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory));

    static XgboostLibrary() => NativeLibrary.SetDllImportResolver(typeof(XgboostLibrary).Assembly, Resolve);

    // Debian's package libxgboost0 has the first name, a build of one's own the second.
    private static string[] FileNames => OperatingSystem.IsWindows() ? ["xgboost.dll"] : OperatingSystem.IsMacOS() ? ["libxgboost.dylib"] : ["libxgboost.so.0", "libxgboost.so"];

    /// <summary>Whether the library was found and loads.</summary>
    public static bool IsPresent => Handle.Value != 0;

    /// <summary>Loads the library now, so that its absence shows as what it is.</summary>
    /// <exception cref="XgboostException">There is none, or it does not load.</exception>
    internal static void Require()
    {
        if (!IsPresent)
        {
            throw new XgboostException(
                $"XGBoost's library ({FileNames[0]}) was not found or does not load: boosted trees are off. Install it (Debian: apt-get install libxgboost0), or name the file in ${Variable}.");
        }
    }

    internal static nint Open(string? named, string program)
    {
        if (named is { Length: > 0 })
        {
            return NativeLibrary.TryLoad(named, out var given) ? given : 0;
        }
        foreach (var name in FileNames)
        {
            if (NativeLibrary.TryLoad(Path.Combine(program, name), out var beside) || NativeLibrary.TryLoad(name, out beside))
            {
                return beside;
            }
        }
        return 0;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name == Name ? Handle.Value : 0;
}

/// <summary>XGBoost is missing, or refused what it was asked for.</summary>
public sealed class XgboostException(string message) : Exception(message);
