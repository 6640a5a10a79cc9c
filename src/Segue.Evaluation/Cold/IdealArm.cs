using Segue.Evaluation.Lab;
using Segue.Numerics;

namespace Segue.Evaluation.Cold;

/// <summary>A learner that knows the laws of the lab and the style of every track, and has to find out what a listener is like, and in which mood: what no radio can be expected to beat by much.</summary>
/// <remarks>
/// Bayes' rule by particles (Gordon, Salmond and Smith, "Novel approach to nonlinear/non-Gaussian Bayesian state estimation", 1993): each is a listener that might be this one, in a mood that wanders as moods do, and weighs as
/// much as the reactions so far are likely for it. Played is the track of the greatest expected chance of being kept, of the <see cref="Considered"/> of greatest expected utility. It plays no track to learn from it, so it
/// is no proven bound. It does not know what is between one listener and one track alone.
/// </remarks>
/// <param name="whoMightBe">By lab index and day of the sitting.</param>
internal sealed class IdealArm(string name, Func<int, int, WhoMightBe> whoMightBe) : ISittingArm
{
    private const int Considered = 300, Particles = 1500;

    public string Name => name;

    public void Sit(LabWorld world, int listener, LabSitting sitting, Action<int, bool> kept)
    {
        var belief = new Belief(world.Truth, whoMightBe(listener, (int)(sitting.Now - world.Start).TotalDays), new(world.Options.Seed, 0x1DEA, (ulong)listener));
        var memory = new LabMemory();
        var heard = new HashSet<int>();
        while (sitting.Heard < sitting.Length)
        {
            var second = (int)(sitting.Now - world.Start).TotalSeconds;
            var weariness = new float[world.Catalogue.Count];
            for (var track = 0; track < weariness.Length; track++)
            {
                weariness[track] = heard.Contains(track) ? float.PositiveInfinity : (float)memory.Fatigue(track, second, world.Truth.Catalogue.Artists, repeatAppetite: 0);
            }
            var (number, best) = (sitting.Heard, belief.Best(weariness, Considered));
            memory.Add(best, second);
            heard.Add(best);
            var isKept = !sitting.React(best).Skipped;
            kept(number, isKept);
            belief.Learn(best, weariness[best], isKept);
        }
    }

    /// <summary>What is believed of one listener.</summary>
    private sealed class Belief
    {
        private readonly LabTruth _truth;
        private readonly WhoMightBe _who;
        private readonly float[] _weights;
        private int[] _of;
        private float[] _moods;
        private SeededRandom _random;

        public Belief(LabTruth truth, WhoMightBe who, SeededRandom random)
        {
            (_truth, _who, _random) = (truth, who, random);
            (_weights, _of, _moods) = (new float[Particles], new int[Particles], new float[Particles * LabStyles.Dimensions]);
            for (var n = 0; n < Particles; n++)
            {
                _of[n] = n % who.Listeners.Count;
                new LabMood(who.Listeners[_of[n]], _truth.Genres, _truth.Catalogue.GenreShares, ref _random).Point.CopyTo(Mood(n));
            }
            Array.Fill(_weights, 1f / Particles);
        }

        public int Best(float[] weariness, int considered)
        {
            var (utility, mood) = (new float[weariness.Length], new float[LabStyles.Dimensions]);
            for (var n = 0; n < _of.Length; n++)
            {
                Vectors.AddScaled(utility, _who.Still(_of[n]), _weights[n]);
                Vectors.AddScaled(mood, Mood(n), _weights[n]);
            }
            for (var track = 0; track < utility.Length; track++)
            {
                utility[track] += ((float)LabTruth.MoodWeight * Vectors.Dot(mood, _truth.Catalogue.Style(track))) - weariness[track];
            }
            var (best, most) = (-1, -1.0);
            foreach (var scored in TopK.Select(utility, considered))
            {
                var chance = 0.0;
                for (var n = 0; n < _of.Length; n++)
                {
                    chance += _weights[n] * Chance(n, scored.Item, weariness[scored.Item]);
                }
                (best, most) = chance > most ? (scored.Item, chance) : (best, most);
            }
            return best;
        }

        public void Learn(int track, float weariness, bool isKept)
        {
            var sum = 0f;
            for (var n = 0; n < _of.Length; n++)
            {
                var chance = Chance(n, track, weariness);
                sum += _weights[n] *= isKept ? chance : 1 - chance;
            }
            Resample(sum);
            for (var n = 0; n < _of.Length; n++)
            {
                LabStyles.AddNoise(Mood(n), LabMood.Wander, ref _random);
            }
        }

        // Systematic: each particle lives on so many times as its weight says, rounded by one draw for all.
        private void Resample(float sum)
        {
            var (of, moods) = (new int[_of.Length], new float[_moods.Length]);
            var (next, step, passed) = (_random.NextDouble() * sum / of.Length, sum / of.Length, 0.0);
            for (int n = 0, made = 0; made < of.Length; n = Math.Min(n + 1, of.Length - 1))
            {
                passed += _weights[n];
                for (; made < of.Length && (next < passed || n == of.Length - 1); made++, next += step)
                {
                    of[made] = _of[n];
                    Mood(n).CopyTo(moods.AsSpan(made * LabStyles.Dimensions));
                }
            }
            (_of, _moods) = (of, moods);
            Array.Fill(_weights, 1f / of.Length);
        }

        private float Chance(int n, int track, float weariness) => (float)LabTruth.Logistic(
            _who.Still(_of[n])[track] + (LabTruth.MoodWeight * Vectors.Dot(Mood(n), _truth.Catalogue.Style(track))) - weariness);

        private Span<float> Mood(int n) => _moods.AsSpan(n * LabStyles.Dimensions, LabStyles.Dimensions);
    }
}

/// <summary>Listeners one of whom is before us, all of equal chance.</summary>
internal sealed class WhoMightBe
{
    private readonly float[][] _still;

    public WhoMightBe(LabTruth truth, IReadOnlyList<LabListener> listeners)
        => (Listeners, _still) = (listeners, [.. listeners.Select(listener => Enumerable.Range(0, truth.Catalogue.Tracks.Length).Select(
            track => (float)truth.Expected(listener, track, truth.Catalogue.Style(track))).ToArray())]);

    public IReadOnlyList<LabListener> Listeners { get; }

    /// <summary>What each track's utility is for a listener, but for mood and weariness.</summary>
    public ReadOnlySpan<float> Still(int listener) => _still[listener];
}
