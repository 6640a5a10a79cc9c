using System.Runtime.InteropServices;
using System.Text;

namespace Segue.Audio.Decoding.Workers;

/// <summary>libsndfile's C interface (sndfile.h of version 1.2), as far as it is used. Loaded by the worker alone.</summary>
internal sealed unsafe class SndfileLibrary
{
    private const int ReadMode = 0x10;   // SFM_READ
    private static readonly string[] Names = ["libsndfile.so.1", "libsndfile.1.dylib", "libsndfile.dylib", "sndfile.dll", "libsndfile-1.dll"];

    private readonly delegate* unmanaged[Cdecl]<byte*, int, Info*, nint> _open;
    private readonly delegate* unmanaged[Cdecl]<nint, long, int, long> _seek;
    private readonly delegate* unmanaged[Cdecl]<nint, float*, long, long> _read;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _close;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*> _error;

    private SndfileLibrary(nint library)
    {
        _open = (delegate* unmanaged[Cdecl]<byte*, int, Info*, nint>)NativeLibrary.GetExport(library, "sf_open");
        _seek = (delegate* unmanaged[Cdecl]<nint, long, int, long>)NativeLibrary.GetExport(library, "sf_seek");
        _read = (delegate* unmanaged[Cdecl]<nint, float*, long, long>)NativeLibrary.GetExport(library, "sf_readf_float");
        _close = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "sf_close");
        _error = (delegate* unmanaged[Cdecl]<nint, byte*>)NativeLibrary.GetExport(library, "sf_strerror");
    }

    /// <summary>The library; null where the system has none.</summary>
    public static SndfileLibrary? Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return new(library);
            }
        }
        return null;
    }

    /// <summary>Opens a file; 0 where it cannot, with <see cref="Error"/> of 0.</summary>
    public nint Open(string path, out Info info)
    {
        var found = default(Info);
        nint file;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            file = _open(name, ReadMode, &found);
        }
        info = found;
        return file;
    }

    /// <summary>Goes to a sample; negative where it cannot.</summary>
    public long Seek(nint file, long frame) => _seek(file, frame, 0);

    /// <summary>Reads interleaved samples.</summary>
    /// <param name="frames">Of a channel; <paramref name="samples"/> has room for those of all channels.</param>
    public long Read(nint file, Span<float> samples, long frames)
    {
        fixed (float* start = samples)
        {
            return _read(file, start, frames);
        }
    }

    public void Close(nint file) => _close(file);

    public string Error(nint file) => Marshal.PtrToStringUTF8((nint)_error(file)) ?? "";

    /// <summary>SF_INFO.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Info
    {
        public long Frames;
        public int Rate;
        public int Channels;
        public int Format;
        public int Sections;
        public int Seekable;
    }
}
