using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Evaluation.Sound;
using Segue.Numerics;

namespace Segue.Server.Music;

/// <summary>Judges what a training made on albums that nothing was learnt from: precision among the five nearest, and mean average precision.</summary>
/// <param name="data">The albums held out, and what the others are fitted to.</param>
internal sealed class SoundJudge(SoundTrainingData data, int threads)
{
    private readonly List<int> _albums = data.HeldOut.ConvertAll(track => track.Album);
    private readonly List<Audio.TrackFeatures> _features = data.HeldOut.ConvertAll(track => track.Features);
    private readonly Dictionary<string, double> _figures = new(StringComparer.Ordinal);

    /// <summary>Judges a model beside chance, cepstral statistics and the model before it.</summary>
    /// <returns>Figures by measure; empty where nothing was held out.</returns>
    public Dictionary<string, double> Judge(SoundModel model, SoundModel? before)
    {
        if (_albums.Count == 0)
        {
            return _figures;
        }
        _figures["tracks"] = _albums.Count;
        _figures["chance.precision@5"] = AlbumRetrieval.Chance(_albums);
        Add("timbre", SoundBaselines.Timbre(_features));
        if (before is not null && (before.Backbone is null || before.Backbone == model.Backbone))   // layers of another are not at hand
        {
            Add("previous", SoundBaselines.Vectors(before, _features, threads));
        }
        Add("sound", SoundBaselines.Vectors(model, _features, threads));
        return _figures;
    }

    /// <summary>Judges the parts of a model alone, and what it competes with: a network that learnt nothing, an autoencoder of the same windows.</summary>
    /// <param name="descriptors">The model of descriptors alone.</param>
    public void JudgeChallengers(SoundModel model, SoundModel descriptors, SpectrogramAutoencoder autoencoder, ulong seed)
    {
        Add("random", SoundBaselines.Embeddings(new ContrastiveEncoder(new(), seed), model.Scale, _features, threads));
        Add("autoencoder", SoundBaselines.Embeddings(autoencoder, model.Scale, _features, threads));
        foreach (var encoder in model.Encoders)
        {
            Add("encoder", SoundBaselines.Embeddings(encoder, model.Scale, _features, threads));
        }
        Add("descriptors", SoundBaselines.Vectors(descriptors, _features, threads));
        if (model.Backbone is not null)
        {
            Add("backbone", SoundBaselines.Standardized(_features.ConvertAll(track => track.Layer!)));
        }
    }

    private void Add(string name, DenseMatrix vectors)
    {
        var found = AlbumRetrieval.ByCosine(vectors, _albums);
        (_figures[name + ".precision@5"], _figures[name + ".map"]) = (found.PrecisionAt5, found.MeanAveragePrecision);
    }
}
