using Segue.Core;
using Segue.Numerics;

namespace Segue.Retrieval.People;

/// <summary>The people whom a listener is like by what an account tells: a country, a band of age, a gender. None of it need be known.</summary>
public readonly record struct PeopleGroup(string? Country, AgeBand Age, Gender Gender)
{
    /// <summary>Everybody: nothing is known.</summary>
    public static PeopleGroup World => default;

    public static PeopleGroup Of(ListenerProfile? profile)
        => profile is null ? World : new(profile.Region?.Country, profile.AgeBand, profile.Gender);

    /// <summary>The groups of which this one is the meeting, each by one thing that is known.</summary>
    internal IEnumerable<PeopleGroup> Sides()
    {
        if (Country is not null)
        {
            yield return new(Country, AgeBand.Unknown, Gender.Unknown);
        }
        if (Age != AgeBand.Unknown)
        {
            yield return new(null, Age, Gender.Unknown);
        }
        if (Gender != Gender.Unknown)
        {
            yield return new(null, AgeBand.Unknown, Gender);
        }
    }

    /// <summary>Whether somebody of the other group belongs to this one.</summary>
    internal bool Has(PeopleGroup other)
        => (Country is null || Country == other.Country)
            && (Age == AgeBand.Unknown || Age == other.Age)
            && (Gender == Gender.Unknown || Gender == other.Gender);
}

/// <summary>What a group of people likes.</summary>
/// <param name="Tracks">Rows of the catalogue with the share of the group that likes each, in (0, 1], largest first.</param>
/// <param name="Taste">Factors that stand for one of the group of whom nothing else is known, length d.</param>
public sealed record PeopleTaste(IReadOnlyList<ScoredItem> Tracks, float[] Taste)
{
    /// <summary>Nothing is known of the listener: the factors are the mean of everybody's, and no track is named, for the popular ones are at hand.</summary>
    public bool IsEverybody { get; init; }
}
