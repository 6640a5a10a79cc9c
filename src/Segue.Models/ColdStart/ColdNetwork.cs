using System.Globalization;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Core;
using Segue.Numerics;

namespace Segue.Models.ColdStart;

/// <summary>What is known of networks that predict factors.</summary>
/// <param name="Data">Hash of what they learnt from: tracks, spectra and factors.</param>
/// <param name="Tracks">Tracks that the first of them learnt from.</param>
/// <param name="Steps">Steps of each, those of the networks that they went on from included.</param>
/// <param name="LossBefore">Mean of 1 − cosine between prediction and factors on what was learnt, before the training, whatever loss was minimized.</param>
/// <param name="LossAfter">The same after it.</param>
/// <param name="HeldOutCosine">Mean cosine on tracks of artists that the network asked did not learn from.</param>
/// <param name="WeightShare">Share of the network among the weights that place a track of which artist, album, sound and network tell, in [0, 1].</param>
public sealed record ColdNetworkCard(
    ulong Data, int Tracks, int Steps, double LossBefore, double LossAfter, double HeldOutCosine, double WeightShare);

/// <summary>Networks that predict a track's factors from its spectra: one that learnt from all tracks which enough have heard, for tracks that it never met, and one for each part of the
/// artists that learnt from the others alone. What these say of tracks that were heard tells how far such predictions can be trusted.</summary>
/// <remarks>Parts follow from the artist's id, so a later training may go on from the networks of an earlier one. Thread-safe.</remarks>
public sealed class ColdNetwork
{
    public const string KindName = "factor-network";

    /// <summary>Parts of the artists.</summary>
    public const int Parts = 2;

    private readonly ModelFile? _file;   // mapped: networks are made of it when somebody asks
    private readonly Lazy<FactorNetwork>[] _networks;
    private readonly float _length;

    /// <param name="networks">The one of all tracks, then one for each part, all of one shape. Nobody may train them any more.</param>
    /// <param name="objective">What they learnt.</param>
    /// <param name="scale">What they see windows by.</param>
    /// <param name="length">What brings an output to the length of factors: <see cref="FactorObjective.ScaleOf"/>.</param>
    public ColdNetwork(IReadOnlyList<FactorNetwork> networks, FactorObjective objective, SpectrumScale scale, float length, ColdNetworkCard card)
        : this([.. networks.Select(network => new Lazy<FactorNetwork>(network))], networks[0].Options, objective, scale, length, card, file: null)
    {
    }

    private ColdNetwork(
        Lazy<FactorNetwork>[] networks, FactorNetworkOptions options, FactorObjective objective, SpectrumScale scale, float length, ColdNetworkCard card, ModelFile? file)
    {
        Shape.RequireSame(Parts + 1, networks.Length);
        (_networks, Options, Objective, Scale, _length, Card, _file) = (networks, options, objective, scale, length, card, file);
    }

    /// <summary>The shape of each.</summary>
    public FactorNetworkOptions Options { get; }
    public FactorObjective Objective { get; }
    public SpectrumScale Scale { get; }
    public ColdNetworkCard Card { get; }

    /// <summary>The network of all tracks, then that of each part.</summary>
    public FactorNetwork this[int network] => _networks[network].Value;

    /// <summary>Steps that networks take where nothing else is asked for: eight crops of each track, and no fewer than 2,000.</summary>
    public static int StepsFor(int tracks) => Math.Max(2000, 8 * tracks / new CropTrainingOptions().Batch);

    /// <summary>The part that an artist's tracks are in, from 0.</summary>
    public static int PartOf(ArtistId artist) => (int)(SeededRandom.Hash(artist.Value) % Parts);

    /// <summary>What a network says of a track.</summary>
    /// <param name="learntFrom">The track may have been learnt from: then the network of its artist's part is asked.</param>
    /// <param name="spectra">As in <see cref="Audio.TrackFeatures.Spectra"/>; at least one window.</param>
    /// <param name="factors">Receives it, d values.</param>
    public void Predict(ArtistId artist, bool learntFrom, ReadOnlySpan<byte> spectra, Span<float> factors)
    {
        FactorPrediction.Of(this[learntFrom ? 1 + PartOf(artist) : 0], Scale, spectra, factors);
        for (var f = 0; f < factors.Length; f++)
        {
            factors[f] *= _length;
        }
    }

    /// <summary>The same with its share of the weights.</summary>
    public ColdNetwork Weighed(double share) => new(_networks, Options, Objective, Scale, _length, Card with { WeightShare = share }, _file);

    public void Save(Stream stream)
    {
        var file = new ModelFile(KindName, users: 0, items: Card.Tracks, new Dictionary<string, double>
        {
            ["steps"] = Card.Steps, ["lossBefore"] = Card.LossBefore, ["lossAfter"] = Card.LossAfter, ["heldOutCosine"] = Card.HeldOutCosine,
            ["weightShare"] = Card.WeightShare, ["objective"] = FactorObjective.All.ToList().IndexOf(Objective),
        });
        file.Add<ulong>("data", [Card.Data]);
        file.Add<int>("shape", [.. Options.Channels, Options.Hidden, Options.Outputs]);
        file.Add("bandMeans", Scale.Means);
        file.Add<float>("constants", [Scale.Deviation, _length]);
        for (var n = 0; n < _networks.Length; n++)
        {
            foreach (var (name, values) in this[n].State.Weights)
            {
                file.Add(NameOf(n, name), values);
            }
        }
        file.WriteTo(stream);
        GC.KeepAlive(_file);
    }

    /// <summary>Networks of a file, which are made of it when they are asked first.</summary>
    /// <exception cref="InvalidDataException">Not such a file, of another form, or damaged where it was read.</exception>
    public static ColdNetwork Open(ModelFile file)
    {
        if (file.Kind != KindName)
        {
            throw new InvalidDataException($"The file holds a model of kind '{file.Kind}'; '{KindName}' was expected.");
        }
        var (shape, constants) = (file.Get<int>("shape", 6), file.Get<float>("constants", 2));
        double Setting(string name) => file.Settings.TryGetValue(name, out var value) ? value : throw new InvalidDataException($"The model lacks its '{name}'.");
        var objective = FactorObjective.All.ElementAtOrDefault((int)Setting("objective")) ?? throw new InvalidDataException("The model learnt something that this program does not know.");
        var options = new FactorNetworkOptions { Channels = shape[..4], Hidden = shape[4], Outputs = shape[5], Loss = objective.Loss };
        var card = new ColdNetworkCard(
            file.Get<ulong>("data", 1)[0], file.Items, (int)Setting("steps"), Setting("lossBefore"), Setting("lossAfter"), Setting("heldOutCosine"), Setting("weightShare"));
        return new(
            [.. Enumerable.Range(0, Parts + 1).Select(n => new Lazy<FactorNetwork>(() => Read(file, n, options)))], options, objective,
            new(file.Get<float>("bandMeans", Audio.TrackFeatures.Bands), constants[0]), constants[1], card, file);
    }

    private static FactorNetwork Read(ModelFile file, int n, FactorNetworkOptions options)
    {
        var network = new FactorNetwork(options, seed: 0);
        network.State.Restore([.. network.State.Weights.Select(part => (part.Name, file.Get<float>(NameOf(n, part.Name), part.Values.Length)))]);
        return network;
    }

    private static string NameOf(int network, string part) => string.Create(CultureInfo.InvariantCulture, $"{network}.{part}");
}
