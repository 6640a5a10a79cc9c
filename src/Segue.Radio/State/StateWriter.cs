using System.Buffers.Binary;
using Segue.Events.Files;
using Segue.Numerics.Memory;

namespace Segue.Radio.State;

/// <summary>Writes a state, owner by owner: docs/state.md has the layout.</summary>
internal sealed class StateWriter : IDisposable
{
    public const int HeadRoom = 1 << 14;
    private readonly StateFolder _folder;
    private readonly FileStream _file;
    private readonly List<StatePart> _parts = [];
    private readonly MemoryStream _beside = new();
    private byte[] _records = [];
    private (long Position, int Records) _taken;

    public StateWriter(StateFolder folder)
    {
        PrivateFolder.Create(Path.GetDirectoryName(folder.Draft)!);
        File.Delete(folder.Draft);
        var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        (_folder, _file) = (folder, new(folder.Draft, access));
        _file.Position = HeadRoom;
    }

    /// <summary>Copies what an owner has, while nobody changes it: no more than copying is done.</summary>
    /// <param name="beside">Writes what is behind the records.</param>
    public void Take(OwnedListeners owner, long position, Action<BinaryWriter> beside)
    {
        _beside.SetLength(0);
        using var into = new BinaryWriter(_beside, System.Text.Encoding.UTF8, leaveOpen: true);
        lock (owner.Gate)
        {
            var bytes = owner.Records * ListenerRecord.Bytes;
            if (_records.Length < bytes)
            {
                _records = new byte[bytes];
            }
            owner.CopyTo(_records);
            LeaveOutForgotten(owner);
            _taken = (position, owner.Records);
            into.Write(owner.Sides.Count);
            foreach (var (record, side) in owner.Sides)
            {
                into.Write(record);
                side.Write(into);
            }
        }
        beside(into);   // not under the owner's lock: whoever holds a sitting's may wait for it
    }

    // A start's data lack who was erased, so nothing need cover them, and no file may name them.
    private void LeaveOutForgotten(OwnedListeners owner)
    {
        for (var record = 0; record < owner.Records; record++)
        {
            if (owner[record] is { Count: 0 } of && of.Flags.HasFlag(RecordFlags.Forgotten) && !owner.Sides.ContainsKey(record))
            {
                new ListenerRecord(_records.AsSpan(record * ListenerRecord.Bytes, ListenerRecord.Bytes)).Clear();
            }
        }
    }

    /// <summary>Writes what was taken.</summary>
    public void Write()
    {
        var records = _records.AsSpan(0, _taken.Records * ListenerRecord.Bytes);
        var beside = _beside.GetBuffer().AsSpan(0, (int)_beside.Length);
        _parts.Add(new(_taken.Position, _taken.Records, _file.Position, beside.Length, BlockChecksum.Crc32C(records), BlockChecksum.Crc32C(beside)));
        _file.Write(records);
        _file.Write(beside);
        _file.Position = (_file.Position + ListenerRecord.Bytes - 1) / ListenerRecord.Bytes * ListenerRecord.Bytes;
    }

    /// <summary>Puts the state of all owners into place, on disk.</summary>
    /// <param name="keyBefore">The key of the event before an offset; 0 where there is none.</param>
    /// <returns>The position from which on a start reads the log.</returns>
    public long Publish(StateHead head, DateTimeOffset asOf, Func<long, UInt128> keyBefore)
    {
        using var bytes = new MemoryStream();
        using var into = new BinaryWriter(bytes);
        into.Write(head.Models);
        into.Write(head.LogEnd);
        into.Write(head.Tracks);
        into.Write(head.Catalogue);
        into.Write(asOf.UtcTicks);
        var end = _parts.Max(part => part.Position);
        var key = keyBefore(end);
        into.Write((ulong)(key >> 64));
        into.Write((ulong)key);
        _parts.ForEach(part => part.Write(into));
        var room = new byte[HeadRoom];
        SavedState.Magic.CopyTo(room);
        BinaryPrimitives.WriteInt32LittleEndian(room.AsSpan(8), (int)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(room.AsSpan(12), BlockChecksum.Crc32C(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        bytes.GetBuffer().AsSpan(0, (int)bytes.Length).CopyTo(room.AsSpan(16));
        _file.SetLength(_file.Position);
        _file.Position = 0;
        _file.Write(room);
        _file.Dispose();
        var position = _parts.Min(part => part.Position);
        DurableFile.SyncAndPublish(_folder.Draft, _folder.PathOf(position));
        return position;
    }

    /// <summary>Leaves no draft.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _beside.Dispose();
        File.Delete(_folder.Draft);
    }
}
