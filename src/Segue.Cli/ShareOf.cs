namespace Segue.Cli;

/// <summary>Turns a count into the share of a total.</summary>
internal sealed class ShareOf(long total, IProgress<double> progress) : IProgress<long>
{
    public void Report(long value) => progress.Report(value / (double)Math.Max(total, 1));
}
