using Segue.Core;

namespace Segue.Events.Accounts;

internal static class AgeBands
{
    /// <summary>The band of one born on a day, judged on another. Who was born on 29 February turns a year older on 1 March in common
    /// years.</summary>
    /// <param name="born">Not after <paramref name="asOf"/>.</param>
    public static AgeBand Of(DateOnly born, DateOnly asOf)
    {
        var birthdayToCome = (asOf.Month, asOf.Day).CompareTo((born.Month, born.Day)) < 0;
        return (asOf.Year - born.Year - (birthdayToCome ? 1 : 0)) switch
        {
            < 18 => AgeBand.Under18,
            < 25 => AgeBand.From18To24,
            < 35 => AgeBand.From25To34,
            < 45 => AgeBand.From35To44,
            < 55 => AgeBand.From45To54,
            _ => AgeBand.From55,
        };
    }
}
