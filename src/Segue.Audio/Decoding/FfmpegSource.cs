using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Segue.Audio.Processes;

namespace Segue.Audio.Decoding;

/// <summary>One run of ffmpeg that writes the stretches of a plan, one after the other.</summary>
/// <remarks>A stretch may be shorter than asked for, so each ends with samples that no sound has: <see cref="Mark"/>.</remarks>
internal sealed class FfmpegSource : ISampleSource, IDisposable
{
    /// <summary>What stands behind a stretch, <see cref="Marks"/> times.</summary>
    private const float Mark = 1e30f;
    private const int Marks = 16;

    private readonly LimitedProcess _process;
    private readonly ProcessLimits _limits;
    private readonly byte[] _bytes = new byte[64 << 10];
    private int _at, _end;   // in bytes
    private long _left;
    private bool _isFirst = true, _stretchEnded;

    public FfmpegSource(string program, string path, int rate, int channels, long? frames, WindowPlan plan, CancellationToken cancellation)
    {
        (Rate, Frames) = (rate, frames);
        var stretches = WindowReader.Stretches(rate, frames, plan);
        IsWhole = stretches is [(0, long.MaxValue)];
        _limits = DecodeLimits.Decode(path);
        _process = LimitedProcess.Start(program, Arguments(path, rate, channels, stretches), _limits, cancellation);
    }

    public int Rate { get; }

    public long? Frames { get; }

    /// <summary>Whether the file is read from its beginning to its end.</summary>
    public bool IsWhole { get; }

    /// <summary>Whether a limit stopped it.</summary>
    public bool WasStopped { get; private set; }

    /// <summary>ffmpeg's resident bytes at their highest, as far as looked at.</summary>
    public long PeakMemory => _process.PeakMemory;

    public void Seek(long from, long count)
    {
        if (!_isFirst)
        {
            while (!_stretchEnded && Fill())
            {
                SkipToMark();
            }
        }
        (_isFirst, _stretchEnded, _left) = (false, false, count);
    }

    public int Read(Span<float> samples)
    {
        if (_left == 0 || _stretchEnded || !Fill())
        {
            return 0;
        }
        var ready = MemoryMarshal.Cast<byte, float>(_bytes.AsSpan(_at, (_end - _at) & ~3));
        var count = (int)Math.Min(Math.Min(samples.Length, ready.Length), _left);
        var mark = IsWhole ? -1 : ready[..count].IndexOf(Mark);
        count = mark < 0 ? count : mark;
        ready[..count].CopyTo(samples);
        _at += 4 * count;
        _left -= count;
        if (mark >= 0)
        {
            SkipToMark();
        }
        return count;
    }

    /// <summary>Reads what is left, and waits for ffmpeg's end.</summary>
    /// <returns>Its complaint; null when it was content.</returns>
    public string? End(string path)
    {
        while (_process.Output.Read(_bytes) > 0)
        {
            // Nothing of it is wanted.
        }
        var (end, code) = _process.WaitForEnd();
        var stopped = DecodeLimits.Fault(end, _limits);
        WasStopped = stopped is not null;
        return stopped ?? (code == 0 ? null : FfmpegDecoder.LastLine(_process.Errors, path) ?? $"ffmpeg ended with code {code}.");
    }

    public void Dispose() => _process.Dispose();

    private static List<string> Arguments(string path, int rate, int channels, IReadOnlyList<(long From, long Count)> stretches)
    {
        string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
        var arguments = new List<string> { "-v", "error", "-nostdin", "-filter_complex_threads", "1" };
        // Floats before the mean, too: the mean of whole numbers would be rounded.
        var mean = "aformat=sample_fmts=flt,pan=mono|c0=" + string.Join('+', Enumerable.Range(0, channels).Select(channel => $"{Number(1.0 / channels)}*c{channel}"));
        var isWhole = stretches is [(0, long.MaxValue)];
        var resampler = new Resampler(rate);
        var graph = new StringBuilder();
        for (var n = 0; n < stretches.Count; n++)
        {
            arguments.AddRange(["-threads", "1", "-protocol_whitelist", "file,pipe", "-format_whitelist", FfmpegProbe.Formats]);
            if (!isWhole)
            {
                var first = resampler.Seek(stretches[n].From);
                var count = (stretches[n].From + stretches[n].Count) * rate / AudioLimits.SampleRate + resampler.LookAhead + 1 - first;
                arguments.AddRange(first == 0 ? [] : ["-ss", Number((double)first / rate)]);
                arguments.AddRange(["-t", Number((double)count / rate)]);
            }
            arguments.AddRange(["-i", FfmpegDecoder.Url(path)]);
            graph.Append(CultureInfo.InvariantCulture, $"[{n}:a:0]{mean},aformat=sample_fmts=flt:sample_rates={rate}[s{n}];");
            if (!isWhole)
            {
                graph.Append(CultureInfo.InvariantCulture, $"aevalsrc={Mark:0}:s={rate},atrim=end_sample={Marks},aformat=sample_fmts=flt:channel_layouts=mono[m{n}];");
            }
        }
        if (isWhole)
        {
            graph.Append("[s0]anull[out]");
        }
        else
        {
            graph.AppendJoin("", Enumerable.Range(0, stretches.Count).Select(n => $"[s{n}][m{n}]"));
            graph.Append(CultureInfo.InvariantCulture, $"concat=n={2 * stretches.Count}:v=0:a=1[out]");
        }
        arguments.AddRange(["-filter_complex", graph.ToString(), "-map", "[out]", "-f", "f32le", "-c:a", "pcm_f32le", "pipe:1"]);
        return arguments;
    }

    private bool Fill()
    {
        if (_end - _at >= 4)
        {
            return true;
        }
        _bytes.AsSpan(_at, _end - _at).CopyTo(_bytes);
        (_at, _end) = (0, _end - _at);
        while (_end < 4)
        {
            var got = _process.Output.Read(_bytes.AsSpan(_end));
            if (got == 0)
            {
                return false;
            }
            _end += got;
        }
        return true;
    }

    // Leaves the position behind the marks, if they are there.
    private void SkipToMark()
    {
        var passed = 0;
        do
        {
            if (BitConverter.ToSingle(_bytes, _at) == Mark)
            {
                passed++;
            }
            _at += 4;
        }
        while (passed < Marks && Fill());
        _stretchEnded = true;
    }
}
