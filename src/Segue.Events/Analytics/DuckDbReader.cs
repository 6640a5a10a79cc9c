#pragma warning disable CA1720   // the types are SQL's and .NET's own, and so are their names

using System.Runtime.CompilerServices;
using System.Text;

namespace Segue.Events.Analytics;

/// <summary>Rows of a result, one after another; DuckDB computes them by the chunk as they are asked for.</summary>
/// <remarks>A getter reads the type that its name says and no other: cast in SQL. Not thread-safe.</remarks>
public sealed unsafe class DuckDbReader : IDisposable
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;
    private readonly DuckDbConnection _connection;
    private readonly CancellationToken _cancellation;
    private readonly Column[] _columns;
    private NativeResult _result;
    private nint _chunk;
    private int _row, _rows;
    private bool _disposed;

    internal DuckDbReader(DuckDbConnection connection, NativeResult result, CancellationToken cancellation)
    {
        (_connection, _result, _cancellation) = (connection, result, cancellation);
        _columns = new Column[NativeMethods.ColumnCount(ref _result)];
        for (var c = 0; c < _columns.Length; c++)
        {
            _columns[c].Type = NativeMethods.ColumnType(ref _result, (ulong)c);
        }
    }

    public int Columns => _columns.Length;

    public string Name(int column) => NativeMethods.Text(NativeMethods.ColumnName(ref _result, (ulong)column))!;

    /// <summary>Goes to the next row; false after the last.</summary>
    /// <exception cref="DuckDbException">DuckDB failed while it computed the row.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool Read()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (++_row < _rows)
        {
            return true;
        }
        do
        {
            if (!NextChunk())
            {
                return false;
            }
        }
        while (_rows == 0);
        return true;
    }

    public bool IsNull(int column)
    {
        var validity = _columns[column].Validity;
        return validity is not null && (validity[_row >> 6] >> (_row & 63) & 1) == 0;
    }

    public bool Boolean(int column) => Value<byte>(column, NativeType.Boolean) != 0;

    public sbyte TinyInt(int column) => Value<sbyte>(column, NativeType.TinyInt);

    public short Int16(int column) => Value<short>(column, NativeType.SmallInt);

    public int Int32(int column) => Value<int>(column, NativeType.Integer);

    public long Int64(int column) => Value<long>(column, NativeType.BigInt);

    public Int128 Int128(int column)
    {
        var value = Value<NativeHugeInt>(column, NativeType.HugeInt);
        return new((ulong)value.Upper, value.Lower);
    }

    public double Double(int column) => Value<double>(column, NativeType.Double);

    /// <summary>A TIMESTAMP, taken as UTC.</summary>
    public DateTimeOffset Timestamp(int column) => Epoch.AddTicks(Value<long>(column, NativeType.Timestamp) * 10);

    public DateOnly Date(int column) => DateOnly.FromDateTime(Epoch.UtcDateTime).AddDays(Value<int>(column, NativeType.Date));

    /// <summary>A UUID's 128 bits, the first written digit highest.</summary>
    public UInt128 Uuid(int column)
    {
        var value = Value<NativeHugeInt>(column, NativeType.Uuid);
        return new((ulong)value.Upper ^ (1UL << 63), value.Lower);
    }

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column, NativeType.Varchar));

    /// <summary>A VARCHAR's UTF-8, valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => Bytes(column, NativeType.Varchar);

    /// <summary>A BLOB's bytes, valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Blob(int column) => Bytes(column, NativeType.Blob);

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            DropChunk();
            NativeMethods.DestroyResult(ref _result);
        }
    }

    private bool NextChunk()
    {
        DropChunk();
        using (_connection.InterruptOn(_cancellation))
        {
            _chunk = NativeMethods.FetchChunk(_result);
        }
        if (_chunk == 0)
        {
            DuckDbConnection.ThrowIf(NativeMethods.Text(NativeMethods.ResultError(ref _result)), _cancellation);
            return false;
        }
        (_row, _rows) = (0, (int)NativeMethods.DataChunkSize(_chunk));
        for (var c = 0; c < _columns.Length; c++)
        {
            var vector = NativeMethods.DataChunkVector(_chunk, (ulong)c);
            _columns[c].Data = NativeMethods.VectorData(vector);
            _columns[c].Validity = NativeMethods.VectorValidity(vector);
        }
        return true;
    }

    private void DropChunk()
    {
        if (_chunk != 0)
        {
            NativeMethods.DestroyDataChunk(ref _chunk);
        }
        (_row, _rows) = (0, 0);
    }

    private void* Data(int column, NativeType type)
    {
        ref readonly var found = ref _columns[column];
        if (found.Type != type)
        {
            throw new InvalidCastException($"Column {column} ({Name(column)}) holds {found.Type}, and {type} was asked for.");
        }
        if (_row >= _rows || IsNull(column))
        {
            throw new InvalidOperationException($"Column {column} ({Name(column)}) has no value here.");
        }
        return found.Data;
    }

    private T Value<T>(int column, NativeType type)
        where T : unmanaged
        => ((T*)Data(column, type))[_row];

    private ReadOnlySpan<byte> Bytes(int column, NativeType type)
    {
        var text = (NativeString*)Data(column, type) + _row;
        return text->Length <= NativeString.MaxInline
            ? new(text->Inline, (int)text->Length)
            : new((void*)Unsafe.ReadUnaligned<nint>(text->Inline + 4), (int)text->Length);
    }

    private struct Column
    {
        public NativeType Type;
        public void* Data;
        public ulong* Validity;
    }
}
