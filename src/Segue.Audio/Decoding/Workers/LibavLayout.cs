namespace Segue.Audio.Decoding.Workers;

/// <summary>Where fields lie in the structures of one major version of FFmpeg's libraries, in bytes, on systems of 64 bits.</summary>
/// <remarks>
/// <para>Computed from the headers of releases 4.0 to 7.1 and 8.0 by <c>offsetof</c>; all releases of a major version agree. A layout is believed only after <see cref="LibavProof"/>.</para>
/// <para>What is the same in all of them stands in the constants.</para>
/// </remarks>
/// <param name="Format">Major version of libavformat.</param>
/// <param name="Codec">That of libavcodec.</param>
/// <param name="Util">That of libavutil.</param>
/// <param name="FormatDuration">AVFormatContext.duration.</param>
/// <param name="FormatTags">AVFormatContext.metadata.</param>
/// <param name="DurationMethod">AVFormatContext.duration_estimation_method.</param>
/// <param name="TimeBase">AVStream.time_base.</param>
/// <param name="StreamDuration">AVStream.duration.</param>
/// <param name="StreamTags">AVStream.metadata.</param>
/// <param name="Parameters">AVStream.codecpar.</param>
/// <param name="FrameRate">AVFrame.sample_rate.</param>
/// <param name="FrameChannels">AVFrame.channels, from version 61 on AVFrame.ch_layout.nb_channels.</param>
internal sealed record LibavLayout(
    int Format, int Codec, int Util, int FormatDuration, int FormatTags, int DurationMethod, int TimeBase, int StreamDuration, int StreamTags, int Parameters, int FrameRate, int FrameChannels)
{
    /// <summary>AVFormatContext.nb_streams and streams.</summary>
    public const int StreamCount = 44, Streams = 48;

    /// <summary>AVCodecParameters.codec_type and codec_id.</summary>
    public const int CodecType = 0, CodecId = 4;

    /// <summary>AVPacket.pts, stream_index and duration.</summary>
    public const int PacketStream = 36, PacketDuration = 64;

    /// <summary>AVFrame.extended_data, nb_samples, format and pts.</summary>
    public const int FramePlanes = 96, FrameSamples = 112, FrameFormat = 116, FrameTime = 136;

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<LibavLayout> All { get; } =
    [
        new(62, 62, 60, FormatDuration: 104, FormatTags: 192, DurationMethod: 300, TimeBase: 32, StreamDuration: 48, StreamTags: 80, Parameters: 16, FrameRate: 180, FrameChannels: 388),
        new(61, 61, 59, FormatDuration: 104, FormatTags: 192, DurationMethod: 300, TimeBase: 32, StreamDuration: 48, StreamTags: 80, Parameters: 16, FrameRate: 192, FrameChannels: 412),
        new(60, 60, 58, FormatDuration: 72, FormatTags: 176, DurationMethod: 272, TimeBase: 32, StreamDuration: 48, StreamTags: 80, Parameters: 16, FrameRate: 208, FrameChannels: 380),
        new(59, 59, 57, FormatDuration: 72, FormatTags: 176, DurationMethod: 272, TimeBase: 16, StreamDuration: 32, StreamTags: 64, Parameters: 208, FrameRate: 208, FrameChannels: 380),
        new(58, 58, 56, FormatDuration: 1096, FormatTags: 1200, DurationMethod: 1296, TimeBase: 24, StreamDuration: 40, StreamTags: 72, Parameters: 208, FrameRate: 272, FrameChannels: 444),
    ];
}
