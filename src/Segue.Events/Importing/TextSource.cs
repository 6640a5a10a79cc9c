namespace Segue.Events.Importing;

/// <summary>How bytes become text.</summary>
public enum TextEncoding
{
    /// <summary>Strict: a line with broken UTF-8 is a bad line.</summary>
    Utf8,

    /// <summary>ISO 8859-1: every byte is a character.</summary>
    Latin1,
}

/// <summary>A text to import line by line.</summary>
/// <param name="Name">How faults name it.</param>
/// <param name="Open">Opens its bytes at the beginning; the reader disposes them.</param>
public sealed record TextSource(string Name, Func<Stream> Open)
{
    public TextEncoding Encoding { get; init; } = TextEncoding.Utf8;

    /// <summary>Longest line in bytes, without its end, from 1 to 2²⁹; a longer one is a bad line. What reading keeps in memory grows
    /// with this, not with the text.</summary>
    public int MaxLineBytes { get; init; } = 1 << 20;

    /// <summary>A file, named in faults by the path as it was given.</summary>
    public static TextSource File(FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(file.ToString(), file.OpenRead);
    }

    internal LineReader OpenLines(IProgress<long>? bytesRead, CancellationToken cancellation) => new(this, bytesRead, cancellation);
}
