using System.Runtime.InteropServices;
using Segue.Ranking.Learnt;
using Segue.Ranking.Learnt.Trees;

namespace Segue.Ranking.Tests.Learnt;

/// <summary>Trees walked here against the same trees in XGBoost.</summary>
public sealed class XgboostPredictionTests
{
    private const int Rows = 600, Rounds = 40;

    private delegate int CreateMatrix(float[] values, ulong rows, ulong columns, float missing, out nint matrix);

    private delegate int SetFloats(nint matrix, byte[] field, float[] values, ulong count);

    private delegate int CreateBooster(nint[] matrices, ulong count, out nint booster);

    private delegate int SetParameter(nint booster, byte[] name, byte[] value);

    private delegate int Update(nint booster, int round, nint matrix);

    private delegate int Dump(nint booster, byte[] features, int statistics, byte[] format, out ulong count, out nint trees);

    private delegate int Predict(nint booster, nint matrix, int options, uint trees, int training, out ulong count, out nint scores);

    private delegate int Free(nint handle);

    [Fact]
    public void Scores_are_those_that_XGBoost_predicts()
    {
        Assert.SkipUnless(XgboostLibrary.IsPresent, $"XGBoost's library is not on this machine (apt-get install libxgboost0, or ${XgboostLibrary.Variable}).");
        var library = XgboostLibrary.Open(Environment.GetEnvironmentVariable(XgboostLibrary.Variable), AppContext.BaseDirectory);
        T Call<T>(string name) => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
        static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text + "\0");
        var table = RankingTables.Planted(Rows, 33, row => row[0] * row[7] + row[12]);
        Assert.Equal(0, Call<CreateMatrix>("XGDMatrixCreateFromMat")(table.Features.AsSpan().ToArray(), Rows, RankingFeatures.Width, float.NaN, out var matrix));
        Assert.Equal(0, Call<SetFloats>("XGDMatrixSetFloatInfo")(matrix, Text("label"), table.Taken, Rows));
        Assert.Equal(0, Call<CreateBooster>("XGBoosterCreate")([matrix], 1, out var booster));
        foreach (var (name, value) in ((string, string)[])[("max_depth", "4"), ("base_score", "0"), ("objective", "reg:squarederror"), ("nthread", "1"), ("verbosity", "0")])
        {
            Assert.Equal(0, Call<SetParameter>("XGBoosterSetParam")(booster, Text(name), Text(value)));
        }
        for (var round = 0; round < Rounds; round++)
        {
            Assert.Equal(0, Call<Update>("XGBoosterUpdateOneIter")(booster, round, matrix));
        }
        Assert.Equal(0, Call<Predict>("XGBoosterPredict")(booster, matrix, 0, 0, 0, out var count, out var predicted));
        var expected = new float[Rows];
        Assert.Equal((ulong)Rows, count);
        Marshal.Copy(predicted, expected, 0, Rows);
        Assert.Equal(0, Call<Dump>("XGBoosterDumpModelEx")(booster, Text(""), 0, Text("json"), out var trees, out var texts));
        var dumped = Enumerable.Range(0, (int)trees).Select(tree => Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(texts, tree * nint.Size))!).ToList();
        Call<Free>("XGBoosterFree")(booster);
        Call<Free>("XGDMatrixFree")(matrix);

        var scorer = new TreeScorer(TreeScorer.Parse(dumped), new float[RankingFeatures.Width], [.. Enumerable.Repeat(1f, RankingFeatures.Width)]);
        var scores = new float[Rows];
        scorer.Score(new(table.Features.AsSpan().ToArray(), [], [], new(1, 1), new int[Rows]), scores);

        Assert.Equal(Rounds, dumped.Count);
        Assert.True(scores.Distinct().Count() > 100);
        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }
}
