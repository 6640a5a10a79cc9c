using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Tests.Sittings;

/// <summary>Training sets written down as sequences, one a user.</summary>
internal static class Sequences
{
    public static TrainingSet Of(int items, params int[][] sequences)
        => new(CsrMatrix.FromTriplets(sequences.Length, items,
            [.. sequences.SelectMany((sequence, user) => sequence.Select(item => (user, item, 1f)))]), sequences);
}
