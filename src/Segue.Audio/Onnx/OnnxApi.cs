using System.Runtime.InteropServices;

namespace Segue.Audio.Onnx;

/// <summary>ONNX Runtime's C interface, as far as it is used: a table of functions, of version 16 (ONNX Runtime 1.16) and all later ones.</summary>
/// <remarks>The places in the table are those of <c>OrtApi</c> in onnxruntime_c_api.h, which are never moved. A function that may fail answers a status: 0, or what <see cref="Check"/> takes.</remarks>
internal sealed unsafe class OnnxApi
{
    public const int Float = 1;                 // ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT
    private const uint Version = 16;
    private const int ErrorsOnly = 3;           // ORT_LOGGING_LEVEL_ERROR
    private const int DeviceAllocator = 0, DefaultMemory = 0;

    private static readonly Lazy<OnnxApi> Loaded = new(() => new OnnxApi(OnnxLibrary.Locate()));

    private readonly nint* _table;
    private readonly nint _environment;

    private OnnxApi(string path)
    {
        try
        {
            var library = NativeLibrary.Load(path);
            var api = ((delegate* unmanaged[Stdcall]<nint*>)NativeLibrary.GetExport(library, "OrtGetApiBase"))();
            _table = (nint*)((delegate* unmanaged[Stdcall]<uint, nint>)api[0])(Version);
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new OnnxMissingException($"{path} does not load as ONNX Runtime's library: {fault.Message}");
        }
        if (_table is null)
        {
            throw new OnnxMissingException($"{path} is too old: ONNX Runtime 1.16 or a later one is needed.");
        }
        fixed (byte* name = "segue\0"u8)
        {
            nint environment;
            Check(((delegate* unmanaged[Stdcall]<int, byte*, nint*, nint>)_table[3])(ErrorsOnly, name, &environment));
            Check(((delegate* unmanaged[Stdcall]<nint, nint>)_table[6])(environment));   // no telemetry
            _environment = environment;
        }
    }

    /// <summary>Loads the library with the first call.</summary>
    /// <exception cref="OnnxMissingException">It is not there, or does not load.</exception>
    public static OnnxApi Get() => Loaded.Value;

    /// <exception cref="OnnxException">The status is a fault; the message is the library's.</exception>
    public void Check(nint status)
    {
        if (status == 0)
        {
            return;
        }
        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged[Stdcall]<nint, nint>)_table[2])(status));
        Release(93, status);
        throw new OnnxException(message ?? "ONNX Runtime failed and does not say why.");
    }

    /// <summary>Opens a model for one thread a run, without an arena: what a run needs is given back at its end.</summary>
    public nint CreateSession(string path)
    {
        nint options, session;
        Check(((delegate* unmanaged[Stdcall]<nint*, nint>)_table[10])(&options));
        try
        {
            Check(((delegate* unmanaged[Stdcall]<nint, nint>)_table[17])(options));          // DisableMemPattern
            Check(((delegate* unmanaged[Stdcall]<nint, nint>)_table[19])(options));          // DisableCpuMemArena
            Check(((delegate* unmanaged[Stdcall]<nint, int, nint>)_table[24])(options, 1));  // SetIntraOpNumThreads
            Check(((delegate* unmanaged[Stdcall]<nint, int, nint>)_table[25])(options, 1));  // SetInterOpNumThreads
            var name = OperatingSystem.IsWindows() ? Marshal.StringToHGlobalUni(path) : Marshal.StringToCoTaskMemUTF8(path);
            try
            {
                Check(((delegate* unmanaged[Stdcall]<nint, nint, nint, nint*, nint>)_table[7])(_environment, name, options, &session));
            }
            finally
            {
                FreeName(name);
            }
            return session;
        }
        finally
        {
            Release(100, options);
        }
    }

    public void ReleaseSession(nint session) => Release(95, session);

    public int Count(nint session, bool inputs)
    {
        nint count;
        Check(((delegate* unmanaged[Stdcall]<nint, nint*, nint>)_table[inputs ? 30 : 31])(session, &count));
        return (int)count;
    }

    /// <summary>Name of the first input or output.</summary>
    public string Name(nint session, bool input)
    {
        nint allocator, name;
        Check(((delegate* unmanaged[Stdcall]<nint*, nint>)_table[78])(&allocator));
        Check(((delegate* unmanaged[Stdcall]<nint, nint, nint, nint*, nint>)_table[input ? 36 : 37])(session, 0, allocator, &name));
        var text = Marshal.PtrToStringUTF8(name)!;
        Check(((delegate* unmanaged[Stdcall]<nint, nint, nint>)_table[76])(allocator, name));
        return text;
    }

    /// <summary>Type and shape of the first input or output.</summary>
    /// <returns>A size that is not fixed is −1; the type is 0 for what is no tensor.</returns>
    public (int Type, long[] Shape) Describe(nint session, bool input)
    {
        nint type, tensor;
        Check(((delegate* unmanaged[Stdcall]<nint, nint, nint*, nint>)_table[input ? 33 : 34])(session, 0, &type));
        try
        {
            Check(((delegate* unmanaged[Stdcall]<nint, nint*, nint>)_table[55])(type, &tensor));   // lives as long as the type
            return tensor == 0 ? (0, []) : (ElementType(tensor), Shape(tensor));
        }
        finally
        {
            Release(98, type);
        }
    }

    /// <summary>Runs a model of one input and one output.</summary>
    /// <param name="output">Receives the values; their number must be its length.</param>
    /// <exception cref="OnnxException">The model failed, or gave another number of values.</exception>
    public void Run(nint session, string inputName, string outputName, ReadOnlySpan<float> input, ReadOnlySpan<long> shape, Span<float> output)
    {
        nint memory, given = 0, made = 0;
        var (inputText, outputText) = (Marshal.StringToCoTaskMemUTF8(inputName), Marshal.StringToCoTaskMemUTF8(outputName));
        Check(((delegate* unmanaged[Stdcall]<int, int, nint*, nint>)_table[69])(DeviceAllocator, DefaultMemory, &memory));
        try
        {
            fixed (float* values = input)
            fixed (long* sizes = shape)
            {
                Check(((delegate* unmanaged[Stdcall]<nint, float*, nint, long*, nint, int, nint*, nint>)_table[49])(
                    memory, values, input.Length * sizeof(float), sizes, shape.Length, Float, &given));
                Check(((delegate* unmanaged[Stdcall]<nint, nint, nint*, nint*, nint, nint*, nint, nint*, nint>)_table[9])(
                    session, 0, &inputText, &given, 1, &outputText, 1, &made));
                Read(made, output);
            }
        }
        finally
        {
            Release(96, made);
            Release(96, given);
            Release(94, memory);
            Marshal.FreeCoTaskMem(inputText);
            Marshal.FreeCoTaskMem(outputText);
        }
    }

    private static void FreeName(nint name)
    {
        if (OperatingSystem.IsWindows())
        {
            Marshal.FreeHGlobal(name);
        }
        else
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    private void Read(nint made, Span<float> output)
    {
        nint type, values;
        Check(((delegate* unmanaged[Stdcall]<nint, nint*, nint>)_table[65])(made, &type));
        try
        {
            var count = Shape(type).Aggregate(1L, (product, size) => product * size);
            if (ElementType(type) != Float || count != output.Length)
            {
                throw new OnnxException($"The model gave {count:N0} values where its file promises {output.Length:N0} of 32 bits.");
            }
        }
        finally
        {
            Release(99, type);
        }
        Check(((delegate* unmanaged[Stdcall]<nint, nint*, nint>)_table[51])(made, &values));
        new ReadOnlySpan<float>((float*)values, output.Length).CopyTo(output);
    }

    private int ElementType(nint tensor)
    {
        int type;
        Check(((delegate* unmanaged[Stdcall]<nint, int*, nint>)_table[60])(tensor, &type));
        return type;
    }

    private long[] Shape(nint tensor)
    {
        nint count;
        Check(((delegate* unmanaged[Stdcall]<nint, nint*, nint>)_table[61])(tensor, &count));
        var shape = new long[count];
        fixed (long* sizes = shape)
        {
            Check(((delegate* unmanaged[Stdcall]<nint, long*, nint, nint>)_table[62])(tensor, sizes, count));
        }
        return shape;
    }

    private void Release(int place, nint handle)
    {
        if (handle != 0)
        {
            ((delegate* unmanaged[Stdcall]<nint, void>)_table[place])(handle);
        }
    }
}
