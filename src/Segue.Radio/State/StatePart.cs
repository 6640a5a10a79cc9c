namespace Segue.Radio.State;

/// <summary>Where one owner's part of a saved state lies.</summary>
/// <param name="Position">Events of the log before this offset are in it, no others.</param>
/// <param name="Records">How many records, from <paramref name="At"/> on.</param>
/// <param name="At">Byte of the file, a multiple of <see cref="ListenerTable.RecordBytes"/>.</param>
/// <param name="Beside">Bytes behind the records: what is beside them, and the sittings.</param>
/// <param name="RecordsSum">CRC-32C of the records.</param>
/// <param name="BesideSum">CRC-32C of what is behind them.</param>
internal readonly record struct StatePart(long Position, int Records, long At, int Beside, uint RecordsSum, uint BesideSum)
{
    public long RecordBytes => (long)Records * ListenerTable.RecordBytes;

    public void Write(BinaryWriter into)
    {
        into.Write(Position);
        into.Write(Records);
        into.Write(At);
        into.Write(Beside);
        into.Write(RecordsSum);
        into.Write(BesideSum);
    }

    public static StatePart Read(BinaryReader from)
        => new(from.ReadInt64(), from.ReadInt32(), from.ReadInt64(), from.ReadInt32(), from.ReadUInt32(), from.ReadUInt32());
}
