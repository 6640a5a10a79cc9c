using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Models.Popularity;

/// <summary>By how much the odds that an item is heard to its end lie above those of its listeners' other plays, as a logarithm.</summary>
/// <remarks>
/// One step of Newton's method for a logistic regression with an effect of each item, drawn to 0, and the listener's own share of plays heard as a given: of item t, with n plays of listener u, h of them heard (a skip counts
/// by the share that was not heard), a_t = Σ_u w (h − n p_u) ÷ (Σ_u w n p_u (1 − p_u) + <see cref="Prior"/>), where p_u is the listener's share, drawn to the mean of all listeners' shares. Plays beyond <see cref="MostOfOne"/> of a
/// listener and an item count no more (w = <see cref="MostOfOne"/> ÷ n), and who skips nothing moves nothing: one account that plays a track over and over is not heard. O(actions).
/// </remarks>
internal static class Appeal
{
    /// <summary>Information, as of some fifty plays, that stands against every item's own. Chosen in the listener lab, as <see cref="MostOfOne"/>.</summary>
    public const double Prior = 10;

    /// <summary>Plays of an item by one listener that count.</summary>
    public const double MostOfOne = 10;

    // So many plays as the mean listener makes them stand beside a listener's own.
    private const double UsualPlays = 5;

    /// <returns>By item; 0 where nobody played one, and everywhere where nothing was skipped.</returns>
    public static float[] Of(TrainingSet data)
    {
        var (score, information) = (new double[data.Items], new double[data.Items]);
        var share = MeanShare(data);
        for (var user = 0; user < data.Users; user++)
        {
            var (heard, skipped) = SumOf(data.Actions.Row(user));
            var usual = (heard + UsualPlays * share) / (heard + skipped + UsualPlays);
            var row = data.Actions.Row(user);
            for (var n = 0; n < row.Length;)
            {
                var (item, own, ownSkipped) = (row[n].Item, 0.0, 0.0);
                for (; n < row.Length && row[n].Item == item; n++)
                {
                    own += HeardOf(row[n]);
                    ownSkipped += SkippedOf(row[n]);
                }
                var plays = own + ownSkipped;
                var weight = plays > MostOfOne ? MostOfOne / plays : 1;
                score[item] += weight * (own - plays * usual);
                information[item] += weight * plays * usual * (1 - usual);
            }
        }
        return [.. score.Select((sum, item) => (float)(sum / (information[item] + Prior)))];
    }

    private static double MeanShare(TrainingSet data)
    {
        var (sum, listeners) = (0.0, 0);
        for (var user = 0; user < data.Users; user++)
        {
            var (heard, skipped) = SumOf(data.Actions.Row(user));
            if (heard + skipped > 0)
            {
                (sum, listeners) = (sum + heard / (heard + skipped), listeners + 1);
            }
        }
        return listeners > 0 ? sum / listeners : 1;
    }

    private static (double Heard, double Skipped) SumOf(ReadOnlySpan<PairAction> actions)
    {
        var (heard, skipped) = (0.0, 0.0);
        foreach (var action in actions)
        {
            (heard, skipped) = (heard + HeardOf(action), skipped + SkippedOf(action));
        }
        return (heard, skipped);
    }

    private static double HeardOf(in PairAction action) => action.Action == InteractionAction.Listen ? action.Amount : 0;

    private static double SkippedOf(in PairAction action) => action.Action == InteractionAction.Skip ? action.Amount : 0;
}
