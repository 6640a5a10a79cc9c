using Segue.Core;
using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>All tracks of a lab world with what is true of each: style, appeal, popularity, release day.</summary>
internal sealed class LabCatalogue
{
    private const float ArtistSpread = 0.5f, TrackSpread = 0.35f;

    /// <summary>Share of the tracks that appear during the history, spread evenly over its days.</summary>
    private const double NewReleases = 0.03;

    private readonly float[] _styles;
    private readonly AliasTable _popular;
    private readonly AliasTable?[] _hits = new AliasTable?[LabGenres.Count], _niche = new AliasTable?[LabGenres.Count];
    private readonly int[][] _byGenre;

    public LabCatalogue(LabOptions options, LabGenres genres, DateTimeOffset start)
    {
        var roster = LabRoster.Create(options.Tracks, options.Seed);
        var n = options.Tracks;
        _styles = new float[n * (long)LabStyles.Dimensions];
        (Tracks, Artists, Genres) = (new Track[n], new int[n], new byte[n]);
        (ReleaseDays, Lengths, Appeals) = (new int[n], new int[n], new float[n]);
        Workers.For(roster.Artists, options.Threads, artist => CreateArtist(artist, roster, options, genres, start));

        ArtistCount = roster.Artists;
        GenreShares = roster.GenreShares;
        _popular = new AliasTable(roster.Popularity);
        _byGenre = [.. Enumerable.Range(0, LabGenres.Count).Select(_ => Array.Empty<int>())];
        foreach (var group in Enumerable.Range(0, n).GroupBy(track => Genres[track]))
        {
            _byGenre[group.Key] = [.. group];
            _hits[group.Key] = new AliasTable([.. group.Select(track => roster.Popularity[track])]);
            _niche[group.Key] = new AliasTable([.. group.Select(track => Math.Pow(roster.Popularity[track], 0.6))]);
        }
    }

    public Track[] Tracks { get; }

    /// <summary>The artist's index of each track, in [0, <see cref="ArtistCount"/>).</summary>
    public int[] Artists { get; }
    public int ArtistCount { get; }
    public byte[] Genres { get; }

    /// <summary>Days since the world's start; negative before it.</summary>
    public int[] ReleaseDays { get; }

    /// <summary>Milliseconds.</summary>
    public int[] Lengths { get; }

    /// <summary>How good a track is to the general taste: mean about 0, deviation about 1, higher for popular tracks.</summary>
    public float[] Appeals { get; }

    /// <summary>The share of all popularity that each genre holds; 0 for a genre without tracks.</summary>
    public double[] GenreShares { get; }

    /// <summary>Unit vector of one track.</summary>
    public ReadOnlySpan<float> Style(int track) => _styles.AsSpan(track * LabStyles.Dimensions, LabStyles.Dimensions);

    public int DrawPopular(ref SeededRandom random) => _popular.Draw(ref random);

    /// <summary>A track of a genre that has tracks: by popularity, or by popularity^0.6, which reaches more of the lesser known.</summary>
    public int DrawFromGenre(int genre, bool niche, ref SeededRandom random)
        => _byGenre[genre][(niche ? _niche : _hits)[genre]!.Draw(ref random)];

    private void CreateArtist(int index, LabRoster roster, LabOptions options, LabGenres genres, DateTimeOffset start)
    {
        var random = new SeededRandom(options.Seed, LabStreams.Artists, (ulong)index);
        var artist = new Artist(new ArtistId($"a{index:D4}"), LabNames.Artist(ref random));
        var genre = roster.Genre[index];
        Span<float> style = stackalloc float[LabStyles.Dimensions];
        LabStyles.DrawNear(genres.Center(genre), ArtistSpread, ref random, style);
        var tracks = roster.TracksOf(index);
        for (var k = 0; k < tracks.Length; k++)
        {
            CreateTrack(tracks[k], artist, index, genre, style, roster, options, start, mayBeNew: k > 0);
        }
    }

    private void CreateTrack(
        int track, Artist artist, int artistIndex, byte genre, ReadOnlySpan<float> artistStyle, LabRoster roster, LabOptions options,
        DateTimeOffset start, bool mayBeNew)
    {
        var random = new SeededRandom(options.Seed, LabStreams.Tracks, (ulong)track);
        var style = _styles.AsSpan(track * LabStyles.Dimensions, LabStyles.Dimensions);
        LabStyles.DrawNear(artistStyle, TrackSpread, ref random, style);
        (Artists[track], Genres[track]) = (artistIndex, genre);
        Appeals[track] = (float)(0.5 * roster.PopularityScore[track] + 0.85 * random.NextNormal());

        // Length: log-normal about 3:35. Age: exponential with a mean of 8 years.
        Lengths[track] = (int)(1000 * Math.Clamp(215 * Math.Exp(0.3 * random.NextNormal()), 75, 900));
        var isNew = random.NextBool(NewReleases) && mayBeNew;
        ReleaseDays[track] = isNew
            ? random.NextInt(options.Days)
            : -1 - (int)(365 * Math.Min(60, -8 * Math.Log(1 - random.NextDouble())));
        var year = start.AddDays(ReleaseDays[track]).Year;
        Tracks[track] = new Track(
            new TrackId($"t{track:D5}"), LabNames.Title(ref random), artist, LabGenres.Name(genre), LabNames.Tags(style, year),
            TimeSpan.FromMilliseconds(Lengths[track]));
    }
}
