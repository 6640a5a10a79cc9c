using Segue.Audio.Processes;

namespace Segue.Audio.Decoding;

/// <summary>What decoding of one file may use.</summary>
internal static class DecodeLimits
{
    /// <summary>Resident bytes of a child.</summary>
    public const long Memory = 150L << 20;

    private const double BytesOfSecond = 50_000, BytesOfProcessorSecond = 250_000;

    /// <summary>For reading a file's headers.</summary>
    public static ProcessLimits Probe { get; } = new(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(4), Memory);

    /// <summary>For decoding: by the file's size, since what it says of its length may be wrong.</summary>
    public static ProcessLimits Decode(string path)
    {
        var bytes = new FileInfo(path).Length;
        return new(TimeSpan.FromSeconds(12 + bytes / BytesOfSecond), TimeSpan.FromSeconds(8 + bytes / BytesOfProcessorSecond), Memory);
    }

    /// <summary>What to tell of a child that was stopped; null where none of the limits did it.</summary>
    public static string? Fault(ProcessEnd end, ProcessLimits limits) => end switch
    {
        ProcessEnd.TimeLimit => $"Decoding took more than {limits.Wall.TotalSeconds:0} s.",
        ProcessEnd.CpuLimit => $"Decoding took more than {limits.Cpu.TotalSeconds:0} s of processor time.",
        ProcessEnd.MemoryLimit => $"Decoding took more than {limits.Memory >> 20} MB.",
        _ => null,
    };
}
