using System.Numerics;

namespace Segue.Features.Matrices;

/// <summary>What a build of matrices takes at most, in bytes.</summary>
/// <param name="Memory">The least that <see cref="MatrixOptions.MemoryBytes"/> may be.</param>
/// <param name="Work">Of the work folder, at its fullest.</param>
/// <param name="Result">Of the result folder.</param>
/// <param name="Together">Of both, at their fullest: where they lie on one disk.</param>
public readonly record struct MatrixNeeds(long Memory, long Work, long Result, long Together)
{
    /// <summary>What each thread uses beside its share of the budget, and what is left for the shares at least.</summary>
    internal const long BytesPerThread = 4 << 20, LeastShared = 16 << 20;

    // An item: its number of users twice, and the bucket it goes to.
    internal const long BytesPerItem = 12;

    // The longest row of an item: as many users as there are, and where it is.
    internal const long BytesPerUser = 5;

    /// <summary>The least memory budget: 16 MiB, 4 MiB a thread, 12 bytes an item and 5 bytes a user.</summary>
    public static long LeastMemory(int users, int items, int threads) => LeastShared + BytesPerThread * threads + BytesPerItem * items + BytesPerUser * users;

    /// <param name="occurrences">How many there are, or an upper bound; at most 2⁵⁸.</param>
    public static MatrixNeeds Of(int users, int items, long occurrences, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(occurrences);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(occurrences, 1L << 58);
        const long Heads = 1 << 20;   // manifests, marks and the heads of runs
        var rows = 8L * ((long)users + items + 2);
        var small = 4L * users + 4L * items + Heads;   // lengths of rows, users of items
        var spilled = 28 * occurrences + small;        // packed, and weighed beside it
        var encoded = 25 * occurrences + small + rows;   // weighed, one orientation of the result, and its scattered copy
        return new(LeastMemory(users, items, threads), spilled, 10 * occurrences + rows + Heads, Math.Max(spilled, encoded));
    }

    /// <exception cref="IOException">A disk has less room; the message says how much is needed and how much is there.</exception>
    internal void RequireDisk(string workFolder, string resultFolder)
    {
        var (work, result) = (DiskOf(workFolder), DiskOf(resultFolder));
        if (work.Name == result.Name)
        {
            RequireDisk(work, Together, $"{workFolder} and {resultFolder}");
        }
        else
        {
            RequireDisk(work, Work, workFolder);
            RequireDisk(result, Result, resultFolder);
        }
    }

    private static void RequireDisk(DriveInfo disk, long bytes, string place)
    {
        if (disk.AvailableFreeSpace < bytes)
        {
            throw new IOException(FormattableString.Invariant(
                $"Too little disk for {place}: {bytes / 1048576.0:N0} MiB needed, {disk.AvailableFreeSpace / 1048576.0:N0} MiB free on {disk.Name}."));
        }
    }

    // The mount that holds a folder, which need not be there yet.
    private static DriveInfo DiskOf(string folder)
    {
        var full = WithSeparator(Path.GetFullPath(folder));
        return DriveInfo.GetDrives()
            .Where(drive => full.StartsWith(WithSeparator(drive.Name), StringComparison.Ordinal) && drive.IsReady)
            .MaxBy(drive => drive.Name.Length) ?? new DriveInfo(Path.GetPathRoot(full)!);
    }

    private static string WithSeparator(string path) => Path.EndsInDirectorySeparator(path) ? path : path + Path.DirectorySeparatorChar;
}

/// <summary>How a build divides its budget. The result does not depend on it.</summary>
/// <param name="RunRecords">Occurrences of a run.</param>
/// <param name="GroupRecords">Occurrences of a group of users, sorted together by one thread.</param>
/// <param name="TurnBytes">Of a group of items, gathered together by one thread.</param>
/// <param name="TurnThreads">Threads that gather groups of items: each must have room for an item of all users.</param>
/// <param name="ScatterBytes">Of all buffers through which entries go to the groups of their items.</param>
internal sealed record BuildSizes(int RunRecords, int GroupRecords, long TurnBytes, int TurnThreads, long ScatterBytes)
{
    private const int MostRecords = 1 << 29, RecordBytes = 16;

    public static BuildSizes Of(MatrixOptions options, int users, int items)
    {
        var shared = options.MemoryBytes - MatrixNeeds.BytesPerThread * options.Threads - MatrixNeeds.BytesPerItem * items;
        var runBuffers = options.Threads > 1 ? 3 : 2;   // filled, sorted into, and with a second thread one being filled meanwhile
        var turners = (int)Math.Clamp(shared / (MatrixNeeds.BytesPerUser * users + MatrixNeeds.BytesPerThread), 1, options.Threads);
        return new(
            (int)Math.Min(MostRecords, shared / RecordBytes / runBuffers),
            (int)Math.Min(MostRecords, shared / RecordBytes / (2 * options.Threads)),
            shared / turners,
            turners,
            shared);
    }
}

/// <summary>The coarse order of a run: users in some thousand buckets of equally many rows.</summary>
internal readonly record struct UserBuckets(int Users)
{
    private const int MostBits = 12;

    public int Shift { get; } = Math.Max(0, Bits(Users) - MostBits);
    public int Count => (Users - 1 >> Shift) + 1;

    public int Of(in PackedOccurrence record) => (int)(record.High >> PackedOccurrence.UserShift + Shift);

    /// <summary>The first user of a bucket; that of the bucket after the last is the number of users.</summary>
    public int FirstUser(int bucket) => (int)Math.Min((long)bucket << Shift, Users);

    /// <summary>Bits that numbers below <paramref name="bound"/> need.</summary>
    public static int Bits(int bound) => bound <= 1 ? 0 : BitOperations.Log2((uint)(bound - 1)) + 1;
}
