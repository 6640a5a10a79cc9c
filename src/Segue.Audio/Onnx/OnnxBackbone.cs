using System.Runtime.InteropServices;

namespace Segue.Audio.Onnx;

/// <summary>What a model hears.</summary>
public enum OnnxInput
{
    /// <summary>Samples of a window, shape [1 × n]: mono, <see cref="AudioLimits.SampleRate"/>, full scale ±1.</summary>
    Samples,

    /// <summary>The log-mel spectrum of a window, shape [1 × frames × bands], row by row.</summary>
    LogMel,
}

/// <summary>A model that somebody brings, in ONNX form, which turns a window of sound into one vector.</summary>
/// <remarks>
/// The model has one input, of 32-bit floats and of the shape that <see cref="OnnxInput"/> says, and one output of d such numbers, shape [d], [1 × d] or [1 × 1 × d]. The first size may be
/// named instead of 1; n and frames may be open or fixed, bands and d are fixed. It runs in this process, on the thread that calls, and keeps no memory from one run to the next. A model
/// can read files beside it and loop for ever: open none that you do not trust. Safe for any number of threads.
/// </remarks>
public sealed class OnnxBackbone : IDisposable
{
    private readonly Session _session;
    private readonly string _path, _inputName, _outputName;

    private OnnxBackbone(string path, OnnxInput? input, Session session, OnnxApi api)
    {
        (_path, _session) = (path, session);
        var handle = session.DangerousGetHandle();
        Require(api.Count(handle, inputs: true) == 1 && api.Count(handle, inputs: false) == 1,
            $"has {api.Count(handle, inputs: true)} inputs and {api.Count(handle, inputs: false)} outputs; it must have one of each");
        (_inputName, _outputName) = (api.Name(handle, input: true), api.Name(handle, input: false));
        var taken = api.Describe(handle, input: true);
        Input = input ?? (taken.Shape.Length == 3 ? OnnxInput.LogMel : OnnxInput.Samples);
        (Length, Bands) = ReadInput(taken, input is null);
        Dimensions = ReadOutput(api.Describe(handle, input: false));
    }

    public OnnxInput Input { get; }

    /// <summary>Samples or frames that the model takes; null: any number.</summary>
    public int? Length { get; }

    /// <summary>Bands of a frame; 1 for samples.</summary>
    public int Bands { get; }

    /// <summary>Length d of the vector.</summary>
    public int Dimensions { get; }

    /// <summary>Opens a model.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <param name="input">What it must hear; null: what the shape of its input says.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxMissingException">ONNX Runtime's library is not on this machine.</exception>
    /// <exception cref="OnnxException">The file is no model, or none of this form; the message says what is wrong.</exception>
    public static OnnxBackbone Open(string path, OnnxInput? input = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no model at {path}.", path);
        }
        var api = OnnxApi.Get();
        var session = Session.Open(api, path);
        try
        {
            return new(path, input, session, api);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Turns one window into its vector.</summary>
    /// <param name="window">Samples, or frames × <see cref="Bands"/> values row by row; all finite.</param>
    /// <param name="vector">Receives <see cref="Dimensions"/> finite numbers.</param>
    /// <exception cref="ArgumentException">A length is not what the model takes.</exception>
    /// <exception cref="OnnxException">The model failed, or its answer is not finite.</exception>
    public void Embed(ReadOnlySpan<float> window, Span<float> vector)
    {
        var (length, rest) = Math.DivRem(window.Length, Bands);
        if (rest != 0 || length == 0 || length != (Length ?? length))
        {
            var wanted = Length is { } fixedLength ? $"{fixedLength:N0}" : "one or more";
            throw new ArgumentException(Input == OnnxInput.Samples
                ? $"The model {_path} takes {wanted} samples, and got {window.Length:N0}."
                : $"The model {_path} takes {wanted} frames of {Bands:N0} bands, and got {window.Length:N0} values.", nameof(window));
        }
        if (vector.Length != Dimensions)
        {
            throw new ArgumentException($"The model {_path} gives {Dimensions:N0} numbers, and there is room for {vector.Length:N0}.", nameof(vector));
        }
        ReadOnlySpan<long> shape = Input == OnnxInput.Samples ? [1, length] : [1, length, Bands];
        _session.Run(_inputName, _outputName, window, shape, vector);
        foreach (var value in vector)
        {
            Require(float.IsFinite(value), "gave a number that is not finite");
        }
    }

    public void Dispose() => _session.Dispose();

    private (int? Length, int Bands) ReadInput((int Type, long[] Shape) input, bool isOpen)
    {
        var wanted = isOpen ? "[1 × n] samples or [1 × frames × bands]" : Input == OnnxInput.Samples ? "[1 × n]" : "[1 × frames × bands]";
        Require(input.Type == OnnxApi.Float, "takes something else than 32-bit floats");
        Require(
            input.Shape.Length == (Input == OnnxInput.Samples ? 2 : 3) && input.Shape[0] is 1 or -1 && (Input == OnnxInput.Samples || input.Shape[2] > 0),
            $"takes {Name(input.Shape)}; it must take {wanted}{(Input == OnnxInput.Samples && !isOpen ? "" : " with a fixed number of bands")}");
        return (input.Shape[1] > 0 ? checked((int)input.Shape[1]) : null, Input == OnnxInput.Samples ? 1 : checked((int)input.Shape[2]));
    }

    private int ReadOutput((int Type, long[] Shape) output)
    {
        Require(output.Type == OnnxApi.Float, "gives something else than 32-bit floats");
        Require(
            output.Shape is [.. var before, > 0 and <= 65_536] && before.Length <= 2 && Array.TrueForAll(before, size => size is 1 or -1),
            $"gives {Name(output.Shape)}; it must give one vector of 1 to 65,536 numbers, [d], [1 × d] or [1 × 1 × d]");
        return (int)output.Shape[^1];
    }

    private static string Name(long[] shape) => $"[{string.Join(" × ", shape.Select(size => size < 0 ? "?" : $"{size}"))}]";

    private void Require(bool holds, string fault)
    {
        if (!holds)
        {
            throw new OnnxException($"The model {_path} {fault}.");
        }
    }

    /// <summary>An opened model, which a run that is under way keeps open.</summary>
    private sealed class Session : SafeHandle
    {
        private readonly OnnxApi _api;

        private Session(OnnxApi api, nint session) : base(0, ownsHandle: true)
        {
            _api = api;
            SetHandle(session);
        }

        public override bool IsInvalid => handle == 0;

        public static Session Open(OnnxApi api, string path)
        {
            try
            {
                return new(api, api.CreateSession(path));
            }
            catch (OnnxException fault)
            {
                throw new OnnxException($"The model {path} does not open: {fault.Message}");
            }
        }

        public void Run(string inputName, string outputName, ReadOnlySpan<float> input, ReadOnlySpan<long> shape, Span<float> output)
        {
            var held = false;
            try
            {
                DangerousAddRef(ref held);
                _api.Run(handle, inputName, outputName, input, shape, output);
            }
            finally
            {
                if (held)
                {
                    DangerousRelease();
                }
            }
        }

        protected override bool ReleaseHandle()
        {
            _api.ReleaseSession(handle);
            return true;
        }
    }
}
