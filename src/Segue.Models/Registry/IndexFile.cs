using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Models.Registry;

/// <summary>An index over item factors as a file, so that nobody who serves the factors has to make it.</summary>
internal static class IndexFile
{
    public const string Kind = "item-index";

    /// <summary>Fewer items than these are indexed faster than a file is looked for.</summary>
    public const int FewestItems = 4_096;

    public static void Write(DenseMatrix items, Stream stream)
    {
        var parts = new ByteIndex(items, Workers.Default).Parts;
        var file = new ModelFile(Kind, 0, items.Rows, new Dictionary<string, double> { ["factors"] = items.Columns });
        file.Add("order", parts.Order);
        file.Add("blockNorms", parts.BlockNorms);
        file.Add("blockErrors", parts.BlockErrors);
        if (parts.Axes is { } axes)
        {
            file.Add("axes", axes);
        }
        file.Add("codes", parts.Codes);
        file.Add("scales", parts.Scales);
        file.Add("rests", parts.Rests);
        file.WriteTo(stream);
    }

    /// <summary>The index in place.</summary>
    /// <param name="items">The factors that it was made of.</param>
    /// <exception cref="InvalidDataException">The file holds no index of factors of this shape.</exception>
    public static ByteIndex Open(ModelFile file, DenseMatrix items)
    {
        if (file.Kind != Kind)
        {
            throw new InvalidDataException($"The file holds a model of the kind '{file.Kind}'.");
        }
        try
        {
            return new(items, new ByteIndexParts(
                file.Get<int>("order"), file.Get<float>("blockNorms"), file.Get<float>("blockErrors"), file.Has("axes") ? file.Get<double>("axes") : null,
                file.GetStretch("codes"), file.GetStretch("scales"), file.GetStretch("rests")));
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }
}
