using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Segue.Audio.Processes;

/// <summary>A child process that reads files nobody vouches for: bounded in time, processor time and memory, and killed with all that it started.</summary>
/// <remarks>
/// <para>No shell; standard input is closed or a pipe, standard output a stream, the last <see cref="StandardErrorTail.Capacity"/> bytes of standard error are kept. Its
/// environment is a few harmless variables: what else this process was given (passwords, keys) does not reach a library that parses hostile files.</para>
/// <para>On Linux <c>setsid</c> and <c>prlimit</c> of util-linux, where present, start it: as the head of a group of processes that is killed as one, and with the kernel's
/// limits RLIMIT_CPU, RLIMIT_DATA (twice <see cref="ProcessLimits.Memory"/>; address space that is only reserved does not count) and no core file. On every system a timer looks
/// ten times a second at wall time, processor time and resident memory. If this process dies, the child meets a closed pipe or its limit of processor time.</para>
/// <para>Starting costs some milliseconds. All members may be called from any thread; the streams from one at a time.</para>
/// </remarks>
public sealed class LimitedProcess : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly string? SessionStarter = OperatingSystem.IsLinux() ? ProgramPath.Find("setsid") : null;
    private static readonly string? Limiter = OperatingSystem.IsLinux() ? ProgramPath.Find("prlimit") : null;
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "TEMP", "SystemRoot", "LD_LIBRARY_PATH", "DOTNET_ROOT"];

    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly StandardErrorTail _errors;
    private readonly Timer _timer;
    private readonly CancellationTokenRegistration _cancelled;
    private readonly CancellationToken _cancellation;
    private ProcessLimits _limits;
    private long _started = Stopwatch.GetTimestamp();
    private TimeSpan _processorTimeBefore;   // used up before the limits were renewed
    private ProcessEnd? _killed;
    private bool _disposed;

    private LimitedProcess(Process process, ProcessLimits limits, CancellationToken cancellation)
    {
        (_process, _limits, _cancellation) = (process, limits, cancellation);
        _errors = new(process.StandardError.BaseStream);
        _timer = new(_ => Supervise(), null, Look, Look);
        _cancelled = cancellation.Register(() => Kill(ProcessEnd.Stopped));
    }

    /// <summary>The system's number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>What it writes to standard output; at its end when the process ended or was killed.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Where it reads standard input; at its end at once unless it was started with input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>The last of what it wrote to standard error.</summary>
    public string Errors => _errors.Text;

    /// <summary>Resident bytes at their highest, as last looked at.</summary>
    public long PeakMemory { get; private set; }

    /// <summary>Processor time, as last looked at.</summary>
    public TimeSpan ProcessorTime { get; private set; }

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its file, as <see cref="ProgramPath"/> finds it.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <param name="withInput">Leaves standard input open.</param>
    /// <param name="environment">Variables beside the few that every child has.</param>
    /// <exception cref="ProgramMissingException">The program cannot be started.</exception>
    public static LimitedProcess Start(
        string program, IReadOnlyList<string> arguments, ProcessLimits limits, CancellationToken cancellation,
        bool withInput = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        cancellation.ThrowIfCancellationRequested();
        var line = CommandLine(program, arguments, limits);
        var start = new ProcessStartInfo(line[0], line.Skip(1)) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        SetEnvironment(start, environment);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Exception failure) when (failure is Win32Exception or FileNotFoundException)
        {
            throw new ProgramMissingException($"The program '{program}' cannot be started: {failure.Message}");
        }
        if (!withInput)
        {
            process.StandardInput.Close();
        }
        return new(process, limits, cancellation);
    }

    /// <summary>Waits for the process's end, and kills what it left behind.</summary>
    /// <returns>How it ended, and its exit code (128 + signal where a signal ended it).</returns>
    /// <remarks>Read <see cref="Output"/> to its end first: a child that cannot write does not end.</remarks>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public (ProcessEnd End, int ExitCode) WaitForEnd()
    {
        _process.WaitForExit();
        lock (_gate)
        {
            KillGroup();
        }
        _errors.Join(Patience);
        _cancellation.ThrowIfCancellationRequested();
        var code = _process.ExitCode;
        // SIGXCPU, and the kill that follows it: the kernel's clock may be ahead of the timer.
        var end = _killed ?? (code == 128 + 24 || (code == 128 + 9 && ProcessorTime + 2 * Look >= _limits.Cpu) ? ProcessEnd.CpuLimit : ProcessEnd.Exited);
        return (end, code);
    }

    /// <summary>Counts time and processor time from now on, against new limits: for a child that does one piece of work after the other. The kernel's limits stay.</summary>
    public void Renew(ProcessLimits limits)
    {
        lock (_gate)
        {
            Measure();
            (_limits, _started, _processorTimeBefore) = (limits, Stopwatch.GetTimestamp(), ProcessorTime);
        }
    }

    /// <summary>Kills it with all that it started; nothing happens when it has ended.</summary>
    public void Kill() => Kill(ProcessEnd.Stopped);

    /// <summary>Kills what still runs.</summary>
    public void Dispose()
    {
        _cancelled.Dispose();
        _timer.Dispose();
        Kill(ProcessEnd.Stopped);
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }
            KillGroup();
            _process.WaitForExit();   // so that no zombie stays
            _disposed = true;
        }
        _errors.Join(Patience);
        _process.Dispose();
    }

    private static List<string> CommandLine(string program, IReadOnlyList<string> arguments, ProcessLimits limits)
    {
        var line = new List<string>();
        if (SessionStarter is not null)
        {
            line.Add(SessionStarter);
        }
        if (Limiter is not null)
        {
            var seconds = (long)Math.Ceiling(limits.Cpu.TotalSeconds);
            line.AddRange([
                Limiter, "--core=0",
                string.Create(CultureInfo.InvariantCulture, $"--cpu={seconds}:{seconds + 1}"),
                string.Create(CultureInfo.InvariantCulture, $"--data={2 * limits.Memory}"), "--",
            ]);
        }
        return [.. line, program, .. arguments];
    }

    private static void SetEnvironment(ProcessStartInfo start, IReadOnlyDictionary<string, string>? environment)
    {
        start.Environment.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";   // ffmpeg of Debian loads it: with more threads it spins for ever where memory is limited
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }
    }

    private void Supervise()
    {
        lock (_gate)
        {
            if (_disposed || _killed is not null || _process.HasExited)
            {
                return;
            }
            var resident = Measure();
            ProcessEnd? limit = Stopwatch.GetElapsedTime(_started) > _limits.Wall ? ProcessEnd.TimeLimit
                : ProcessorTime - _processorTimeBefore > _limits.Cpu ? ProcessEnd.CpuLimit
                : resident > _limits.Memory ? ProcessEnd.MemoryLimit
                : null;
            if (limit is { } reached)
            {
                Kill(reached);
            }
        }
    }

    // Resident bytes now; 0 when it has ended.
    private long Measure()
    {
        try
        {
            _process.Refresh();
            (PeakMemory, ProcessorTime) = (Math.Max(PeakMemory, _process.PeakWorkingSet64), _process.TotalProcessorTime);
            return _process.WorkingSet64;
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            return 0;
        }
    }

    private void Kill(ProcessEnd why)
    {
        lock (_gate)
        {
            if (_disposed || _process.HasExited)
            {
                return;
            }
            _killed ??= why;
            KillGroup();
            try
            {
                _process.Kill(entireProcessTree: SessionStarter is null);
            }
            catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
            {
                // It ended by itself in this moment.
            }
        }
    }

    // Also after the process's own end: what it started may still hold the pipes.
    private void KillGroup()
    {
        if (SessionStarter is not null && !_disposed)
        {
            _ = SendSignal(-_process.Id, 9);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
