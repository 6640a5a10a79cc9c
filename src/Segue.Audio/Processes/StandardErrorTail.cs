using System.Text;

namespace Segue.Audio.Processes;

/// <summary>Reads a stream to its end and keeps its last bytes, so that a child that complains endlessly neither waits nor fills memory.</summary>
internal sealed class StandardErrorTail
{
    /// <summary>Bytes that are kept.</summary>
    public const int Capacity = 8192;

    private readonly Lock _gate = new();
    private readonly byte[] _kept = new byte[Capacity];
    private readonly Thread _reader;
    private long _read;

    public StandardErrorTail(Stream stream)
    {
        _reader = new(() => Read(stream), 128 << 10) { IsBackground = true, Name = "stderr" };
        _reader.Start();
    }

    /// <summary>What is kept by now, as text; a beginning that was cut off is left out.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                var length = (int)Math.Min(_read, Capacity);
                var bytes = new byte[length];
                for (var i = 0; i < length; i++)
                {
                    bytes[i] = _kept[(_read - length + i) % Capacity];
                }
                return Encoding.UTF8.GetString(bytes).TrimStart('\uFFFD').Trim();
            }
        }
    }

    /// <summary>Waits for the stream's end, for a while.</summary>
    public void Join(TimeSpan patience) => _reader.Join(patience);

    private void Read(Stream stream)
    {
        var buffer = new byte[4096];
        try
        {
            for (int count; (count = stream.Read(buffer)) > 0;)
            {
                lock (_gate)
                {
                    foreach (var value in buffer.AsSpan(0, count))
                    {
                        _kept[_read++ % Capacity] = value;
                    }
                }
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The process was let go: what was read stays.
        }
    }
}
