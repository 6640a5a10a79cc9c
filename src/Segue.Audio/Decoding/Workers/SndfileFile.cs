namespace Segue.Audio.Decoding.Workers;

/// <summary>A file that libsndfile has open.</summary>
internal sealed class SndfileFile : IWorkerFile
{
    private const int BlockSamples = 8_192;
    private const int MaxChannels = 64;

    private readonly SndfileLibrary _library;
    private readonly string _path;
    private readonly float[] _block;
    private readonly int _channels;
    private nint _file;
    private long _position, _left;

    private SndfileFile(SndfileLibrary library, string path, nint file, SndfileLibrary.Info info)
    {
        (_library, _path, _file, _channels, Rate, Frames) = (library, path, file, info.Channels, info.Rate, info.Frames);
        _block = new float[BlockSamples * _channels];
    }

    public int Rate { get; }

    public long? Frames { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="fault">What is wrong; null where a file is given.</param>
    public static SndfileFile? Open(SndfileLibrary library, string path, out string? fault)
    {
        var file = library.Open(path, out var info);
        fault = file == 0 ? library.Error(0)
            : info.Rate is < Resampler.MinRate or > Resampler.MaxRate ? $"It has {info.Rate} samples a second; allowed are {Resampler.MinRate} to {Resampler.MaxRate}."
            : info.Channels is < 1 or > MaxChannels ? $"It has {info.Channels} channels; allowed are 1 to {MaxChannels}."
            : info.Frames is < 0 or > long.MaxValue / 1_000_000 || info.Seekable == 0 ? "Its length is not known."
            : null;
        if (fault is null)
        {
            return new(library, path, file, info);
        }
        if (file != 0)
        {
            library.Close(file);
        }
        return null;
    }

    public void Seek(long from, long count)
    {
        _left = count;
        var at = from == _position ? from : _library.Seek(_file, from);
        if (at < 0 || at > from)
        {
            // Refused, or landed behind (Opus in version 1.2): everything before is decoded.
            at = from >= _position && _file != 0 ? _position : Restart();
        }
        // In Opus version 1.2 may stop a few samples early, and says so.
        for (_position = at; _position < from && Next(from - _position) is > 0 and var got; _position += got)
        {
        }
    }

    public int Read(Span<float> samples)
    {
        var got = _left == 0 ? 0 : Next(Math.Min(samples.Length, _left));
        ChannelMean.Of(_block.AsSpan(0, got * _channels), _channels, samples[..got]);
        _position += got;
        _left -= got;
        return got;
    }

    public void Dispose()
    {
        if (_file != 0)
        {
            _library.Close(_file);
            _file = 0;
        }
    }

    private int Next(long count) => _file == 0 ? 0 : (int)Math.Max(0, _library.Read(_file, _block, Math.Min(count, BlockSamples)));

    private long Restart()
    {
        Dispose();
        _file = _library.Open(_path, out _);
        return 0;
    }
}
