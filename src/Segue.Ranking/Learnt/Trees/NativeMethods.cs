using System.Runtime.InteropServices;

namespace Segue.Ranking.Learnt.Trees;

/// <summary>XGBoost's C interface (c_api.h of version 1.7), as far as it is used. Everything returns 0 where it succeeded.</summary>
internal static unsafe class NativeMethods
{
    private const string Library = XgboostLibrary.Name;

    [DllImport(Library, EntryPoint = "XGBGetLastError")]
    public static extern byte* LastError();

    [DllImport(Library, EntryPoint = "XGDMatrixCreateFromMat")]
    public static extern int CreateMatrix(float* values, ulong rows, ulong columns, float missing, out nint matrix);

    [DllImport(Library, EntryPoint = "XGDMatrixSetFloatInfo")]
    public static extern int SetFloats(nint matrix, [MarshalAs(UnmanagedType.LPUTF8Str)] string field, float* values, ulong count);

    [DllImport(Library, EntryPoint = "XGDMatrixSetUIntInfo")]
    public static extern int SetUInts(nint matrix, [MarshalAs(UnmanagedType.LPUTF8Str)] string field, uint* values, ulong count);

    [DllImport(Library, EntryPoint = "XGDMatrixFree")]
    public static extern int FreeMatrix(nint matrix);

    [DllImport(Library, EntryPoint = "XGBoosterCreate")]
    public static extern int CreateBooster(nint* matrices, ulong count, out nint booster);

    [DllImport(Library, EntryPoint = "XGBoosterFree")]
    public static extern int FreeBooster(nint booster);

    [DllImport(Library, EntryPoint = "XGBoosterSetParam")]
    public static extern int SetParameter(nint booster, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value);

    [DllImport(Library, EntryPoint = "XGBoosterUpdateOneIter")]
    public static extern int Update(nint booster, int round, nint matrix);

    [DllImport(Library, EntryPoint = "XGBoosterDumpModelEx")]
    public static extern int Dump(
        nint booster, [MarshalAs(UnmanagedType.LPUTF8Str)] string featureMap, int withStatistics, [MarshalAs(UnmanagedType.LPUTF8Str)] string format, out ulong count, out byte** trees);
}
