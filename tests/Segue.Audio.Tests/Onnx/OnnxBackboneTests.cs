using Segue.Audio.Onnx;
using Segue.Numerics;

namespace Segue.Audio.Tests.Onnx;

public sealed class OnnxBackboneTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-onnx-");

    public OnnxBackboneTests() => Assert.SkipUnless(
        OnnxLibrary.IsPresent, "ONNX Runtime's library is not on this machine: build/natives/onnx/fetch gets it (about 115 MB).");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_model_of_spectra_gives_the_known_answer_for_any_number_of_frames()
    {
        // Band 0 goes to 0 as it is and to 1 negated; the sum of both bands goes to 2.
        using var model = OnnxBackbone.Open(Write(TinyOnnx.MeanOfRelu(-1, 2, [1, -1, 1, 0, 0, 1])), OnnxInput.LogMel);
        var vector = new float[3];

        model.Embed([1, 2, 3, 4, -5, 0], vector);

        Assert.Equal((OnnxInput.LogMel, null, 2, 3), (model.Input, model.Length, model.Bands, model.Dimensions));
        Assert.Equal([4 / 3f, 5 / 3f, 10 / 3f], vector, (a, b) => Math.Abs(a - b) < 1e-6f);
        model.Embed([7, 1], vector);
        Assert.Equal([7f, 0f, 8f], vector);
    }

    [Fact]
    public void A_model_of_samples_gives_the_known_answer()
    {
        using var model = OnnxBackbone.Open(Write(TinyOnnx.ReluOf(4, [1, 0, 0, 1, 1, 0, 0, -1])), OnnxInput.Samples);
        var vector = new float[2];

        model.Embed([1, 2, 3, 4], vector);

        Assert.Equal((4, 1, 2), (model.Length, model.Bands, model.Dimensions));
        Assert.Equal([4f, 0f], vector);
    }

    [Fact]
    public void Threads_that_share_a_model_get_the_answers_that_one_gets()
    {
        var random = new SeededRandom(1);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
        using var model = OnnxBackbone.Open(Write(TinyOnnx.MeanOfRelu(-1, 16, Draw(16 * 32))), OnnxInput.LogMel);
        var windows = Enumerable.Range(1, 64).Select(frames => Draw(16 * frames)).ToArray();
        float[] Embed(int window)
        {
            var vector = new float[32];
            model.Embed(windows[window], vector);
            return vector;
        }
        var (alone, together) = (Enumerable.Range(0, 64).Select(Embed).ToArray(), new float[64][]);

        Workers.For(64, 4, window => together[window] = Embed(window), TestContext.Current.CancellationToken);

        Assert.Equal(alone, together);
    }

    [Fact]
    public void A_window_of_another_length_is_told_with_both()
    {
        using var samples = OnnxBackbone.Open(Write(TinyOnnx.ReluOf(4, new float[8])), OnnxInput.Samples);
        using var spectra = OnnxBackbone.Open(Write(TinyOnnx.MeanOfRelu(-1, 2, new float[6])), OnnxInput.LogMel);

        Assert.Contains("takes 4 samples, and got 5", Fault(() => samples.Embed(new float[5], new float[2])), StringComparison.Ordinal);
        Assert.Contains("frames of 2 bands, and got 3 values", Fault(() => spectra.Embed(new float[3], new float[3])), StringComparison.Ordinal);
        Assert.Contains("and got 0 values", Fault(() => spectra.Embed([], new float[3])), StringComparison.Ordinal);
        Assert.Contains("gives 3 numbers, and there is room for 2", Fault(() => spectra.Embed(new float[2], new float[2])), StringComparison.Ordinal);

        static string Fault(Action embed) => Assert.Throws<ArgumentException>(embed).Message;
    }

    [Fact]
    public void An_answer_that_is_not_finite_is_a_fault()
    {
        using var model = OnnxBackbone.Open(Write(TinyOnnx.InverseOfMean()), OnnxInput.Samples);
        var vector = new float[1];

        model.Embed([1, 3], vector);

        Assert.Equal([0.5f], vector);
        Assert.Contains("not finite", Assert.Throws<OnnxException>(() => model.Embed([1, -1], vector)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], OnnxInput> Unusable => new()
    {
        { "does not open", [1, 2, 3], OnnxInput.Samples },
        { "2 inputs and 1 outputs", TinyOnnx.Sum(1, 4), OnnxInput.Samples },
        { "takes something else than 32-bit floats", TinyOnnx.Identity(TinyOnnx.Int64, 1, 4), OnnxInput.Samples },
        { "takes [1 × 4]; it must take [1 × frames × bands]", TinyOnnx.Identity(TinyOnnx.Float, 1, 4), OnnxInput.LogMel },
        { "it must take [1 × n]", TinyOnnx.MeanOfRelu(-1, 2, new float[6]), OnnxInput.Samples },
        { "takes [2 × 4]", TinyOnnx.Identity(TinyOnnx.Float, 2, 4), OnnxInput.Samples },
        { "takes [1 × 9 × ?]", TinyOnnx.Identity(TinyOnnx.Float, 1, 9, -1), OnnxInput.LogMel },
        { "gives [1 × 9 × 4]; it must give one vector", TinyOnnx.Identity(TinyOnnx.Float, 1, 9, 4), OnnxInput.LogMel },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_model_of_another_form_is_told_by_its_path_and_what_is_wrong(string fault, byte[] model, OnnxInput input)
    {
        var path = Write(model);

        var message = Assert.Throws<OnnxException>(() => OnnxBackbone.Open(path, input)).Message;

        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_not_there_or_was_closed_is_told()
    {
        Assert.Throws<FileNotFoundException>(() => OnnxBackbone.Open(Path.Combine(_folder.FullName, "none.onnx"), OnnxInput.Samples));
        var model = OnnxBackbone.Open(Write(TinyOnnx.ReluOf(4, new float[8])), OnnxInput.Samples);
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => model.Embed(new float[4], new float[2]));
    }

    private string Write(byte[] model)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, model);
        return path;
    }
}
