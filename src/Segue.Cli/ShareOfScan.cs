using Segue.Server.Music;

namespace Segue.Cli;

/// <summary>Shows a scan as the share of its files that is done.</summary>
internal sealed class ShareOfScan(IProgress<double> bar) : IProgress<ScanProgress>
{
    public void Report(ScanProgress value) => bar.Report(value.Share);
}
