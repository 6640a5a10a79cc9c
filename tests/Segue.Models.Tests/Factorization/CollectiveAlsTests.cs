using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Numerics.Memory;
using Segue.Numerics.Sparse;

namespace Segue.Models.Tests.Factorization;

public sealed class CollectiveAlsTests : IDisposable
{
    private static readonly ImplicitAlsOptions Options = new() { Factors = 20, Sweeps = 4, Alpha0 = 0.05, Lambda = 0.02 };
    private readonly string _folder = Directory.CreateTempSubdirectory("segue-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Any_number_of_threads_gives_equal_bytes()
    {
        var one = Bytes(Train(Options, threads: 1));

        Assert.Equal(one, Bytes(Train(Options, threads: 2)));
        Assert.Equal(one, Bytes(Train(Options, threads: 3)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public void An_interrupted_training_goes_on_to_the_same_bytes(int halfSteps)
    {
        var file = Path.Combine(_folder, "als.checkpoint");
        using var cancel = new CancellationTokenSource();
        var told = 0;
        var progress = new Told(() =>
        {
            if (++told == halfSteps)
            {
                cancel.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(() => Train(Options, checkpoint: file, progress: progress, cancel: cancel));
        var resumed = 0;
        var bytes = Bytes(Train(Options, checkpoint: file, progress: new Told(() => resumed++)));

        Assert.Equal(2 * Options.Sweeps + 1 - halfSteps, resumed);
        Assert.Equal(Bytes(Train(Options)), bytes);
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_checkpoint_of_other_data_or_seed_or_a_damaged_one_is_refused()
    {
        var file = Path.Combine(_folder, "als.checkpoint");
        Train(Options, checkpoint: file).Dispose();

        Assert.Contains("other data", Assert.Throws<ForeignCheckpointException>(() => Train(Options with { Lambda = 1 }, checkpoint: file)).Message, StringComparison.Ordinal);
        Assert.Throws<ForeignCheckpointException>(() => Train(Options, checkpoint: file, seed: 2));
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Contains("changed", Assert.Throws<InvalidDataException>(() => Train(Options, checkpoint: file)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(file, bytes[..100]);
        Assert.Contains("cut short", Assert.Throws<InvalidDataException>(() => Train(Options, checkpoint: file)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(file, [.. bytes, 0]);
        Assert.Throws<InvalidDataException>(() => Train(Options, checkpoint: file));
    }

    [Fact]
    public void Three_steps_a_half_step_reach_the_objective_of_elimination()
    {
        var (byUser, byItem) = World();
        var options = Options with { Sweeps = 12 };
        using var fast = Train(options);
        using var exact = Train(options with { Steps = 60 });

        var (reached, least) = (AlsObjective.Of(fast, byUser, byItem, options), AlsObjective.Of(exact, byUser, byItem, options));

        Assert.InRange(reached, least * 0.99, least * 1.005);
    }

    [Fact]
    public void The_objective_is_the_formula_written_out()
    {
        var (byUser, byItem) = World();
        using var factors = Train(Options);
        var (x, y) = (factors.Users.ToDense(), factors.Items.ToDense());
        double expected = 0;
        for (var user = 0; user < x.Rows; user++)
        {
            for (var item = 0; item < y.Rows; item++)
            {
                var score = (double)Vectors.Dot(x.Row(user), y.Row(item));
                expected += Options.Alpha0 * score * score;
                if (byUser.ColumnsOf(user).BinarySearch(item) is >= 0 and var n)
                {
                    var code = byUser.CodesOf(user)[n];
                    expected += byUser.Codebook.Weights[code] * Math.Pow(byUser.Codebook.Targets[code] - score, 2);
                }
            }
            expected += Options.PenaltyOf(byUser.CountOf(user), y.Rows) * Vectors.Dot(x.Row(user), x.Row(user));
        }
        for (var item = 0; item < y.Rows; item++)
        {
            expected += Options.PenaltyOf(byItem.CountOf(item), x.Rows) * Vectors.Dot(y.Row(item), y.Row(item));
        }

        Assert.Equal(expected, AlsObjective.Of(factors, byUser, byItem, Options), 1e-4 * expected);
    }

    [Fact]
    public void Going_on_from_yesterdays_factors_starts_lower()
    {
        var (byUser, byItem) = World();
        using var yesterday = Train(Options);
        using var warm = Train(Options with { Sweeps = 1 }, start: AlsFactors.From(yesterday.Users.ToDense(), yesterday.Items.ToDense()));
        using var cold = Train(Options with { Sweeps = 1 });

        Assert.True(AlsObjective.Of(warm, byUser, byItem, Options) < AlsObjective.Of(cold, byUser, byItem, Options));
    }

    [Fact]
    public void What_cannot_be_learnt_is_said_before_the_work_starts()
    {
        var (byUser, byItem) = World();
        using var none = WeightedRows.Create(3, [0, 0], WeightCodebook.Ones, (_, _, _) => { });
        using var turned = none.Transpose();

        Assert.Contains("nothing to learn", Assert.Throws<ArgumentException>(() => new CollectiveAls(Options).Train(none, turned, new(1, 1))).Message, StringComparison.Ordinal);
        Assert.Contains("factors=0", Assert.Throws<ArgumentException>(() => new CollectiveAls(new() { Factors = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CollectiveAls(new() { Alpha0 = double.NaN }));
        Assert.Throws<ArgumentException>(() => new CollectiveAls(Options).Train(byUser, byUser, new(1, 1)));
        var fault = Assert.Throws<TooLittleMemoryException>(() => new CollectiveAls(Options).Train(byUser, byItem, new(1, 1), availableBytes: 1000));
        Assert.Contains("the factors of 80 users and 60 items at d = 20", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_that_leaves_the_finite_range_is_named()
    {
        using var byUser = WeightedRows.Create(2, [0, 2, 4], new([1e38f], [1]), (_, columns, _) => (columns[0], columns[1]) = (0, 1));
        using var byItem = byUser.Transpose();

        var fault = Assert.Throws<ModelDivergedException>(() => new CollectiveAls(new() { Factors = 4, Lambda = 1e-9, Alpha0 = 0 }).Train(byUser, byItem, new(1, 1)));

        Assert.Contains("raise lambda", fault.Message, StringComparison.Ordinal);
    }

    // 80 users of two tastes over 60 items, some refusals, weights from 1 to 3.
    private static (WeightedRows ByUser, WeightedRows ByItem) World()
    {
        var random = new SeededRandom(21);
        var rows = Enumerable.Range(0, 80).Select(user => user == 7 ? []
            : Enumerable.Range(0, 60).Where(item => random.NextBool(item % 2 == user % 2 ? 0.4 : 0.05)).ToArray()).ToArray();
        var starts = new long[81];
        for (var user = 0; user < 80; user++)
        {
            starts[user + 1] = starts[user] + rows[user].Length;
        }
        var byUser = WeightedRows.Create(60, starts, new([1, 2, 3, 0.5f], [1, 1, 1, -0.2f]), (user, columns, codes) =>
        {
            rows[user].CopyTo(columns);
            for (var n = 0; n < codes.Length; n++)
            {
                codes[n] = (byte)random.NextInt(4);
            }
        });
        return (byUser, byUser.Transpose());
    }

    private static AlsFactors Train(
        ImplicitAlsOptions options, int threads = 2, string? checkpoint = null, ulong seed = 1, IProgress<double>? progress = null,
        AlsFactors? start = null, CancellationTokenSource? cancel = null)
    {
        var (byUser, byItem) = World();
        return new CollectiveAls(options).Train(byUser, byItem, new(seed, threads, progress, cancel?.Token ?? TestContext.Current.CancellationToken), start, checkpoint);
    }

    private static byte[] Bytes(AlsFactors factors)
    {
        using var stream = new MemoryStream();
        factors.Users.WriteTo(stream);
        factors.Items.WriteTo(stream);
        factors.Dispose();
        return stream.ToArray();
    }

    // Progress<T> would tell later, on another thread.
    private sealed class Told(Action tell) : IProgress<double>
    {
        public void Report(double value) => tell();
    }
}
