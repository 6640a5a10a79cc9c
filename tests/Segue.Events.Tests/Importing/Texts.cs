using System.Text;
using Segue.Events.Importing;

namespace Segue.Events.Tests.Importing;

/// <summary>Small files in memory.</summary>
internal static class Texts
{
    public static TextSource Of(string text, string name = "plays") => Of(Encoding.UTF8.GetBytes(text), name);

    public static TextSource Of(byte[] bytes, string name = "plays") => new(name, () => new MemoryStream(bytes));

    public static ImportTally Tally(string budget = "1000") => new(BadLineBudget.Parse(budget));

    /// <summary>The faults as a user sees them.</summary>
    public static IEnumerable<string> Faults(this ImportTally tally) => tally.Complete().Faults.Select(fault => fault.ToString());
}
