using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Sittings;

/// <summary>The past sittings most like the current one propose what they hold.</summary>
/// <remarks>
/// V-SkNN of Ludewig and Jannach, "Evaluation of Session-based Recommendation Algorithms", UMUAI 2018, with the three factors of STAN (Garg et al., "Sequence and Time Aware
/// Neighborhood for Session-based Recommendations", SIGIR 2019). Likeness of a past sitting s: 2^(−age/halfLife) ÷ |s|^lengthPower · Σ w_i idf_i^idfPower over the common
/// items i, with w of <see cref="CurrentSitting"/>; only the <c>sample</c> newest sittings of each item are looked at, as in Serenade's VMIS-kNN (Kersbergen, Sprangers and Schelter, SIGMOD 2022). Score of
/// an item j: Σ over the k sittings most alike of likeness · 2^(−distance/reach), times <c>backward</c> where j came first, ÷ users(j)^itemPower; the distance is in places from the sitting's
/// newest item that the current one holds too. A question costs O(recent · sample + k · length) whatever the number of sittings.
/// </remarks>
public sealed class SessionNeighborsModel : SittingModel
{
    public const string KindName = "session-neighbors";
    [ThreadStatic]
    private static Question? _question;
    private readonly SessionNeighborsOptions _options;
    private readonly bool _isOrdered;
    private readonly PastSittings _past;
    private readonly SittingIndex _index;
    private readonly float[] _idf;
    private readonly float[] _damping;   // an item; empty where none is damped
    private readonly float[] _sittingWeights;
    private readonly float _largestWeight;
    private readonly float[] _nearness;   // by places between two items

    internal SessionNeighborsModel(SessionNeighborsOptions options, bool isOrdered, int users, PastSittings past, float[] likes)
        : base(users, likes)
    {
        (_options, _isOrdered, _past) = (options, isOrdered, past);
        _index = new(past, Items, options.Sample);
        _idf = Array.ConvertAll(_index.Frequencies, held => (float)Math.Pow(Math.Log(1 + (double)past.Count / Math.Max(1, held)), options.IdfPower));
        _damping = options.ItemPower == 0 ? [] : Array.ConvertAll(likes, users => (float)Math.Pow(Math.Max(1, users), -options.ItemPower));
        _sittingWeights = new float[past.Count];
        var longest = 1;
        for (var sitting = 0; sitting < past.Count; sitting++)
        {
            longest = Math.Max(longest, past[sitting].Length);
            var age = options.HalfLife > 0 ? Math.Pow(2, -past.Ages[sitting] / options.HalfLife) : 1;
            _sittingWeights[sitting] = (float)(age / Math.Pow(past[sitting].Length, options.LengthPower));
        }
        _largestWeight = _sittingWeights.DefaultIfEmpty().Max();
        _nearness = new float[longest];
        for (var distance = 0; distance < longest; distance++)
        {
            _nearness[distance] = isOrdered ? (float)Math.Pow(2, -distance / options.Reach) : 1;
        }
    }

    // What a question needs beside its answer; kept for the next one.
    private sealed class Question(int neighbors)
    {
        public CurrentSitting Current { get; } = new();
        public TouchedSums Sums { get; } = new();
        public TopK Best { get; } = new(neighbors);
        public int Neighbors => neighbors;
    }

    public override string Kind => KindName;

    private protected override IReadOnlyDictionary<string, double> Settings => _options.ToSettings();

    public override Explanation Explain(UserHistory user, int item) => Explanation.FromContributions(Contributions(user, item));

    internal override void Gather(UserHistory user, TouchedSums sums)
    {
        var question = Ask(user);
        foreach (var neighbor in question.Best.Kept)
        {
            var items = _past[neighbor.Item];
            var common = NewestCommon(items, question.Current);
            for (var place = 0; place < items.Length; place++)
            {
                if (place != common)
                {
                    sums.Add(items[place], neighbor.Score * Share(items[place], place - common));
                }
            }
        }
    }

    internal override IEnumerable<(int Item, double Value)> Contributions(UserHistory user, int item)
    {
        var question = Ask(user);
        var parts = new List<(int, double)>();
        foreach (var neighbor in question.Best.Kept)
        {
            var items = _past[neighbor.Item];
            var common = NewestCommon(items, question.Current);
            double share = 0;
            for (var place = 0; place < items.Length; place++)
            {
                share += items[place] == item && place != common ? Share(item, place - common) : 0;
            }
            for (var n = 0; share > 0 && n < question.Current.Items.Length; n++)
            {
                var played = question.Current.Items[n];
                if (_index[played].BinarySearch(neighbor.Item) >= 0)
                {
                    parts.Add((played, share * question.Current.Weights[n] * _idf[played] * _sittingWeights[neighbor.Item]));
                }
            }
        }
        return parts;
    }

    internal override void AddTo(ModelFile file, string prefix)
    {
        _past.AddTo(file, prefix);
        file.Add<bool>(prefix + "isOrdered", [_isOrdered]);
    }

    internal static SessionNeighborsModel Load(ModelFile file)
    {
        var values = new SettingValues(SessionNeighborsOptions.Schema, file.Settings);
        return From(file, "", SessionNeighborsOptions.From(name => values[name]));
    }

    internal static SessionNeighborsModel From(ModelFile file, string prefix, SessionNeighborsOptions options)
        => new(options, file.Get<bool>(prefix + "isOrdered", 1)[0], file.Users, PastSittings.From(file, prefix), file.Get<float>("likes", file.Items));

    // Finds the neighbors: Best holds them with their likeness, above 0.
    private Question Ask(UserHistory user)
    {
        var question = _question?.Neighbors == _options.Neighbors ? _question : _question = new(_options.Neighbors);
        var (current, sums) = (question.Current, question.Sums);
        current.Take(user, _isOrdered, _options.Recent, _options.PositionPower);
        sums.Clear();
        for (var n = 0; n < current.Items.Length; n++)
        {
            var weight = current.Weights[n] * _idf[current.Items[n]];
            sums.AddAll(_index[current.Items[n]], weight);
        }
        var best = question.Best;
        best.Clear();
        float least = 0;
        for (var n = 0; n < sums.Count; n++)
        {
            var (sitting, sum) = sums.At(n);
            // Most sittings share too little to be kept whatever they weigh: their weight is not fetched.
            if (sum > 0 && sum * _largestWeight >= least && sum * _sittingWeights[sitting] is var likeness && likeness >= least)
            {
                best.Add(sitting, likeness);
                least = Math.Max(0, best.Least);
            }
        }
        return question;
    }

    // The place of the newest item of the current sitting that was not refused; each neighbor has one, for its likeness is above 0.
    private static int NewestCommon(ReadOnlySpan<int> items, CurrentSitting current)
    {
        for (var n = 0; n < current.Items.Length; n++)
        {
            if (current.Weights[n] > 0 && items.LastIndexOf(current.Items[n]) is >= 0 and var place)
            {
                return place;
            }
        }
        throw new InvalidOperationException("A sitting without a common item was taken for a neighbor.");
    }

    private float Share(int item, int distance)
        => (_damping.Length == 0 ? 1 : _damping[item]) * _nearness[Math.Abs(distance)] * (distance < 0 && _isOrdered ? (float)_options.Backward : 1);
}
