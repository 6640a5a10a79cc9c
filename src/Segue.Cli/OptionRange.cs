using System.CommandLine;

namespace Segue.Cli;

/// <summary>Whole numbers of a command line, held to their range.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentException">The value is below 1 or above <paramref name="most"/>.</exception>
    public static int Require(this ParseResult line, Option<int> option, int most)
        => line.GetValue(option) is var value && value >= 1 && value <= most
            ? value
            : throw new ArgumentException($"{option.Name} is {value}; allowed are 1 to {most}.");
}
