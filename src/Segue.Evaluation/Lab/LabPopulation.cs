using Segue.Core;
using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>Draws the listeners of a world.</summary>
internal sealed class LabPopulation
{
    private const float TasteSpread = 0.45f;

    /// <summary>Invented countries, each with its share of the listeners.</summary>
    private static readonly (string Country, double Share, string[] Cities)[] Places =
    [
        ("Norvia", 0.34, ["Halden Bay", "Orsk", "Lindmere", "Vell"]),
        ("Castara", 0.26, ["Port Amaro", "Sant Elo", "Miravel"]),
        ("Brenland", 0.20, ["Ashford Quay", "Tarn", "Wexmoor"]),
        ("Osmara", 0.12, ["Kalim", "Deru"]),
        ("Tolvania", 0.08, ["Grod", "Zelina"]),
    ];

    private static readonly double[] AgeShares = [0.08, 0.10, 0.26, 0.25, 0.15, 0.10, 0.06];

    /// <summary>Years since the music of one's youth, by age band; the first is for an unknown age.</summary>
    private static readonly double[] YearsSinceYouth = [8, 0, 2, 8, 18, 28, 38];
    private static readonly double[] GenderShares = [0.08, 0.44, 0.45, 0.03];
    private static readonly double[] TasteCounts = [0.20, 0.35, 0.30, 0.15];

    private readonly LabOptions _options;
    private readonly LabGenres _genres;
    private readonly double[] _genreShares;
    private readonly Region[][] _regions;
    private readonly double[,] _byCountry, _byAge, _byGender;

    public LabPopulation(LabOptions options, LabGenres genres, double[] genreShares)
    {
        (_options, _genres, _genreShares) = (options, genres, genreShares);
        var random = new SeededRandom(options.Seed, LabStreams.Leanings);
        _byCountry = Leanings(Places.Length, 0.5, ref random);
        _byAge = Leanings(AgeShares.Length, 0.3, ref random);
        _byGender = Leanings(GenderShares.Length, 0.2, ref random);
        _regions = [.. Places.Select(place => place.Cities.Select(city => new Region(place.Country, City: city)).ToArray())];
        (Listeners, Profiles) = (new LabListener[options.Listeners], new ListenerProfile[options.Listeners]);
        Workers.For(options.Listeners, options.Threads, Create);
    }

    /// <summary>Others that are drawn by the same laws; none of them is among the <see cref="Listeners"/>.</summary>
    public LabListener[] Strangers(int count)
        => new LabPopulation(_options with { Listeners = _options.Listeners + count }, _genres, _genreShares).Listeners[_options.Listeners..];

    /// <summary>As they are at the start.</summary>
    public LabListener[] Listeners { get; }
    public ListenerProfile[] Profiles { get; }

    /// <summary>The listener on a day of the history or after it: tastes may have changed by then.</summary>
    public LabListener On(int index, int day)
    {
        var listener = Listeners[index];
        if (_options.TastesChangeAt == 0 || day < _options.TastesChangeAt * _options.Days)
        {
            return listener;
        }
        var (country, profile) = (Array.FindIndex(Places, place => place.Country == Profiles[index].Region!.Country), Profiles[index]);
        var random = new SeededRandom(_options.Seed, LabStreams.NewTastes, (ulong)index);
        return WithTastes(listener, DrawGenres(country, (int)profile.AgeBand, (int)profile.Gender, ref random), ref random);
    }

    /// <summary>Factors on the odds of each genre, log-normal about 1.</summary>
    private static double[,] Leanings(int groups, double deviation, ref SeededRandom random)
    {
        var leanings = new double[groups, LabGenres.Count];
        for (var group = 0; group < groups; group++)
        {
            for (var genre = 0; genre < LabGenres.Count; genre++)
            {
                leanings[group, genre] = Math.Exp(deviation * random.NextNormal());
            }
        }
        return leanings;
    }

    private void Create(int index)
    {
        var random = new SeededRandom(_options.Seed, LabStreams.Listeners, (ulong)index);
        var country = Draw(Places.Select(place => place.Share).ToArray(), ref random);
        var city = random.NextInt(_regions[country].Length);
        var (age, gender) = (Draw(AgeShares, ref random), Draw(GenderShares, ref random));
        Profiles[index] = new ListenerProfile(
            new ListenerId($"l{index:D6}"), _regions[country][city], (AgeBand)age, (Gender)gender);

        var listener = WithTastes(new LabListener { Index = index }, DrawGenres(country, age, gender, ref random), ref random);
        Listeners[index] = listener with
        {
            Mainstream = (float)Math.Pow(random.NextDouble(), 1.5),
            Tolerance = (float)(0.8 * random.NextNormal()),
            RepeatAppetite = (float)random.NextDouble(),
            SessionsPerDay = (float)Math.Clamp(0.6 * Math.Exp(0.9 * random.NextNormal()), 0.03, 8),
            SessionMedian = (float)Math.Clamp(5 * Math.Exp(0.3 * random.NextNormal()), 2, 15),
            Era = (float)(-365 * Math.Max(0, YearsSinceYouth[age] + 4 * random.NextNormal())),
        };
    }

    private LabListener WithTastes(LabListener listener, byte[] genres, ref SeededRandom random)
    {
        var weights = DrawWeights(genres.Length, ref random);
        var tastes = new float[genres.Length * LabStyles.Dimensions];
        var profile = new float[LabStyles.Dimensions];
        for (var taste = 0; taste < genres.Length; taste++)
        {
            var point = tastes.AsSpan(taste * LabStyles.Dimensions, LabStyles.Dimensions);
            LabStyles.DrawNear(_genres.Center(genres[taste]), TasteSpread, ref random, point);
            Vectors.AddScaled(profile, point, weights[taste]);
        }
        LabStyles.Normalize(profile);
        return listener with { TasteGenres = genres, TasteWeights = weights, Tastes = tastes, Profile = profile };
    }

    /// <summary>1 to 4 different genres, odds by their popularity and by the leanings of country, age and gender.</summary>
    private byte[] DrawGenres(int country, int age, int gender, ref SeededRandom random)
    {
        var odds = new double[LabGenres.Count];
        for (var genre = 0; genre < odds.Length; genre++)
        {
            odds[genre] = _genreShares[genre] * _byCountry[country, genre] * _byAge[age, genre] * _byGender[gender, genre];
        }
        var genres = new byte[Math.Min(1 + Draw(TasteCounts, ref random), odds.Count(odd => odd > 0))];
        for (var taste = 0; taste < genres.Length; taste++)
        {
            genres[taste] = (byte)Draw(odds, ref random);
            odds[genres[taste]] = 0;
        }
        return genres;
    }

    private static float[] DrawWeights(int count, ref SeededRandom random)
    {
        var weights = new float[count];
        float sum = 0;
        for (var i = 0; i < count; i++)
        {
            sum += weights[i] = (float)(Math.Pow(0.7, i) * Math.Exp(0.5 * random.NextNormal()));
        }
        for (var i = 0; i < count; i++)
        {
            weights[i] /= sum;
        }
        return weights;
    }

    /// <summary>An index by its odds, which need not sum to 1; the last positive one where rounding leaves a rest.</summary>
    private static int Draw(double[] odds, ref SeededRandom random)
    {
        var left = random.NextDouble() * odds.Sum();
        var drawn = 0;
        for (var i = 0; i < odds.Length; i++)
        {
            if (odds[i] > 0)
            {
                drawn = i;
                if ((left -= odds[i]) < 0)
                {
                    break;
                }
            }
        }
        return drawn;
    }
}
