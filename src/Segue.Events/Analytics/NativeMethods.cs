using System.Runtime.InteropServices;

namespace Segue.Events.Analytics;

/// <summary>DuckDB's C interface (duckdb.h of version 1.5), as far as it is used.</summary>
internal static unsafe class NativeMethods
{
    private const string Library = DuckDbLibrary.Name;
    public const int Error = 1;   // duckdb_state

    [DllImport(Library, EntryPoint = "duckdb_create_config")]
    public static extern int CreateConfig(out nint config);

    [DllImport(Library, EntryPoint = "duckdb_set_config")]
    public static extern int SetConfig(nint config, byte* name, byte* option);

    [DllImport(Library, EntryPoint = "duckdb_destroy_config")]
    public static extern void DestroyConfig(ref nint config);

    [DllImport(Library, EntryPoint = "duckdb_open_ext")]
    public static extern int Open(byte* path, out nint database, nint config, out nint error);

    [DllImport(Library, EntryPoint = "duckdb_close")]
    public static extern void Close(ref nint database);

    [DllImport(Library, EntryPoint = "duckdb_connect")]
    public static extern int Connect(nint database, out nint connection);

    [DllImport(Library, EntryPoint = "duckdb_disconnect")]
    public static extern void Disconnect(ref nint connection);

    [DllImport(Library, EntryPoint = "duckdb_interrupt")]
    public static extern void Interrupt(nint connection);

    [DllImport(Library, EntryPoint = "duckdb_free")]
    public static extern void Free(nint memory);

    [DllImport(Library, EntryPoint = "duckdb_query")]
    public static extern int Query(nint connection, byte* sql, out NativeResult result);

    [DllImport(Library, EntryPoint = "duckdb_prepare")]
    public static extern int Prepare(nint connection, byte* sql, out nint statement);

    [DllImport(Library, EntryPoint = "duckdb_prepare_error")]
    public static extern byte* PrepareError(nint statement);

    [DllImport(Library, EntryPoint = "duckdb_destroy_prepare")]
    public static extern void DestroyPrepare(ref nint statement);

    [DllImport(Library, EntryPoint = "duckdb_execute_prepared_streaming")]
    public static extern int ExecuteStreaming(nint statement, out NativeResult result);

    [DllImport(Library, EntryPoint = "duckdb_result_error")]
    public static extern byte* ResultError(ref NativeResult result);

    [DllImport(Library, EntryPoint = "duckdb_destroy_result")]
    public static extern void DestroyResult(ref NativeResult result);

    [DllImport(Library, EntryPoint = "duckdb_column_count")]
    public static extern ulong ColumnCount(ref NativeResult result);

    [DllImport(Library, EntryPoint = "duckdb_column_name")]
    public static extern byte* ColumnName(ref NativeResult result, ulong column);

    [DllImport(Library, EntryPoint = "duckdb_column_type")]
    public static extern NativeType ColumnType(ref NativeResult result, ulong column);

    [DllImport(Library, EntryPoint = "duckdb_fetch_chunk")]
    public static extern nint FetchChunk(NativeResult result);

    [DllImport(Library, EntryPoint = "duckdb_create_logical_type")]
    public static extern nint CreateLogicalType(NativeType type);

    [DllImport(Library, EntryPoint = "duckdb_destroy_logical_type")]
    public static extern void DestroyLogicalType(ref nint type);

    [DllImport(Library, EntryPoint = "duckdb_create_data_chunk")]
    public static extern nint CreateDataChunk(nint* types, ulong columns);

    [DllImport(Library, EntryPoint = "duckdb_destroy_data_chunk")]
    public static extern void DestroyDataChunk(ref nint chunk);

    [DllImport(Library, EntryPoint = "duckdb_data_chunk_reset")]
    public static extern void ResetDataChunk(nint chunk);

    [DllImport(Library, EntryPoint = "duckdb_data_chunk_get_size")]
    public static extern ulong DataChunkSize(nint chunk);

    [DllImport(Library, EntryPoint = "duckdb_data_chunk_set_size")]
    public static extern void SetDataChunkSize(nint chunk, ulong size);

    [DllImport(Library, EntryPoint = "duckdb_data_chunk_get_vector")]
    public static extern nint DataChunkVector(nint chunk, ulong column);

    [DllImport(Library, EntryPoint = "duckdb_vector_get_data")]
    public static extern void* VectorData(nint vector);

    [DllImport(Library, EntryPoint = "duckdb_vector_get_validity")]
    public static extern ulong* VectorValidity(nint vector);

    [DllImport(Library, EntryPoint = "duckdb_vector_ensure_validity_writable")]
    public static extern void EnsureValidityWritable(nint vector);

    [DllImport(Library, EntryPoint = "duckdb_vector_assign_string_element_len")]
    public static extern void AssignString(nint vector, ulong row, byte* text, ulong length);

    [DllImport(Library, EntryPoint = "duckdb_vector_size")]
    public static extern ulong VectorSize();

    [DllImport(Library, EntryPoint = "duckdb_appender_create")]
    public static extern int CreateAppender(nint connection, byte* schema, byte* table, out nint appender);

    [DllImport(Library, EntryPoint = "duckdb_appender_error")]
    public static extern byte* AppenderError(nint appender);

    [DllImport(Library, EntryPoint = "duckdb_append_data_chunk")]
    public static extern int AppendDataChunk(nint appender, nint chunk);

    [DllImport(Library, EntryPoint = "duckdb_appender_close")]
    public static extern int CloseAppender(nint appender);

    [DllImport(Library, EntryPoint = "duckdb_appender_destroy")]
    public static extern int DestroyAppender(ref nint appender);

    [DllImport(Library, EntryPoint = "duckdb_library_version")]
    public static extern byte* LibraryVersion();

    /// <summary>The library's text, which stays its own; null where there is none.</summary>
    public static string? Text(byte* text) => Marshal.PtrToStringUTF8((nint)text);
}

/// <summary>duckdb_result: passed whole, and looked into by the library alone.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeResult
{
    public ulong ColumnCount, RowCount, RowsChanged;
    public nint Columns, ErrorMessage, Data;
}

/// <summary>duckdb_type.</summary>
internal enum NativeType
{
    Boolean = 1,
    TinyInt = 2,
    SmallInt = 3,
    Integer = 4,
    BigInt = 5,
    Double = 11,
    Timestamp = 12,
    Date = 13,
    HugeInt = 16,
    Varchar = 17,
    Blob = 18,
    Uuid = 27,
}

/// <summary>duckdb_string_t: up to 12 bytes in place, else a pointer behind a prefix of 4.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeString
{
    public const int MaxInline = 12;
    public uint Length;
    public fixed byte Inline[MaxInline];
}

/// <summary>duckdb_hugeint; of a UUID the highest bit is turned, so that it sorts as a signed number.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeHugeInt
{
    public ulong Lower;
    public long Upper;
}
