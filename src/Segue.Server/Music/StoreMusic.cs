using Segue.Audio;
using Segue.Audio.Descriptors;
using Segue.Audio.Fingerprints;
using Segue.Core;
using Segue.Features;
using Segue.Features.Sound;
using Segue.Models;
using Segue.Models.ColdStart;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Ranking.Rules;
using Segue.Retrieval.Sounds;
using Segue.Server.Stores;

namespace Segue.Server.Music;

/// <summary>The sounds of a store as a server or a command needs them: vectors for all tracks, places in taste for those nobody heard, what is like what.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class StoreMusic(StoreParts parts)
{
    // A fingerprint takes a third of a second: so many are made whenever tracks change, and the others then.
    private const int FingerprintsAtOnce = 16;

    private readonly FingerprintJudge? _fingerprints = Chromaprint.IsPresent ? new((sound, cancellation) => ReadFingerprint(parts.Sound, sound, cancellation)) : null;
    private const int KeptModels = 5;

    private (string Version, ColdWeights Weights)? _cold;
    private (string Version, SoundSpace Space, CatalogueIndex Tracks)? _space;

    private SoundLibrary Library => parts.Sound;

    /// <summary>Whether any music was ever scanned.</summary>
    public bool Exists => File.Exists(parts.Layout.SoundLibrary);

    /// <summary>Sees to it that there is a sound model, as soon as there are tracks enough, and that every track has its vector.</summary>
    /// <returns>The version of the model; null where there are too few tracks.</returns>
    /// <exception cref="Audio.Onnx.OnnxMissingException">Tracks lack the layer of the model's backbone, and ONNX Runtime's library is not on this machine.</exception>
    public string? Prepare(HearAgain hear, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        var trainer = new SoundTrainer(Library, parts.SoundModels, parts.WorkFolder);
        try
        {
            var current = parts.SoundModels.LoadCurrent();
            // Spread is what a few tracks say little of: a model that learnt nothing else is made anew when there are twice as many.
            var isNew = current is null || (current.Value.Model.Encoders.Count == 0 && Library.Counts().Tracks >= 2 * current.Value.Card.Tracks);
            if (isNew)
            {
                isNew = trainer.FitDescriptors(current?.Version, threads) is not null;
                current = parts.SoundModels.LoadCurrent();
            }
            var (version, model, _) = current!.Value;
            trainer.EmbedAll(version, model, hear, threads, progress, backbone: null, cancellation);
            if (isNew)   // else there may be vectors of a version that another process is about to publish
            {
                parts.SoundModels.Prune(KeptModels);
                Library.KeepVectorsOf(version);
            }
            return version;
        }
        catch (TooFewTracksException)
        {
            return null;
        }
    }

    /// <summary>Models for a store in which nobody was listened to yet: places in taste are places in sound.</summary>
    /// <exception cref="ModelsMissingException">There are no vectors either.</exception>
    public ModelSet SoundSet()
    {
        var version = (Exists ? parts.SoundModels.Current() : null)
            ?? throw new ModelsMissingException("No model was trained yet, and no music was scanned.");
        var tracks = TracksById();
        var (known, rows) = (new List<Track>(), new List<Half[]>());
        foreach (var (track, _, vector) in Library.ReadVectors(version).Where(track => tracks.ContainsKey(track.Track)))
        {
            known.Add(tracks[track]);
            rows.Add(vector);
        }
        return known.Count > 0
            ? ModelSet.OfSound(version, known, Matrix(rows))
            : throw new ModelsMissingException("No model was trained yet, and no track has a sound.");
    }

    /// <summary>Tracks that can be heard and that a catalogue lacks, with their places among the factors of its models.</summary>
    public (IReadOnlyList<Track> Tracks, DenseMatrix Places) NewTo(ModelSet models, CatalogueIndex catalogue, int threads, CancellationToken cancellation)
    {
        var (version, tracks) = (models.IsOfSound ? models.Published : parts.SoundModels.Current(), TracksById());   // places of one model
        var vectors = version is null ? [] : Library.ReadVectors(version).ToDictionary(track => track.Track, track => track.Values);
        var playable = Library.ReadTracks().Where(track => catalogue.Find(track.Track) is null && tracks.ContainsKey(track.Track)).ToList();
        if (models.IsOfSound)
        {
            playable.RemoveAll(track => !vectors.ContainsKey(track.Track));
        }
        if (playable.Count == 0)
        {
            return ([], new(0, models.Taste.Factors));
        }
        List<Track> added = [.. playable.Select(track => tracks[track.Track])];
        return (added, models.IsOfSound
            ? Matrix([.. playable.Select(track => vectors[track.Track])])
            : Place(models, catalogue, playable, added, vectors, threads, cancellation));
    }

    /// <summary>Tracks that are not to be offered in a radio of songs: those whose files are gone, mixes longer than songs are, speech.</summary>
    public IReadOnlyCollection<TrackId> KeptOut() => [.. Library.WithdrawnTracks().Concat(Flags().Keys)];

    /// <summary>Album and sound of each track, as the rules of a radio need them.</summary>
    public IReadOnlyDictionary<TrackId, TrackFacts> Facts()
    {
        var facts = Library.ReadTracks().ToDictionary(track => track.Track, track => new TrackFacts(track.AlbumKey, null));
        foreach (var track in Library.ReadDescriptors())
        {
            var sound = new SoundDescriptors(track.Values);
            facts[track.Track] = facts.GetValueOrDefault(track.Track) with { Sound = new(sound.Energy, sound.Tempo, sound.Loudness, sound.Centroid) };
        }
        return facts;
    }

    /// <summary>What sounds like what among the tracks of a catalogue; null where no track of it has a vector.</summary>
    public SoundsOnAir? Sounds(CatalogueIndex catalogue, int threads, CancellationToken cancellation)
    {
        if (!Exists || parts.SoundModels.Current() is not { } version)
        {
            return null;
        }
        var (rows, vectors, contents) = (new List<int>(), new List<Half[]>(), new Dictionary<int, long>());
        foreach (var (track, sound, vector) in Library.ReadVectors(version))
        {
            if (catalogue.Find(track) is { } row && IsDirection(vector))
            {
                rows.Add(row);
                vectors.Add(vector);
                contents[row] = sound;
            }
        }
        if (rows.Count == 0)
        {
            return null;
        }
        var space = Space(version, catalogue, rows, vectors, threads, cancellation);
        var flags = Flags().Where(flag => catalogue.Find(flag.Key) is not null).ToDictionary(flag => catalogue.Find(flag.Key)!.Value, flag => flag.Value);
        var hubs = rows.Count > 10 ? Hubness.Measure(space, cancellation: cancellation) : null;
        var agree = _fingerprints?.Look(row => contents.GetValueOrDefault(row, -1), FingerprintsAtOnce, cancellation);
        var duplicates = SoundDuplicates.Find(space, row => catalogue.Tracks[row].Length ?? TimeSpan.Zero, new() { Agree = agree, Threads = threads }, cancellation);
        return new(space, catalogue, hubs, row => flags.GetValueOrDefault(row), duplicates);
    }

    // Places by the weights that were published with the models; those of an older set are fitted when they are needed first.
    private DenseMatrix Place(
        ModelSet models, CatalogueIndex catalogue, List<LibraryTrack> playable, List<Track> added, Dictionary<TrackId, Half[]> vectors, int threads, CancellationToken cancellation)
    {
        var albums = new IdMap();
        var data = ColdData(models, catalogue, vectors, albums);
        var run = new TrainingRun(Seed: 1, threads, Cancellation: cancellation);
        if (models.Cold is null && _cold?.Version != models.Published)
        {
            _cold = (models.Published, ColdFactors.Fit(data, new(), run).Weights);
        }
        var (weights, options) = models.Cold ?? (_cold!.Value.Weights, new());
        var cold = new ColdFactors(data, weights, options);
        var asked = new ColdTrack[playable.Count];
        Workers.For(asked.Length, threads, n => asked[n] = new(
            catalogue.FindArtist(added[n].Artist.Id) ?? -1,
            playable[n].AlbumKey is { } album && albums.Find(album) is { } row ? row : -1,
            vectors.TryGetValue(playable[n].Track, out var vector) ? Array.ConvertAll(vector, value => (float)value) : null,
            Prediction(models, added[n].Artist.Id, playable[n].Track)), cancellation);
        var placed = cold.PlaceAll(asked, threads, cancellation);
        var places = new DenseMatrix(placed.Length, models.Taste.Factors);
        for (var n = 0; n < placed.Length; n++)
        {
            placed[n].Factors.CopyTo(places.Row(n));
        }
        return places;
    }

    // 2 ms a track; nothing where its spectra were not kept.
    private float[]? Prediction(ModelSet models, ArtistId artist, TrackId track)
    {
        if (models.Network is not { } network || Library.FindSpectra(track) is not { Values.Length: >= TrackFeatures.WindowBytes } spectra)
        {
            return null;
        }
        var factors = new float[models.Taste.Factors];
        network.Predict(artist, learntFrom: false, spectra.Values, factors);
        return factors;
    }

    /// <summary>What is known of the tracks of a model set, for placing others among them.</summary>
    internal ColdStartData ColdData(ModelSet models, CatalogueIndex catalogue, IReadOnlyDictionary<TrackId, Half[]> vectors, IdMap albums)
    {
        var albumOf = new int[catalogue.Count];
        Array.Fill(albumOf, -1);
        foreach (var track in Library.ReadTracks())
        {
            if (track.AlbumKey is { } key && catalogue.Find(track.Track) is { } row)
            {
                albumOf[row] = albums.Add(key);
            }
        }
        var dimensions = vectors.Count == 0 ? 0 : vectors.Values.First().Length;
        var sounds = new DenseMatrix(dimensions == 0 ? 0 : catalogue.Count, dimensions);
        foreach (var (track, vector) in vectors)
        {
            if (catalogue.Find(track) is { } row)
            {
                Fill(sounds.Row(row), vector);
            }
        }
        return new()
        {
            Factors = models.Taste.ItemFactors, Listens = [.. Enumerable.Range(0, catalogue.Count).Select(row => (int)models.Popular.Likes(row))],
            Artists = [.. Enumerable.Range(0, catalogue.Count).Select(catalogue.ArtistOf)], Albums = albumOf, Sounds = dimensions == 0 ? null : sounds,
        };
    }

    // New tracks behind those of before: then the space grows instead of being made anew.
    private SoundSpace Space(string version, CatalogueIndex catalogue, List<int> rows, List<Half[]> vectors, int threads, CancellationToken cancellation)
    {
        if (_space is { } before && before.Version == version && IsBehind(before.Tracks, catalogue) && rows.Count(before.Space.Has) == before.Space.Count)
        {
            var added = Enumerable.Range(0, rows.Count).Where(n => !before.Space.Has(rows[n])).ToList();
            _space = (version, added.Count == 0 ? before.Space : before.Space.With([.. added.Select(n => rows[n])], Matrix([.. added.Select(n => vectors[n])])), catalogue);
        }
        else
        {
            _space = (version, SoundSpace.Create(version, rows, Matrix(vectors), new() { Threads = threads }, cancellation), catalogue);
        }
        return _space.Value.Space;
    }

    internal static bool IsBehind(CatalogueIndex before, CatalogueIndex now)
        => now.Count >= before.Count && Enumerable.Range(0, before.Count).All(row => before.Tracks[row].Id == now.Tracks[row].Id);

    private Dictionary<TrackId, SoundFlags> Flags()
    {
        var options = new SoundFlagOptions();
        var lengths = Library.ReadTracks().ToDictionary(track => track.Track, track => track.Duration);
        return Library.ReadDescriptors()
            .Select(track => (track.Track, Flags: options.Of(lengths.GetValueOrDefault(track.Track), new SoundDescriptors(track.Values).SpeechLikeness)))
            .Where(track => track.Flags != SoundFlags.None).ToDictionary(track => track.Track, track => track.Flags);
    }

    private static uint[]? ReadFingerprint(SoundLibrary library, long sound, CancellationToken cancellation)
        => library.FindSound(sound)?.FirstFile is { } file && File.Exists(file.Path) ? Chromaprint.Read(file.Path, cancellation) : null;

    private Dictionary<TrackId, Track> TracksById() => parts.Recordings().ToDictionary(recording => recording.Track.Id, recording => recording.Track);

    internal static bool IsDirection(Half[] vector) => Array.Exists(vector, value => value != (Half)0);

    internal static DenseMatrix Matrix(List<Half[]> rows)
    {
        var matrix = new DenseMatrix(rows.Count, rows.Count == 0 ? 0 : rows[0].Length);
        for (var row = 0; row < rows.Count; row++)
        {
            Fill(matrix.Row(row), rows[row]);
        }
        return matrix;
    }

    private static void Fill(Span<float> row, Half[] values)
    {
        for (var n = 0; n < row.Length; n++)
        {
            row[n] = (float)values[n];
        }
    }
}
