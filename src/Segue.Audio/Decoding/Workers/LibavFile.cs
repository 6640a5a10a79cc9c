namespace Segue.Audio.Decoding.Workers;

/// <summary>A file that FFmpeg's libraries have open: its first stream of sound, and what it says of itself.</summary>
/// <remarks>
/// Positions count samples from the first one that the decoder gives, so that a window is the same stretch however it is reached. To go to one, the demuxer is sent
/// <see cref="Lead"/> before it, since codecs need some packets to find their feet; if it lands behind, it is sent further back, and at last all is decoded from the beginning.
/// </remarks>
internal sealed unsafe class LibavFile : IWorkerFile
{
    private const int MaxChannels = 64;
    private const int SoundStream = 1;      // AVMEDIA_TYPE_AUDIO
    private const int FromBitRate = 2;      // AVFMT_DURATION_FROM_BITRATE
    private const double Second = 1e6;      // AV_TIME_BASE
    private const double Lead = 0.2, FarLead = 3;   // s
    private const double MostSeconds = 1e7;

    private readonly LibavLibrary _library;
    private readonly LibavLayout _layout;
    private readonly string _path;
    private nint _file, _codec, _packet, _frame;
    private int _stream = -1;
    private LibavLibrary.Rational _unit;
    private long? _firstTime;     // of the first sample, in units of the stream
    private long _position, _left, _end = long.MaxValue;   // the end, once it was met
    private int _frameAt, _frameSamples;
    private bool _isDraining, _wasRestarted;

    private LibavFile(LibavLibrary library, string path)
    {
        (_library, _layout, _path) = (library, library.Layout, path);
        (_packet, _frame) = (library.CreatePacket(), library.CreateFrame());
    }

    public int Rate { get; private set; }

    public long? Frames { get; private set; }

    /// <summary>Opens a file and decodes the beginning of its sound.</summary>
    /// <param name="fault">What is wrong; null where a file is given.</param>
    public static LibavFile? Open(LibavLibrary library, string path, out string? fault)
    {
        var file = new LibavFile(library, path);
        fault = file.Start() ?? file.Learn();
        if (fault is null)
        {
            return file;
        }
        file.Dispose();
        return null;
    }

    /// <summary>What a file says of itself.</summary>
    /// <param name="fault">What is wrong; null where an answer is given.</param>
    public static LibavTags? ReadTags(LibavLibrary library, string path, out string? fault)
    {
        using var file = new LibavFile(library, path);
        fault = file.OpenFormat();
        return fault is null ? file.Tags() : null;
    }

    public void Seek(long from, long count)
    {
        _left = from < _end ? count : 0;
        if (_left == 0)
        {
            return;
        }
        if (from < _position || from - _position > Lead * Rate)
        {
            if (!TryGo(from, Lead) && !TryGo(from, FarLead) && (from < _position || !_wasRestarted))
            {
                _wasRestarted = true;   // where it refuses again, decoding goes on from where it is
                Restart();
            }
        }
        while (_position < from && HasSamples())
        {
            Skip((int)Math.Min(_frameSamples - _frameAt, from - _position));
        }
    }

    public int Read(Span<float> samples)
    {
        if (_left == 0 || !HasSamples())
        {
            return 0;
        }
        var count = (int)Math.Min(Math.Min(samples.Length, _frameSamples - _frameAt), _left);
        LibavSamples.Mean(Field<int>(_frame, LibavLayout.FrameFormat), Field<nint>(_frame, LibavLayout.FramePlanes), Channels, _frameAt, samples[..count]);
        Skip(count);
        _left -= count;
        return count;
    }

    public void Dispose()
    {
        CloseFormat();
        _library.FreePacket(ref _packet);
        _library.FreeFrame(ref _frame);
    }

    private int Channels => Field<int>(_frame, _layout.FrameChannels);

    private static ref T Field<T>(nint structure, int at)
        where T : unmanaged => ref *(T*)(structure + at);

    private nint StreamOf(int index) => Field<nint>(Field<nint>(_file, LibavLayout.Streams), index * sizeof(nint));

    private string? OpenFormat()
    {
        _file = _library.Open(_path, out var error);
        if (_file == 0)
        {
            return _library.Describe(error);
        }
        _stream = -1;
        for (var n = Field<int>(_file, LibavLayout.StreamCount) - 1; n >= 0; n--)
        {
            if (Field<int>(Field<nint>(StreamOf(n), _layout.Parameters), LibavLayout.CodecType) == SoundStream)
            {
                _stream = n;
            }
        }
        return null;
    }

    // To the first frame.
    private string? Start()
    {
        if (OpenFormat() is { } fault)
        {
            return fault;
        }
        if (_stream < 0)
        {
            return FfmpegProbe.NoStream;
        }
        _unit = Field<LibavLibrary.Rational>(StreamOf(_stream), _layout.TimeBase);
        _codec = _unit is { Numerator: > 0, Denominator: > 0 } ? _library.OpenCodec(Field<nint>(StreamOf(_stream), _layout.Parameters), _unit) : 0;
        (_position, _isDraining, _frameAt, _frameSamples) = (0, false, 0, 0);
        return _codec == 0 ? "No codec reads its sound." : null;
    }

    private string? Learn()
    {
        if (!NextFrame())
        {
            return "It holds no sound that can be decoded.";
        }
        Rate = Field<int>(_frame, _layout.FrameRate);
        if (Rate is < Resampler.MinRate or > Resampler.MaxRate || Channels is < 1 or > MaxChannels)
        {
            return $"Its audio stream has {Channels} channels and {Rate} samples a second; allowed are 1 to {MaxChannels}, and {Resampler.MinRate} to {Resampler.MaxRate}.";
        }
        _firstTime = Time;
        var seconds = Field<int>(_file, _layout.DurationMethod) == FromBitRate ? null : StreamSeconds ?? FormatSeconds;
        Frames = (long?)(seconds * Rate) ?? Count();
        return null;
    }

    private double? StreamSeconds => Credible(Field<long>(StreamOf(_stream), _layout.StreamDuration), (double)_unit.Numerator / _unit.Denominator);

    private double? FormatSeconds => Credible(Field<long>(_file, _layout.FormatDuration), 1 / Second);

    private static double? Credible(long duration, double unit) => duration != LibavLibrary.NoTime && duration * unit is > 0 and < MostSeconds ? duration * unit : null;

    // Where the container does not tell a length, or guesses it from the bit rate, its packets do: they are read, but not decoded.
    private long? Count()
    {
        long units = 0;
        while (ReadPacket())
        {
            units += Math.Max(0, Field<long>(_packet, LibavLayout.PacketDuration));
            _library.ReleasePacket(_packet);
        }
        Restart();
        return Credible(units, (double)_unit.Numerator / _unit.Denominator) is { } seconds ? (long)(seconds * Rate) : null;
    }

    private LibavTags Tags()
    {
        var tags = new LibavTags(_library.Entries(Field<nint>(_file, _layout.FormatTags)), FormatSeconds);
        if (_stream < 0)
        {
            return tags;
        }
        var (stream, parameters) = (StreamOf(_stream), Field<nint>(StreamOf(_stream), _layout.Parameters));
        _unit = Field<LibavLibrary.Rational>(stream, _layout.TimeBase);
        return tags with
        {
            Codec = _library.CodecName(Field<int>(parameters, LibavLayout.CodecId)),
            OfStream = _library.Entries(Field<nint>(stream, _layout.StreamTags)),
            StreamSeconds = StreamSeconds,
        };
    }

    // False: it landed behind the place, or it is not known where.
    private bool TryGo(long from, double lead)
    {
        var target = Math.Max(0, from - (long)(lead * Rate));
        if (_file == 0 || _codec == 0 || _firstTime is not { } first || _library.Seek(_file, _stream, first + (long)((double)target / Rate * _unit.Denominator / _unit.Numerator)) < 0)
        {
            return false;
        }
        _library.Flush(_codec);
        (_isDraining, _frameAt, _frameSamples) = (false, 0, 0);
        if (!NextFrame() || Time is not { } time)
        {
            _position = long.MaxValue;   // nobody knows
            return false;
        }
        var seconds = ((double)time - first) * _unit.Numerator / _unit.Denominator;
        _position = seconds is > -FarLead and < MostSeconds ? (long)Math.Round(seconds * Rate) : long.MaxValue;
        return _position <= from;
    }

    private void Restart()
    {
        CloseFormat();
        if (Start() is not null)
        {
            _isDraining = true;   // it was there a moment ago; it gives no more sound
        }
    }

    // Of the frame in hand; null where nobody knows.
    private long? Time => Field<long>(_frame, LibavLayout.FrameTime) is var time && time == LibavLibrary.NoTime ? null : time;

    private bool HasSamples()
    {
        if (_frameAt < _frameSamples || NextFrame())
        {
            return true;
        }
        _end = Math.Min(_end, _position);
        return false;
    }

    private void Skip(int samples)
    {
        _frameAt += samples;
        _position += samples;
    }

    // A damaged packet is passed over; sound of another rate (a chained stream) ends the file.
    private bool NextFrame()
    {
        for (int state; _codec != 0 && (state = _library.ReceiveFrame(_codec, _frame)) != LibavLibrary.End;)
        {
            if (state >= 0)
            {
                (_frameAt, _frameSamples) = (0, Field<int>(_frame, LibavLayout.FrameSamples));
                if (Rate != 0 && (Field<int>(_frame, _layout.FrameRate) != Rate || Channels is < 1 or > MaxChannels))
                {
                    break;
                }
                if (_frameSamples > 0)
                {
                    return true;
                }
            }
            else if (_isDraining)
            {
                break;
            }
            else
            {
                _isDraining = !ReadPacket();
                _ = _library.SendPacket(_codec, _isDraining ? 0 : _packet);
                _library.ReleasePacket(_packet);
            }
        }
        (_frameAt, _frameSamples) = (0, 0);
        return false;
    }

    // Of the stream of sound.
    private bool ReadPacket()
    {
        while (_file != 0 && _library.ReadPacket(_file, _packet) >= 0)
        {
            if (Field<int>(_packet, LibavLayout.PacketStream) == _stream)
            {
                return true;
            }
            _library.ReleasePacket(_packet);
        }
        return false;
    }

    private void CloseFormat()
    {
        if (_codec != 0)
        {
            _library.FreeCodec(ref _codec);
        }
        if (_file != 0)
        {
            _library.Close(ref _file);
        }
    }
}
