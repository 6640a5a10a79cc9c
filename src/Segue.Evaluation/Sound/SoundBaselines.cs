using Segue.Audio;
using Segue.Audio.Descriptors;
using Segue.Audio.Embedding;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>Vectors of tracks by several measures, to be compared.</summary>
public static class SoundBaselines
{
    /// <summary>Cepstral statistics (60 numbers), each brought to mean 0 and deviation 1 over these tracks.</summary>
    public static DenseMatrix Timbre(IReadOnlyList<TrackFeatures> tracks)
        => Standardized([.. tracks.Select(track => new SoundDescriptors(track.Descriptors).Timbre.ToArray())]);

    /// <summary>All that is told without training (<see cref="SoundDescriptors.BaseVector"/>), brought to the same spread over these tracks, then weighted.</summary>
    public static DenseMatrix Base(IReadOnlyList<TrackFeatures> tracks)
    {
        var vectors = Standardized([.. tracks.Select(track => new SoundDescriptors(track.Descriptors).BaseVector.ToArray())]);
        for (var row = 0; row < vectors.Rows; row++)
        {
            for (var column = 0; column < vectors.Columns; column++)
            {
                vectors.Row(row)[column] *= SoundDescriptors.BaseWeights[column];
            }
        }
        return vectors;
    }

    /// <summary>The vectors of a model.</summary>
    public static DenseMatrix Vectors(SoundModel model, IReadOnlyList<TrackFeatures> tracks, int threads)
    {
        var vectors = new DenseMatrix(tracks.Count, model.Dimensions);
        Workers.For(tracks.Count, threads, n => model.VectorOf(tracks[n]).CopyTo(vectors.Row(n)));
        return vectors;
    }

    /// <summary>The mean embedding of each track's windows, each number brought to mean 0 and deviation 1 over these tracks.</summary>
    public static DenseMatrix Embeddings(ISoundEncoder encoder, SpectrumScale scale, IReadOnlyList<TrackFeatures> tracks, int threads)
    {
        var skipped = SoundModel.BlocksOf([]).Sum();
        var rows = new float[tracks.Count][];
        Workers.For(tracks.Count, threads, n =>
        {
            var features = new float[skipped + encoder.Size];
            SoundModel.Describe(tracks[n], [encoder], scale, features);
            rows[n] = features[skipped..];
        });
        return Standardized(rows);
    }

    /// <summary>Columns of mean 0 and deviation 1; a column that does not change is 0.</summary>
    public static DenseMatrix Standardized(IReadOnlyList<float[]> rows)
    {
        var matrix = new DenseMatrix(rows.Count, rows.Count == 0 ? 0 : rows[0].Length);
        for (var column = 0; column < matrix.Columns; column++)
        {
            var mean = rows.Average(row => (double)row[column]);
            var deviation = Math.Sqrt(rows.Average(row => (row[column] - mean) * (row[column] - mean)));
            for (var row = 0; row < rows.Count; row++)
            {
                matrix.Row(row)[column] = deviation > 1e-9 ? (float)((rows[row][column] - mean) / deviation) : 0;
            }
        }
        return matrix;
    }
}
