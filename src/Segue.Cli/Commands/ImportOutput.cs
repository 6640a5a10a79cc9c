using System.Text;
using System.Text.Json;
using Segue.Events.Importing;
using Segue.Events.Storage;

namespace Segue.Cli.Commands;

/// <summary>How an import tells what it did.</summary>
internal sealed record ImportOutput(string Store, StoreManifest Manifest, ImportReport Report, TimeSpan Elapsed)
{
    private const int FaultsShown = 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Names the lines that were left out.</summary>
    public static void WriteFaults(ImportReport report, TextWriter error)
    {
        foreach (var fault in report.Faults.Take(FaultsShown))
        {
            error.WriteLine(fault);
        }
        if (report.BadLines > FaultsShown)
        {
            error.WriteLine($"and {report.BadLines - FaultsShown} more bad lines");
        }
    }

    /// <summary>Tells of an import that adds rows to a store.</summary>
    public static void WriteRows(ImportReport report, string store, TextWriter output)
    {
        output.WriteLine($"Imported {report.Accepted:N0} of {report.LinesRead:N0} rows into {store}.");
        foreach (var (name, count) in report.Counters)
        {
            output.WriteLine($"  {count,12:N0}  {InWords(name)}");
        }
    }

    public void Write(TextWriter output, bool asJson)
    {
        if (asJson)
        {
            output.WriteLine(ToJson());
            return;
        }
        output.WriteLine($"Imported {Manifest.Source} into {Store} in {Elapsed.TotalSeconds:0.0} s.");
        foreach (var (name, count) in Counts().Concat(Report.Counters.Select(counter => (InWords(counter.Key), counter.Value))))
        {
            output.WriteLine($"  {count,12:N0}  {name}");
        }
    }

    private string ToJson() => JsonSerializer.Serialize(
        new
        {
            Store,
            Manifest.Source,
            Seconds = Math.Round(Elapsed.TotalSeconds, 3),
            Manifest.Tracks,
            Manifest.Listeners,
            Manifest.Interactions,
            Manifest.ItemsWithoutCatalogueEntry,
            Manifest.UsersWithoutProfile,
            Report.LinesRead,
            Report.Accepted,
            Report.BadLines,
            Report.Faults,
            Report.Counters,
        },
        Json);

    private IEnumerable<(string Name, long Count)> Counts() =>
    [
        ("tracks in the store", Manifest.Tracks),
        ("listeners in the store", Manifest.Listeners),
        ("interactions in the store", Manifest.Interactions),
        ("items without catalogue entry", Manifest.ItemsWithoutCatalogueEntry),
        ("users without profile", Manifest.UsersWithoutProfile),
        ("lines read", Report.LinesRead),
        ("lines accepted", Report.Accepted),
        ("bad lines left out", Report.BadLines),
    ];

    private static string InWords(string camelCase)
    {
        var words = new StringBuilder();
        foreach (var letter in camelCase)
        {
            _ = char.IsUpper(letter) ? words.Append(' ').Append(char.ToLowerInvariant(letter)) : words.Append(letter);
        }
        return words.ToString();
    }
}
