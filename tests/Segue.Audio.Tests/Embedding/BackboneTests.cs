using Segue.Audio.Decoding;
using Segue.Audio.Embedding;
using Segue.Audio.Onnx;
using Segue.Audio.Tests.Onnx;

namespace Segue.Audio.Tests.Embedding;

public sealed class BackboneTests : IDisposable
{
    private const int Bands = TrackFeatures.Bands;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-backbone-");

    public BackboneTests() => Assert.SkipUnless(
        OnnxLibrary.IsPresent, "ONNX Runtime's library is not on this machine: build/natives/onnx/fetch gets it (about 115 MB).");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_layer_of_spectra_is_the_mean_over_all_frames_in_logarithms()
    {
        var spectra = new byte[2 * TrackFeatures.WindowBytes];
        for (var frame = 0; frame < 2 * TrackFeatures.FramesOfWindow; frame++)
        {
            (spectra[frame * Bands], spectra[frame * Bands + 5]) = ((byte)(frame < TrackFeatures.FramesOfWindow ? 51 : 102), 255);
        }
        using var backbone = Open(TinyOnnx.MeanOfRelu(-1, Bands, Pick(2, (0, 0), (5, 1))));

        Assert.Equal((OnnxInput.LogMel, 2), (backbone.Description.Input, backbone.Description.Dimensions));
        Assert.Equal([2.4f, 8f], backbone.OfSpectra(spectra)!, Near);
        Assert.Null(backbone.OfSpectra([]));
    }

    [Fact]
    public void A_model_of_fewer_frames_gets_a_window_in_whole_pieces_and_not_what_is_left_over()
    {
        var spectra = new byte[TrackFeatures.WindowBytes];
        for (var frame = 0; frame < TrackFeatures.FramesOfWindow; frame++)
        {
            spectra[frame * Bands] = (byte)(frame < 150 ? 51 : 255);
        }
        using var backbone = Open(TinyOnnx.MeanOfRelu(50, Bands, Pick(1, (0, 0))));

        Assert.Equal([1.6f], backbone.OfSpectra(spectra)!, Near);
    }

    [Fact]
    public void A_model_of_samples_hears_every_piece_of_every_window_and_a_short_file_again_and_again()
    {
        const int Piece = Backbone.WindowSamples / 2;
        var weights = new float[Piece];
        weights[0] = 1;   // the first sample of each piece
        using var backbone = Open(TinyOnnx.ReluOf(Piece, weights));
        var samples = TestSignals.Noise(25, 0.3);
        for (var piece = 0; piece < 4; piece++)
        {
            samples[piece * Piece] = 0.1f * (piece + 1);
        }

        Assert.Equal([0.25f], Layer(samples, backbone), Near);
        Assert.Equal([0.1f], Layer(samples[..Piece], backbone), Near);
        Assert.Throws<InvalidOperationException>(() => backbone.OfSpectra(new byte[TrackFeatures.WindowBytes]));
    }

    [Fact]
    public void What_is_heard_of_a_file_gives_the_layer_that_its_spectra_give()
    {
        using var backbone = Open(TinyOnnx.MeanOfRelu(-1, Bands, Pick(2, (7, 0), (40, 1))));
        using var analyzer = new TrackAnalyzer(new GivenSamples(TestSignals.Noise(25, 0.3)), WindowPlan.Whole);

        var features = analyzer.Analyze("a.wav", TestContext.Current.CancellationToken, backbone).Features!;

        Assert.Equal(backbone.OfSpectra(features.Spectra), features.Layer);
        Assert.Null(analyzer.Analyze("a.wav", TestContext.Current.CancellationToken).Features!.Layer);
    }

    [Fact]
    public void Two_files_of_equal_bytes_are_one_backbone()
    {
        var model = TinyOnnx.MeanOfRelu(-1, Bands, Pick(1, (0, 0)));
        using var first = Open(model);
        using var second = Open(model);
        using var other = Open(TinyOnnx.MeanOfRelu(-1, Bands, Pick(1, (1, 0))));

        Assert.Equal(first.Description, second.Description);
        Assert.NotEqual(first.Description.Sha256, other.Description.Sha256);
        Assert.Equal(model.Length, first.Description.Bytes);
    }

    public static TheoryData<string, byte[]> Unfit => new()
    {
        { "takes [1 × frames × 96]; it must take [1 × frames × 128] spectra, or [1 × n] samples at 22,050 a second", TinyOnnx.MeanOfRelu(-1, 96, new float[96]) },
        { "takes 200 frames; allowed are 2 to 199, or any number", TinyOnnx.MeanOfRelu(200, Bands, new float[Bands]) },
        { "takes 2,204 samples; allowed are 2,205 to 220,500, or any number", TinyOnnx.ReluOf(2204, new float[2204]) },
        { "gives 2,049 numbers; allowed are 1 to 2,048", TinyOnnx.MeanOfRelu(-1, Bands, new float[Bands * 2049]) },
        { "takes [1 × 9 × ?]; it must take [1 × n] samples or [1 × frames × bands] with a fixed number of bands", TinyOnnx.Identity(TinyOnnx.Float, 1, 9, -1) },
        { "takes [1 × 1 × 9 × 4]; it must take [1 × n] samples or", TinyOnnx.Identity(TinyOnnx.Float, 1, 1, 9, 4) },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_model_that_does_not_fit_is_refused_with_what_is_allowed(string fault, byte[] model)
        => Assert.Contains(fault, Assert.Throws<OnnxException>(() => Open(model)).Message, StringComparison.Ordinal);

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-5f;

    private static float[] Pick(int outputs, params (int Band, int Output)[] ones)
    {
        var weights = new float[Bands * outputs];
        foreach (var (band, output) in ones)
        {
            weights[band * outputs + output] = 1;
        }
        return weights;
    }

    private static float[] Layer(float[] samples, Backbone backbone)
    {
        using var analyzer = new TrackAnalyzer(new GivenSamples(samples), WindowPlan.Whole);
        return analyzer.Analyze("a.wav", TestContext.Current.CancellationToken, backbone).Features!.Layer!;
    }

    private Backbone Open(byte[] model)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, model);
        return Backbone.Open(path);
    }
}
