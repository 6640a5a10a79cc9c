using Segue.Audio;

namespace Segue.Features.Sound;

/// <summary>What became of a file of the music folder: every file that is no obvious stranger to music has exactly one. Its numbers are kept on disk.</summary>
public enum FileOutcome
{
    /// <summary>Its sound is known, and it is the first file of its content.</summary>
    Ok = 0,

    /// <inheritdoc cref="AudioOutcome.TooShort"/>
    TooShort = 1,

    /// <inheritdoc cref="AudioOutcome.Silent"/>
    Silent = 2,

    /// <inheritdoc cref="AudioOutcome.Corrupt"/>
    Corrupt = 3,

    /// <inheritdoc cref="AudioOutcome.Unsupported"/>
    Unsupported = 4,

    /// <summary>Another file, whose path comes first, has the same bytes.</summary>
    Duplicate = 5,

    /// <summary>The system gave no bytes: a missing right, a failing disk, a name that is no UTF-8.</summary>
    Unreadable = 6,
}

/// <summary>Between outcomes of sound and of files.</summary>
internal static class FileOutcomes
{
    public static FileOutcome Of(AudioOutcome outcome) => outcome switch
    {
        AudioOutcome.Ok => FileOutcome.Ok,
        AudioOutcome.TooShort => FileOutcome.TooShort,
        AudioOutcome.Silent => FileOutcome.Silent,
        AudioOutcome.Corrupt => FileOutcome.Corrupt,
        AudioOutcome.Unsupported => FileOutcome.Unsupported,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };
}
