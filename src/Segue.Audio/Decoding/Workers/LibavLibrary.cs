using System.Runtime.InteropServices;
using System.Text;

namespace Segue.Audio.Decoding.Workers;

/// <summary>FFmpeg's libavformat, libavcodec and libavutil, as far as they are used. Loaded by the worker alone, found where the system has them.</summary>
internal sealed unsafe class LibavLibrary
{
    /// <summary>Codes of errors: the end, and "give me more".</summary>
    public const int End = -0x20464F45;

    /// <summary>AV_NOPTS_VALUE.</summary>
    public const long NoTime = long.MinValue;

    private const int Quiet = -8;              // AV_LOG_QUIET
    private const int AnyName = 2;             // AV_DICT_IGNORE_SUFFIX
    private const nuint LargestBlock = 64 << 20;

    private readonly delegate* unmanaged[Cdecl]<nint*, byte*, nint, nint*, int> _open;
    private readonly delegate* unmanaged[Cdecl]<nint, nint*, int> _findStreams;
    private readonly delegate* unmanaged[Cdecl]<nint*, void> _close;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> _readPacket;
    private readonly delegate* unmanaged[Cdecl]<nint, int, long, int, int> _seek;
    private readonly delegate* unmanaged[Cdecl]<int, nint> _findDecoder;
    private readonly delegate* unmanaged[Cdecl]<nint, nint> _createContext;
    private readonly delegate* unmanaged[Cdecl]<nint*, void> _freeContext;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> _takeParameters;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, nint*, int> _openCodec;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> _sendPacket;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> _receiveFrame;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _flush;
    private readonly delegate* unmanaged[Cdecl]<int, byte*> _codecName;
    private readonly delegate* unmanaged[Cdecl]<nint> _createPacket, _createFrame;
    private readonly delegate* unmanaged[Cdecl]<nint*, void> _freePacket, _freeFrame, _freeOptions;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _releasePacket;
    private readonly delegate* unmanaged[Cdecl]<nint*, byte*, byte*, int, int> _setOption;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, Entry*, int, Entry*> _nextEntry;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, Rational, int, int> _setRational;
    private readonly delegate* unmanaged[Cdecl]<int, byte*, nuint, int> _describe;

    private LibavLibrary(LibavLayout layout, nint format, nint codec, nint util)
    {
        Layout = layout;
        _open = (delegate* unmanaged[Cdecl]<nint*, byte*, nint, nint*, int>)NativeLibrary.GetExport(format, "avformat_open_input");
        _findStreams = (delegate* unmanaged[Cdecl]<nint, nint*, int>)NativeLibrary.GetExport(format, "avformat_find_stream_info");
        _close = (delegate* unmanaged[Cdecl]<nint*, void>)NativeLibrary.GetExport(format, "avformat_close_input");
        _readPacket = (delegate* unmanaged[Cdecl]<nint, nint, int>)NativeLibrary.GetExport(format, "av_read_frame");
        _seek = (delegate* unmanaged[Cdecl]<nint, int, long, int, int>)NativeLibrary.GetExport(format, "av_seek_frame");
        _findDecoder = (delegate* unmanaged[Cdecl]<int, nint>)NativeLibrary.GetExport(codec, "avcodec_find_decoder");
        _createContext = (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(codec, "avcodec_alloc_context3");
        _freeContext = (delegate* unmanaged[Cdecl]<nint*, void>)NativeLibrary.GetExport(codec, "avcodec_free_context");
        _takeParameters = (delegate* unmanaged[Cdecl]<nint, nint, int>)NativeLibrary.GetExport(codec, "avcodec_parameters_to_context");
        _openCodec = (delegate* unmanaged[Cdecl]<nint, nint, nint*, int>)NativeLibrary.GetExport(codec, "avcodec_open2");
        _sendPacket = (delegate* unmanaged[Cdecl]<nint, nint, int>)NativeLibrary.GetExport(codec, "avcodec_send_packet");
        _receiveFrame = (delegate* unmanaged[Cdecl]<nint, nint, int>)NativeLibrary.GetExport(codec, "avcodec_receive_frame");
        _flush = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(codec, "avcodec_flush_buffers");
        _codecName = (delegate* unmanaged[Cdecl]<int, byte*>)NativeLibrary.GetExport(codec, "avcodec_get_name");
        _createPacket = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(codec, "av_packet_alloc");
        _freePacket = (delegate* unmanaged[Cdecl]<nint*, void>)NativeLibrary.GetExport(codec, "av_packet_free");
        _releasePacket = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(codec, "av_packet_unref");
        _createFrame = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(util, "av_frame_alloc");
        _freeFrame = (delegate* unmanaged[Cdecl]<nint*, void>)NativeLibrary.GetExport(util, "av_frame_free");
        _freeOptions = (delegate* unmanaged[Cdecl]<nint*, void>)NativeLibrary.GetExport(util, "av_dict_free");
        _setOption = (delegate* unmanaged[Cdecl]<nint*, byte*, byte*, int, int>)NativeLibrary.GetExport(util, "av_dict_set");
        _nextEntry = (delegate* unmanaged[Cdecl]<nint, byte*, Entry*, int, Entry*>)NativeLibrary.GetExport(util, "av_dict_get");
        _setRational = (delegate* unmanaged[Cdecl]<nint, byte*, Rational, int, int>)NativeLibrary.GetExport(util, "av_opt_set_q");
        _describe = (delegate* unmanaged[Cdecl]<int, byte*, nuint, int>)NativeLibrary.GetExport(util, "av_strerror");
        ((delegate* unmanaged[Cdecl]<int, void>)NativeLibrary.GetExport(util, "av_log_set_level"))(Quiet);
        ((delegate* unmanaged[Cdecl]<nuint, void>)NativeLibrary.GetExport(util, "av_max_alloc"))(LargestBlock);
    }

    /// <summary>How its structures lie.</summary>
    public LibavLayout Layout { get; }

    /// <summary>The first libraries of a known version that the system has; null where it has none.</summary>
    /// <param name="known">The best first: <see cref="LibavLayout.All"/>.</param>
    /// <exception cref="EntryPointNotFoundException">They lack a function.</exception>
    public static LibavLibrary? Load(IEnumerable<LibavLayout> known)
    {
        foreach (var layout in known)
        {
            if (Environment.Is64BitProcess && TryLoad("avutil", layout.Util, out var util) && TryLoad("avcodec", layout.Codec, out var codec) && TryLoad("avformat", layout.Format, out var format)
                && ((delegate* unmanaged[Cdecl]<uint>)NativeLibrary.GetExport(format, "avformat_version"))() >> 16 == layout.Format)
            {
                return new(layout, format, codec, util);
            }
        }
        return null;
    }

    /// <summary>Opens a file of one of <see cref="FfmpegProbe.Formats"/> and learns its streams; nothing but files is opened.</summary>
    /// <param name="error">Negative where it cannot; <see cref="Describe"/> says why.</param>
    /// <returns>AVFormatContext; 0 where it cannot.</returns>
    public nint Open(string path, out int error)
    {
        nint options = 0, file = 0;
        Set(&options, "protocol_whitelist"u8, "file"u8);
        Set(&options, "format_whitelist"u8, Encoding.ASCII.GetBytes(FfmpegProbe.Formats + '\0'));
        fixed (byte* name = Encoding.UTF8.GetBytes(FfmpegDecoder.Url(path) + '\0'))
        {
            error = _open(&file, name, 0, &options);
        }
        _freeOptions(&options);
        if (error >= 0 && (error = _findStreams(file, null)) < 0)
        {
            Close(ref file);
        }
        return error < 0 ? 0 : file;
    }

    public void Close(ref nint file)
    {
        fixed (nint* place = &file)
        {
            _close(place);
        }
    }

    /// <summary>The next packet of any stream; negative at the end.</summary>
    public int ReadPacket(nint file, nint packet) => _readPacket(file, packet);

    /// <summary>Goes to a packet at or before a time of a stream, in its own units; negative where it cannot.</summary>
    public int Seek(nint file, int stream, long time) => _seek(file, stream, time, 1);   // AVSEEK_FLAG_BACKWARD

    /// <summary>A decoder for a stream, ready for packets; 0 where there is none.</summary>
    /// <param name="parameters">AVCodecParameters.</param>
    public nint OpenCodec(nint parameters, Rational timeBase)
    {
        var decoder = _findDecoder(*(int*)(parameters + LibavLayout.CodecId));
        var context = decoder == 0 ? 0 : _createContext(decoder);
        if (context == 0)
        {
            return 0;
        }
        // Without the units of time the silence that encoders put before is not cut off.
        fixed (byte* name = "pkt_timebase\0"u8)
        {
            if (_takeParameters(context, parameters) >= 0 && _setRational(context, name, timeBase, 0) >= 0 && _openCodec(context, decoder, null) >= 0)
            {
                return context;
            }
        }
        FreeCodec(ref context);
        return 0;
    }

    public void FreeCodec(ref nint context)
    {
        fixed (nint* place = &context)
        {
            _freeContext(place);
        }
    }

    /// <param name="packet">0: there are no more.</param>
    public int SendPacket(nint context, nint packet) => _sendPacket(context, packet);

    /// <summary>0: the frame is there; <see cref="End"/>: there is none any more; else more packets are wanted, or the last was damaged.</summary>
    public int ReceiveFrame(nint context, nint frame) => _receiveFrame(context, frame);

    /// <summary>Forgets packets that were sent: after <see cref="Seek"/>.</summary>
    public void Flush(nint context) => _flush(context);

    public nint CreatePacket() => _createPacket();

    public void ReleasePacket(nint packet) => _releasePacket(packet);

    public void FreePacket(ref nint packet)
    {
        fixed (nint* place = &packet)
        {
            _freePacket(place);
        }
    }

    public nint CreateFrame() => _createFrame();

    public void FreeFrame(ref nint frame)
    {
        fixed (nint* place = &frame)
        {
            _freeFrame(place);
        }
    }

    /// <summary>Short name of a codec, such as <c>vorbis</c>.</summary>
    public string CodecName(int codec) => Text(_codecName(codec));

    /// <summary>All entries of an AVDictionary.</summary>
    /// <param name="dictionary">May be 0.</param>
    public IReadOnlyList<(string Name, string Value)> Entries(nint dictionary)
    {
        var entries = new List<(string, string)>();
        fixed (byte* none = "\0"u8)
        {
            for (Entry* entry = null; (entry = _nextEntry(dictionary, none, entry, AnyName)) is not null;)
            {
                entries.Add((Text(entry->Name), Text(entry->Value)));
            }
        }
        return entries;
    }

    /// <summary>What an error code means.</summary>
    public string Describe(int error)
    {
        var text = stackalloc byte[256];
        return _describe(error, text, 256) >= 0 ? Text(text) : $"libav's error {error}.";
    }

    private static bool TryLoad(string name, int version, out nint library)
        => NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? $"{name}-{version}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.{version}.dylib" : $"lib{name}.so.{version}", out library);

    private void Set(nint* options, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        fixed (byte* key = name, text = value)
        {
            _ = _setOption(options, key, text, 0);
        }
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>AVRational.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Rational(int Numerator, int Denominator);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Entry
    {
        public readonly byte* Name;
        public readonly byte* Value;
    }
}
