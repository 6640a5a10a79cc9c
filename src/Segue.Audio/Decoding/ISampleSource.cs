namespace Segue.Audio.Decoding;

/// <summary>A file's sound at its own rate, the mean of its channels.</summary>
internal interface ISampleSource
{
    /// <summary>Samples a second, within what <see cref="Resampler"/> takes.</summary>
    int Rate { get; }

    /// <summary>Samples of a channel as the file tells it; null where that is not known.</summary>
    long? Frames { get; }

    /// <summary>Goes to a sample of the file; positions ascend.</summary>
    /// <param name="from">The next sample that is read.</param>
    /// <param name="count">How many will be read at most.</param>
    void Seek(long from, long count);

    /// <summary>Reads some of the next samples.</summary>
    /// <returns>How many; 0 at the end.</returns>
    int Read(Span<float> samples);
}
