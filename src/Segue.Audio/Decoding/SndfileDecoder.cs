using System.Runtime.InteropServices;
using System.Text;
using Segue.Audio.Processes;

namespace Segue.Audio.Decoding;

/// <summary>Reads FLAC, Ogg, MP3, AIFF and others by libsndfile, in a worker process that lives as long as the decoder and is replaced when a file brings it down.</summary>
public sealed class SndfileDecoder : IAudioDecoder
{
    // The kernel's limit of processor time is for the worker's whole life; a worker is replaced at half of it, between files.
    private static readonly ProcessLimits Life = new(TimeSpan.FromSeconds(20), TimeSpan.FromHours(2), DecodeLimits.Memory);
    private static readonly Dictionary<string, string> Frugal = new(StringComparer.Ordinal)
    {
        ["DOTNET_gcServer"] = "0", ["DOTNET_gcConcurrent"] = "0", ["DOTNET_GCHeapHardLimit"] = "0x2000000", ["DOTNET_TieredPGO"] = "0", ["DOTNET_EnableWriteXorExecute"] = "0",
    };

    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;
    private LimitedProcess? _worker;
    private TimeSpan _lostTime;   // of workers that are no more

    /// <param name="program">A program that runs <see cref="SndfileWorker.Run"/> over its standard input and output when given <paramref name="arguments"/>.</param>
    public SndfileDecoder(string program, IReadOnlyList<string> arguments) => (_program, _arguments) = (program, arguments);

    public string Name => "libsndfile";

    /// <summary>Whether the worker has found the library; null before the first file.</summary>
    public bool? IsPresent { get; private set; }

    /// <summary>Workers started so far.</summary>
    public int Started { get; private set; }

    /// <summary>Resident bytes of a worker at their highest, as far as looked at.</summary>
    public long PeakMemory { get; private set; }

    /// <summary>Processor time of all workers so far, as far as looked at.</summary>
    public TimeSpan ProcessorTime => _lostTime + (_worker?.ProcessorTime ?? TimeSpan.Zero);

    public DecodeReport Decode(string path, WindowPlan plan, Action<AudioWindow> take, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var killing = cancellation.Register(() => _worker?.Kill());
        var duration = TimeSpan.Zero;
        var isIdle = false;   // the worker waits for the next request
        try
        {
            if (!Ready())
            {
                isIdle = true;
                return new(AudioOutcome.Unsupported, "libsndfile is not installed.", TimeSpan.Zero);
            }
            _worker!.Renew(DecodeLimits.Decode(path));
            var (source, fault) = Open(Path.GetFullPath(path));
            if (source is null)
            {
                isIdle = true;
                Rest();
                return new(AudioOutcome.Unsupported, fault, TimeSpan.Zero);
            }
            duration = WindowReader.DurationOf(source.Frames!.Value, source.Rate);
            var reader = new WindowReader(take, cancellation);
            reader.ReadAll(source, plan);
            source.Drain();
            isIdle = true;
            Rest();
            return reader.Read == 0 && source.Frames > 0 ? new(AudioOutcome.Corrupt, "It holds no sound that can be decoded.", duration)
                : reader.IsDamaged ? new(AudioOutcome.Corrupt, $"{reader.Damaged} of {reader.Read} samples are no numbers that sound could have.", duration)
                : new(AudioOutcome.Ok, null, duration);
        }
        catch (IOException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            return new(AudioOutcome.Corrupt, Lose(path, kill: failure is not EndOfStreamException), duration);
        }
        finally
        {
            if (!isIdle)
            {
                Lose(path, kill: true);   // it may be in the middle of an answer
            }
        }
    }

    public void Dispose() => _worker?.Dispose();

    private bool Ready()
    {
        if (_worker is { ProcessorTime: var used } && used > Life.Cpu / 2)
        {
            _lostTime += used;
            _worker.Dispose();
            _worker = null;
        }
        if (_worker is null && IsPresent is not false)
        {
            _worker = LimitedProcess.Start(_program, _arguments, Life, CancellationToken.None, withInput: true, Frugal);
            Started++;
            var answer = _worker.Output.ReadByte();
            IsPresent = answer >= 0 ? answer == 1 : throw new EndOfStreamException();
        }
        return IsPresent == true;
    }

    private (Source? Source, string? Fault) Open(string path)
    {
        var name = Encoding.UTF8.GetBytes(path);
        using var request = new MemoryStream();
        using (var writer = new BinaryWriter(request, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write((byte)'O');
            writer.Write(name.Length);
            writer.Write(name);
        }
        _worker!.Input.Write(request.GetBuffer().AsSpan(0, (int)request.Length));
        _worker.Input.Flush();
        using var reader = new BinaryReader(_worker.Output, Encoding.UTF8, leaveOpen: true);
        return reader.ReadByte() == 1
            ? (new(_worker, reader.ReadInt32(), reader.ReadInt64()), null)
            : (null, Encoding.UTF8.GetString(reader.ReadBytes(Math.Clamp(reader.ReadInt32(), 0, 4096))));
    }

    private void Rest()
    {
        _worker!.Renew(Life with { Wall = TimeSpan.FromDays(10_000) });   // between files it may wait
        PeakMemory = Math.Max(PeakMemory, _worker.PeakMemory);
    }

    // What became of the worker; the next file starts another.
    private string Lose(string path, bool kill)
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
            return DecodeLimits.Fault(end, DecodeLimits.Decode(path)) ?? $"The library broke off while it read the file (exit code {code}).";
        }
    }

    private sealed class Source(LimitedProcess worker, int rate, long frames) : ISampleSource
    {
        private int _block;      // samples of this block not yet read
        private bool _isOpen;    // a stretch is under way

        public int Rate => rate;

        public long? Frames => frames;

        public void Seek(long from, long count)
        {
            Drain();
            Span<byte> request = stackalloc byte[17];
            request[0] = (byte)'R';
            MemoryMarshal.Write(request[1..], in from);
            MemoryMarshal.Write(request[9..], in count);
            worker.Input.Write(request);
            worker.Input.Flush();
            _isOpen = true;
        }

        public int Read(Span<float> samples)
        {
            if (_block == 0 && _isOpen)
            {
                Span<byte> length = stackalloc byte[4];
                worker.Output.ReadExactly(length);
                _block = MemoryMarshal.Read<int>(length);
                if (_block is < 0 or > SndfileWorker.BlockSamples)
                {
                    throw new IOException("The worker's answer is none.");
                }
                _isOpen = _block > 0;
            }
            var count = Math.Min(_block, samples.Length);
            worker.Output.ReadExactly(MemoryMarshal.AsBytes(samples[..count]));
            _block -= count;
            return count;
        }

        /// <summary>Reads what is left of a stretch.</summary>
        public void Drain()
        {
            Span<float> unwanted = stackalloc float[1024];
            while (_isOpen)
            {
                Read(unwanted);
            }
        }
    }
}
