using System.Globalization;

namespace Segue.Evaluation.Lab;

/// <summary>A calibration as a table of plain text.</summary>
public static class LabReport
{
    /// <summary>A heading and a line for each figure: name, the world's value, the published one ("-" when none), source.</summary>
    public static IEnumerable<string> Lines(LabCalibration calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return calibration.Figures
            .Select(figure => Line(figure.Name, Number(figure.World), figure.Published ?? "-", figure.Source))
            .Prepend(Line("figure", "world", "published", "source"));
    }

    private static string Line(string figure, string world, string published, string source)
        => $"{figure,-34}{world,8}  {published,9}  {source}";

    /// <summary>Lengths are whole numbers of at least 1; everything else is a share.</summary>
    private static string Number(double value) => value.ToString(value >= 1 ? "0" : "0.000", CultureInfo.InvariantCulture);
}
