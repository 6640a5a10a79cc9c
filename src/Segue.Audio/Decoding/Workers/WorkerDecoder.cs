using System.Runtime.InteropServices;
using System.Text;

namespace Segue.Audio.Decoding.Workers;

/// <summary>Decodes by a C library in a worker process.</summary>
public sealed class WorkerDecoder : IAudioDecoder
{
    private readonly DecodeWorkerLink _worker;
    private readonly WorkerLibraries _library;

    private WorkerDecoder(DecodeWorkerLink worker, WorkerLibraries library, string name) => (_worker, _library, Name) = (worker, library, name);

    public string Name { get; }

    /// <summary>Reads FLAC, Ogg, MP3, AIFF and others by libsndfile.</summary>
    /// <param name="worker">Stays the caller's.</param>
    public static WorkerDecoder Sndfile(DecodeWorkerLink worker) => new(worker, WorkerLibraries.Sndfile, "libsndfile");

    /// <summary>Reads what FFmpeg reads, by its libraries.</summary>
    /// <param name="worker">Stays the caller's.</param>
    public static WorkerDecoder Libav(DecodeWorkerLink worker) => new(worker, WorkerLibraries.Libav, "libav");

    public DecodeReport Decode(string path, WindowPlan plan, Action<AudioWindow> take, CancellationToken cancellation)
    {
        if (!_worker.Has(_library, cancellation))
        {
            return Missing;
        }
        var taken = 0;
        void Count(AudioWindow window)
        {
            taken++;
            take(window);
        }

        var (report, lost) = Ask(path, plan, Count, cancellation);
        if (lost is not null && taken == 0 && lost.StartsWith(DecodeWorkerLink.BrokeOff, StringComparison.Ordinal))
        {
            (report, lost) = Ask(path, plan, Count, cancellation);   // the file may have had no part in it
            lost = lost is null ? null : $"Twice: {lost}";
        }
        return lost is null ? report : new(AudioOutcome.Corrupt, lost, report.Duration);
    }

    private DecodeReport Missing => new(AudioOutcome.Unsupported, $"{AudioDecoders.NoDecoder}: {Name} is not there.", TimeSpan.Zero);

    private (DecodeReport Report, string? Lost) Ask(string path, WindowPlan plan, Action<AudioWindow> take, CancellationToken cancellation)
    {
        var report = new DecodeReport(AudioOutcome.Corrupt, null, TimeSpan.Zero);
        var lost = _worker.Work(DecodeLimits.Decode(path), (input, output) =>
        {
            if (!_worker.Has(_library))
            {
                report = Missing;   // this worker is another one, and came without it
                return;
            }
            var (source, fault) = Open(path, input, output);
            if (source is null)
            {
                report = Refused(path, fault!);
                return;
            }
            report = report with { Duration = source.Frames is { } told ? WindowReader.DurationOf(told, source.Rate) : TimeSpan.Zero };
            var reader = new WindowReader(take, cancellation);
            reader.ReadAll(source, plan);
            source.Drain();
            report = Judge(reader, source, plan, report.Duration);
        }, cancellation);
        return (report, lost);
    }

    public void Dispose()
    {
        // The worker is the caller's.
    }

    private static DecodeReport Judge(WindowReader reader, Source source, WindowPlan plan, TimeSpan told)
    {
        var isWhole = WindowReader.Stretches(source.Rate, source.Frames, plan) is [(0, long.MaxValue)];
        var duration = isWhole && reader.Read > 0 ? WindowReader.DurationOf(reader.Read, source.Rate) : told;
        return reader.Read == 0 && source.Frames != 0 ? new(AudioOutcome.Corrupt, "It holds no sound that can be decoded.", duration)
            : reader.IsDamaged ? new(AudioOutcome.Corrupt, $"{reader.Damaged} of {reader.Read} samples are no numbers that sound could have.", duration)
            : new(AudioOutcome.Ok, null, duration);
    }

    private DecodeReport Refused(string path, string fault)
    {
        var isAudio = _library == WorkerLibraries.Libav && fault != FfmpegProbe.NoStream
            && FileKinds.Of(path) is var kind && kind != FileKind.NoAudio && (kind != FileKind.Unknown || FileKinds.IsNamedAudio(path));
        return new(isAudio ? AudioOutcome.Corrupt : AudioOutcome.Unsupported, fault, TimeSpan.Zero);
    }

    private (Source? Source, string? Fault) Open(string path, Stream input, Stream output)
    {
        DecodeWorkerLink.Ask(input, _library == WorkerLibraries.Libav ? DecodeWorker.OpenByLibav : DecodeWorker.OpenBySndfile, path);
        if (DecodeWorkerLink.ReadByte(output) != 1)
        {
            return (null, Encoding.UTF8.GetString(DecodeWorkerLink.ReadText(output)));
        }
        Span<byte> told = stackalloc byte[12];
        output.ReadExactly(told);
        return (new(input, output, MemoryMarshal.Read<int>(told), MemoryMarshal.Read<long>(told[4..])), null);
    }

    private sealed class Source(Stream input, Stream output, int rate, long frames) : ISampleSource
    {
        private int _block;      // samples of this block not yet read
        private bool _isOpen;    // a stretch is under way

        public int Rate => rate;

        public long? Frames => frames < 0 ? null : frames;

        public void Seek(long from, long count)
        {
            Drain();
            Span<byte> request = stackalloc byte[17];
            request[0] = DecodeWorker.Read;
            MemoryMarshal.Write(request[1..], in from);
            MemoryMarshal.Write(request[9..], in count);
            input.Write(request);
            input.Flush();
            _isOpen = true;
        }

        public int Read(Span<float> samples)
        {
            if (_block == 0 && _isOpen)
            {
                Span<byte> length = stackalloc byte[4];
                output.ReadExactly(length);
                _block = MemoryMarshal.Read<int>(length);
                if (_block is < 0 or > DecodeWorker.BlockSamples)
                {
                    throw new IOException("The worker's answer is none.");
                }
                _isOpen = _block > 0;
            }
            var count = Math.Min(_block, samples.Length);
            output.ReadExactly(MemoryMarshal.AsBytes(samples[..count]));
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
