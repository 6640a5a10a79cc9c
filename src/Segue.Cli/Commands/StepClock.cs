using System.Globalization;

namespace Segue.Cli.Commands;

/// <summary>Tells a waiting person which step runs, and how long each took.</summary>
internal sealed class StepClock(TimeProvider time, TextWriter output)
{
    private readonly long _begun = time.GetTimestamp();

    public T Run<T>(string step, Func<T> work)
    {
        output.Write($"{step} ... ");
        output.Flush();
        var begun = time.GetTimestamp();
        var outcome = "not finished";
        try
        {
            var result = work();
            outcome = Seconds(begun);
            return result;
        }
        finally
        {
            output.WriteLine(outcome);
        }
    }

    /// <summary>Tells the time since this clock was made.</summary>
    public Task TellTotalAsync(string what) => output.WriteLineAsync($"{what} after {Seconds(_begun)}.");

    private string Seconds(long since) => string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(since).TotalSeconds:F1} s");
}
