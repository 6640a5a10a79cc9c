namespace Segue.Events.Relational;

/// <summary>Looks for bytes in a file, whatever the file's format.</summary>
public static class ByteScan
{
    private const int Chunk = 1 << 20;

    /// <summary>Whether one of the patterns stands anywhere in the file. Cost: one reading of the file, and a vectorized search for each
    /// pattern.</summary>
    public static bool HoldsAny(string path, IReadOnlyList<byte[]> patterns)
    {
        var wanted = patterns.Where(pattern => pattern.Length > 0).ToList();
        if (wanted.Count == 0)
        {
            return false;
        }
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var overlap = wanted.Max(pattern => pattern.Length) - 1;
        var buffer = new byte[Chunk + overlap];
        var kept = 0;
        int read;
        while ((read = file.Read(buffer, kept, buffer.Length - kept)) > 0)
        {
            var seen = buffer.AsSpan(0, kept + read);
            foreach (var pattern in wanted)
            {
                if (seen.IndexOf(pattern) >= 0)
                {
                    return true;
                }
            }
            kept = Math.Min(overlap, seen.Length);
            seen[^kept..].CopyTo(buffer);
        }
        return false;
    }
}
