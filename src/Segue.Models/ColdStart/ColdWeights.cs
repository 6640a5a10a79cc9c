namespace Segue.Models.ColdStart;

/// <summary>How much each source counts, fitted on trained tracks that were held out: all that a fit leaves behind.</summary>
/// <param name="ArtistShrink">k of the artist: a mean of n tracks counts n / (n + k).</param>
/// <param name="AlbumShrink">The same of the album.</param>
/// <param name="LengthPower">How much a track's length counts in a mean: 1 means of factors as they are, 0 of their directions.</param>
/// <param name="Scale">What brings the places to the length of tracks that few have heard.</param>
/// <param name="HeldOut">Tracks that were held out for the fit.</param>
/// <param name="Table">Weights, one row of four for each of the 16 sets of sources, in the order of <see cref="ColdSources"/>; not negative.</param>
/// <param name="Losses">For each set the mean share of a held-out track's scores that its place leaves unexplained, before the scale; NaN where too few tracks had these sources.</param>
/// <param name="Regression">The shape of the regression that tells a track's place by its sound; null where the mean of those that sound most like it told held-out tracks better.</param>
public sealed record ColdWeights(
    double ArtistShrink, double AlbumShrink, double LengthPower, double Scale, int HeldOut, IReadOnlyList<double> Table, IReadOnlyList<double> Losses, RegressionShape? Regression = null)
{
    public const string KindName = "cold-factors";

    /// <summary>Kinds of sources.</summary>
    internal const int Sources = 4;

    /// <summary>Sets of sources.</summary>
    internal const int Sets = 1 << Sources;

    /// <summary>Four weights, one for each source; 0 for those that are not in the set.</summary>
    public IReadOnlyList<double> Of(ColdSources sources) => [.. Table.Skip((int)sources * Sources).Take(Sources)];

    /// <param name="options">The settings of the fit.</param>
    public void Save(Stream stream, ColdFactorsOptions options)
    {
        var file = new ModelFile(KindName, 0, 0, options.ToSettings());
        file.Add<double>("constants", [ArtistShrink, AlbumShrink, LengthPower, Scale, HeldOut]);
        file.Add<double>("table", [.. Table]);
        file.Add<double>("losses", [.. Losses]);
        file.Add<double>("regression", Regression is { } shape ? [shape.Width, shape.Noise] : [0, 0]);
        file.WriteTo(stream);
    }

    /// <exception cref="InvalidDataException">Not a file of such weights, or damaged.</exception>
    public static (ColdWeights Weights, ColdFactorsOptions Options) Load(Stream stream)
    {
        var file = ModelFile.ReadFrom(stream);
        if (file.Kind != KindName)
        {
            throw new InvalidDataException($"The file holds a model of kind '{file.Kind}'; '{KindName}' was expected.");
        }
        var constants = file.Get<double>("constants", 5);
        double[] shape = file.Has("regression") ? file.Get<double>("regression", 2) : [0, 0];   // files of older versions have none
        var weights = new ColdWeights(
            constants[0], constants[1], constants[2], constants[3], (int)constants[4], file.Get<double>("table", Sets * Sources), file.Get<double>("losses", Sets),
            shape[0] > 0 ? new(shape[0], shape[1]) : null);
        return (weights, ColdFactorsOptions.From(file.Settings));
    }
}
