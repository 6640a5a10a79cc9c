using System.Globalization;
using Segue.Core;
using Segue.Numerics;

namespace Segue.Models;

/// <summary>One number that a model may be set to: its default, its range and how a search draws it.</summary>
/// <param name="Scale">How a search spreads its draws over [<paramref name="SearchLow"/>, <paramref name="SearchHigh"/>].</param>
/// <param name="Help">One line for a person, with the unit.</param>
public sealed record Setting(
    string Name, double Default, double Min, double Max, double SearchLow, double SearchHigh, SettingScale Scale, string Help)
{
    /// <summary>The action that the setting concerns: without it in the data, a search leaves the default. Null: it concerns all.</summary>
    public InteractionAction? Action { get; init; }

    /// <summary>Whether it means something only where time is known.</summary>
    public bool NeedsTime { get; init; }

    /// <summary>Draws a value for a parameter search.</summary>
    public double Draw(ref SeededRandom random) => At(random.NextDouble());

    /// <summary>Draws a value near another: normal, with a deviation of a seventh of the scale that is searched.</summary>
    public double DrawNear(double value, ref SeededRandom random)
    {
        var step = random.NextNormal() / 7;
        return At(Math.Clamp(UnitOf(value) + step, 0, Math.BitDecrement(1)));
    }

    // The value at a place of the searched scale, in [0, 1).
    private double At(double unit) => Scale switch
    {
        SettingScale.Logarithmic => SearchLow * Math.Pow(SearchHigh / SearchLow, unit),
        SettingScale.Linear => SearchLow + (SearchHigh - SearchLow) * unit,
        SettingScale.Whole => Math.Floor(SearchLow + (SearchHigh - SearchLow + 1) * unit),
        SettingScale.PowerOfTwo => Math.Pow(2, Math.Round(Math.Log2(SearchLow) + Math.Log2(SearchHigh / SearchLow) * unit)),
        _ => Default,
    };

    private double UnitOf(double value) => Math.Clamp(
        Scale switch
        {
            SettingScale.Logarithmic or SettingScale.PowerOfTwo => value <= 0 ? 1 : Math.Log(value / SearchLow) / Math.Log(SearchHigh / SearchLow),
            SettingScale.Linear => (value - SearchLow) / (SearchHigh - SearchLow),
            SettingScale.Whole => (value - SearchLow + 0.5) / (SearchHigh - SearchLow + 1),
            _ => 0,
        },
        0, 1);

    /// <exception cref="ArgumentException">The value lies outside the range or should be whole; the message names all three.</exception>
    public double Require(double value)
    {
        var whole = Scale is SettingScale.Whole or SettingScale.PowerOfTwo;
        return value >= Min && value <= Max && (!whole || value == Math.Floor(value))
            ? value
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{Name}={value} is not allowed: give {(whole ? "a whole number" : "a number")} from {Min} to {Max}."));
    }
}

public enum SettingScale
{
    Linear,
    Logarithmic,
    Whole,
    PowerOfTwo,

    /// <summary>Never varied by a search.</summary>
    Fixed,
}

/// <summary>Values for all settings of one kind of model, each inside its range.</summary>
public sealed class SettingValues
{
    private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);

    /// <param name="given">Values that differ from the defaults.</param>
    /// <exception cref="ArgumentException">A name is unknown or a value out of range.</exception>
    public SettingValues(IReadOnlyList<Setting> schema, IReadOnlyDictionary<string, double> given)
    {
        foreach (var setting in schema)
        {
            _values[setting.Name] = setting.Default;
        }
        foreach (var (name, value) in given)
        {
            var setting = schema.FirstOrDefault(s => s.Name == name) ?? throw new ArgumentException(
                schema.Count == 0
                    ? $"'{name}' is not a setting: this model has none."
                    : $"'{name}' is not a setting of this model; it knows {string.Join(", ", schema.Select(s => s.Name))}.");
            _values[name] = setting.Require(value);
        }
    }

    public double this[string name] => _values[name];
    public IReadOnlyDictionary<string, double> All => _values;
}
