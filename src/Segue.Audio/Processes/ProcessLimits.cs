namespace Segue.Audio.Processes;

/// <summary>What a child process may use before it is killed.</summary>
/// <param name="Wall">Time from its start to its end, the time that its reader takes included.</param>
/// <param name="Cpu">Processor time of all its threads; the kernel holds to whole seconds, rounded up.</param>
/// <param name="Memory">Resident bytes, looked at ten times a second. The kernel, where it can, allows twice as many bytes of writable address space.</param>
public sealed record ProcessLimits(TimeSpan Wall, TimeSpan Cpu, long Memory);

/// <summary>How a child process came to its end.</summary>
public enum ProcessEnd
{
    /// <summary>By itself; its exit code tells how it went.</summary>
    Exited,

    /// <summary>Killed after <see cref="ProcessLimits.Wall"/>.</summary>
    TimeLimit,

    /// <summary>Killed after <see cref="ProcessLimits.Cpu"/>.</summary>
    CpuLimit,

    /// <summary>Killed above <see cref="ProcessLimits.Memory"/>.</summary>
    MemoryLimit,

    /// <summary>Killed because its work was cancelled or no longer wanted.</summary>
    Stopped,
}
