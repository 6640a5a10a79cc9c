using System.Buffers.Binary;
using System.Text;
using Segue.Audio.Processes;

namespace Segue.Audio.Decoding.Workers;

/// <summary>A worker process that has the C libraries loaded: started with the first file, replaced when a file brings it down, ended with this. For one file at a time.</summary>
public sealed class DecodeWorkerLink : IDisposable
{
    /// <summary>What a fault begins with where the worker ended in the midst of a file, for what reason ever.</summary>
    public const string BrokeOff = "The library broke off";

    private const int MostText = 4 << 20;   // whole lyrics, or anything that a hostile file brings

    // The kernel's limit of processor time is for the worker's whole life; a worker is replaced at half of it, between files.
    private static readonly ProcessLimits Life = new(TimeSpan.FromSeconds(60), TimeSpan.FromHours(2), DecodeLimits.Memory);
    private static readonly Dictionary<string, string> Frugal = new(StringComparer.Ordinal)
    {
        ["DOTNET_gcServer"] = "0", ["DOTNET_gcConcurrent"] = "0", ["DOTNET_GCHeapHardLimit"] = "0x2000000", ["DOTNET_TieredPGO"] = "0", ["DOTNET_EnableWriteXorExecute"] = "0",
    };

    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;
    private readonly Dictionary<string, string> _environment = new(Frugal, StringComparer.Ordinal);
    private LimitedProcess? _worker;
    private WorkerLibraries? _libraries;
    private TimeSpan _lostTime;   // of workers that are no more

    /// <param name="program">A program that runs <see cref="DecodeWorker.Run"/> over its standard input and output when given <paramref name="arguments"/>.</param>
    public DecodeWorkerLink(string program, IReadOnlyList<string> arguments)
    {
        (_program, _arguments) = (program, arguments);
        if (Environment.GetEnvironmentVariable(DecodeWorker.LibavVariable) is { } wish)
        {
            _environment[DecodeWorker.LibavVariable] = wish;
        }
    }

    /// <summary>Whether the worker has libraries of FFmpeg that are used; null before it was started.</summary>
    public bool? HasLibav => _libraries?.HasFlag(WorkerLibraries.Libav);

    /// <summary>Why FFmpeg's libraries are not used although they are there; null where they are used or absent.</summary>
    public string? LibavDoubt { get; private set; }

    /// <summary>Workers started so far.</summary>
    public int Started { get; private set; }

    /// <summary>Resident bytes of a worker at their highest, as far as looked at.</summary>
    public long PeakMemory { get; private set; }

    /// <summary>Processor time of all workers so far, as far as looked at.</summary>
    public TimeSpan ProcessorTime => _lostTime + (_worker?.ProcessorTime ?? TimeSpan.Zero);

    /// <summary>Whether the worker has a library; starts one where none was started yet.</summary>
    /// <exception cref="ProgramMissingException">The worker's program is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal bool Has(WorkerLibraries library, CancellationToken cancellation)
    {
        if (_libraries is null)
        {
            Work(Life, (_, _) => { }, cancellation);
            _libraries ??= WorkerLibraries.None;   // one that cannot be started is not tried with every file
        }
        return _libraries.Value.HasFlag(library);
    }

    /// <summary>Whether the worker at work has a library.</summary>
    internal bool Has(WorkerLibraries library) => _libraries?.HasFlag(library) == true;

    /// <summary>Does one piece of work with the worker, within limits.</summary>
    /// <param name="work">Given where the worker reads and where it writes; leaves nothing unread.</param>
    /// <returns>What became of the worker where it was lost; null where it waits for the next piece.</returns>
    /// <exception cref="ProgramMissingException">The worker's program is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal string? Work(ProcessLimits limits, Action<Stream, Stream> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var killing = cancellation.Register(() => _worker?.Kill());
        var isIdle = false;   // the worker waits for the next request
        try
        {
            var worker = Ready(cancellation);
            worker.Renew(limits);
            work(worker.Input, worker.Output);
            worker.Renew(Life with { Wall = TimeSpan.FromDays(10_000) });   // between files it may wait
            PeakMemory = Math.Max(PeakMemory, worker.PeakMemory);
            isIdle = true;
            return null;
        }
        catch (IOException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            return Lose(limits, kill: failure is not EndOfStreamException);
        }
        finally
        {
            if (!isIdle)
            {
                Lose(limits, kill: true);   // it may be in the middle of an answer
            }
        }
    }

    /// <summary>What FFmpeg's libraries tell of a file, in the form of ffprobe; null where they make nothing of it.</summary>
    /// <returns>Also whether the worker was lost.</returns>
    /// <exception cref="ProgramMissingException">The worker's program is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal (byte[]? Json, bool WasLost) ReadTags(string path, ProcessLimits limits, CancellationToken cancellation)
    {
        byte[]? json = null;
        var lost = Work(limits, (input, output) =>
        {
            Ask(input, DecodeWorker.ReadTags, path);
            var isTold = ReadByte(output) == 1;
            var text = ReadText(output);
            json = isTold ? text : null;
        }, cancellation);
        return lost is null ? (json, false) : (null, true);
    }

    public void Dispose() => _worker?.Dispose();

    /// <summary>Sends a request and a path.</summary>
    internal static void Ask(Stream input, byte request, string path)
    {
        var name = Encoding.UTF8.GetBytes(Path.GetFullPath(path));
        byte[] all = [request, .. BitConverter.GetBytes(name.Length), .. name];
        input.Write(all);
        input.Flush();
    }

    /// <summary>Reads a byte.</summary>
    /// <exception cref="EndOfStreamException">There is none.</exception>
    internal static byte ReadByte(Stream output) => output.ReadByte() is var value and >= 0 ? (byte)value : throw new EndOfStreamException();

    /// <summary>Reads a text.</summary>
    /// <exception cref="IOException">There is none.</exception>
    internal static byte[] ReadText(Stream output)
    {
        Span<byte> length = stackalloc byte[4];
        output.ReadExactly(length);
        var count = BinaryPrimitives.ReadInt32LittleEndian(length);
        var text = count is >= 0 and <= MostText ? new byte[count] : throw new IOException("The worker's answer is none.");
        output.ReadExactly(text);
        return text;
    }

    private LimitedProcess Ready(CancellationToken cancellation)
    {
        if (_worker is { ProcessorTime: var used } && used > Life.Cpu / 2)
        {
            Lose(Life, kill: true);
        }
        if (_worker is null)
        {
            Start(cancellation);
        }
        return _worker!;
    }

    private void Start(CancellationToken cancellation)
    {
        _worker = LimitedProcess.Start(_program, _arguments, Life, CancellationToken.None, withInput: true, _environment);
        Started++;
        try
        {
            var libraries = (WorkerLibraries)ReadByte(_worker.Output);
            var doubt = Encoding.UTF8.GetString(ReadText(_worker.Output));
            LibavDoubt ??= doubt.Length > 0 ? doubt : null;
            _libraries = libraries;
        }
        catch (IOException) when (_libraries is null && _environment.GetValueOrDefault(DecodeWorker.LibavVariable) != "off")
        {
            cancellation.ThrowIfCancellationRequested();   // that killed it
            // FFmpeg's libraries, of a kind that nobody foresaw, may have brought it down: without them it has another chance.
            LibavDoubt = "FFmpeg's libraries are not used: the worker broke off when it tried them.";
            _environment[DecodeWorker.LibavVariable] = "off";
            Lose(Life, kill: true);
            Start(cancellation);
        }
    }

    // What became of the worker; the next file starts another.
    private string Lose(ProcessLimits limits, bool kill)
    {
        if (_worker is not { } worker)
        {
            return "The worker cannot be started.";
        }
        _worker = null;
        _lostTime += worker.ProcessorTime;
        PeakMemory = Math.Max(PeakMemory, worker.PeakMemory);
        using (worker)
        {
            if (kill)
            {
                worker.Kill();
            }
            var (end, code) = worker.WaitForEnd();
            return DecodeLimits.Fault(end, limits) ?? $"{BrokeOff} while it read the file (exit code {code}).";
        }
    }
}
