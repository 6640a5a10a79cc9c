using System.Runtime.InteropServices;

namespace Segue.Events.Importing;

/// <summary>Counts the lines of one import, over all its files, and holds them against the budget. Not thread-safe.</summary>
public sealed class ImportTally(BadLineBudget budget)
{
    /// <summary>Faults kept with their text; further ones are only counted.</summary>
    internal const int MaxFaultsKept = 1_000;

    private const int FaultsInMessage = 10;

    private readonly List<LineFault> _faults = [];
    private readonly Dictionary<string, long> _counters = [];
    private long _accepted;
    private long _bad;

    /// <summary>Adds to the counter <paramref name="name"/>, which begins at 0; adding 0 makes it appear in the report.</summary>
    public void Count(string name, long more = 1)
        => CollectionsMarshal.GetValueRefOrAddDefault(_counters, name, out _) += more;

    internal long BadLines => _bad;

    public void Accept() => _accepted++;

    /// <summary>Notes a bad line.</summary>
    /// <exception cref="ImportException">The budget is exceeded; a share is judged here only from 1,000 bad lines on.</exception>
    public void Bad(string file, long line, string reason)
    {
        _bad++;
        if (_faults.Count < MaxFaultsKept)
        {
            _faults.Add(new(file, line, reason));
        }
        if (!budget.IsShare || _bad >= MaxFaultsKept)
        {
            RequireBudget();
        }
    }

    /// <summary>Holds what was read so far against the budget; every reader of a single file calls it at the file's end.</summary>
    /// <exception cref="ImportException">There are more bad lines than allowed; the message lists the first ten.</exception>
    public void RequireBudget()
    {
        var read = _accepted + _bad;
        if (budget.Allows(_bad, read))
        {
            return;
        }
        var message = $"Too many bad lines: {_bad} of the {read} read so far; allowed: {budget}.";
        var shown = _faults.Take(FaultsInMessage).Select(fault => $"{Environment.NewLine}  {fault}");
        var more = _bad > FaultsInMessage ? $"{Environment.NewLine}  and {_bad - FaultsInMessage} more" : "";
        throw new ImportException(message + string.Concat(shown) + more, _faults);
    }

    /// <summary>Ends the import.</summary>
    /// <exception cref="ImportException">There are more bad lines than allowed.</exception>
    public ImportReport Complete()
    {
        RequireBudget();
        return new(_accepted + _bad, _accepted, _bad, _faults, _counters);
    }

    /// <summary>Moves on to the next line that can be decoded; notes those that cannot, and counts the empty ones.</summary>
    /// <returns>False at the end of the file.</returns>
    internal bool Next(LineReader lines)
    {
        while (lines.Read())
        {
            if (lines.Fault is { } fault)
            {
                Bad(lines.Name, lines.Line, fault);
            }
            else if (lines.Text.Trim(' ').IsEmpty)
            {
                Count(ImportReport.EmptyLines);
            }
            else
            {
                return true;
            }
        }
        return false;
    }
}
