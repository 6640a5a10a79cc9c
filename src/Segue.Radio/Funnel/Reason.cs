using System.Globalization;
using Segue.Core;

namespace Segue.Radio.Funnel;

/// <summary>What a track of the listener's own is to the sitting.</summary>
public enum CauseKind
{
    /// <summary>Heard to its end, voted up or added in this sitting.</summary>
    Kept,

    /// <summary>Left or voted down in this sitting: it speaks for what is unlike it.</summary>
    Skipped,

    /// <summary>The sitting began with it.</summary>
    Asked,

    /// <summary>Played before this sitting.</summary>
    Played,
}

/// <summary>A track of the listener's own that speaks for a recommendation.</summary>
/// <param name="Share">What it adds ÷ all that speaks for the recommendation, in (0, 1].</param>
/// <param name="IsDecisive">Without it the recommendation's hand-weighted score would lie below that of a track that was left out.</param>
public sealed record Cause(Track Track, CauseKind Kind, float Share, bool IsDecisive);

/// <summary>Why a track stands where it does.</summary>
/// <param name="Source">The part of the score that counts most: session, genre, artist, co-listen, taste, people-like-you, playlist, trending, popular, appeal or explore; repeat for a track that comes again.</param>
/// <param name="Text">One sentence for the listener.</param>
/// <param name="Share">That part ÷ the sum of all positive parts, in (0, 1]; 0 when no part is positive.</param>
/// <param name="Causes">Tracks of the listener's own that add most, the strongest first; at most three.</param>
public sealed record Reason(string Source, string Text, float Share, IReadOnlyList<Cause> Causes)
{
    /// <summary>A reason in which no track of the listener's own has a part.</summary>
    public static Reason Of(string source, string text, float share) => new(source, text, share, []);

    internal static string Percent(float share) => share.ToString("P0", CultureInfo.InvariantCulture);
}
