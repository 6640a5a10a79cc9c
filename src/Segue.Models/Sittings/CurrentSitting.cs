using Segue.Features.Interactions;

namespace Segue.Models.Sittings;

/// <summary>The end of a history as a model of sittings sees it: its newest items, each once, and what each weighs.</summary>
/// <remarks>An item n places before the end of the m that are looked at weighs (1 − n/m)^p: p = 0 is the plain neighbors of sittings, 1 the linear and 2 the quadratic decay
/// of Ludewig and Jannach (UMUAI 2018). One place counts at most once, a refusal against its neighbors. Where the training data knew no time, neither does the
/// history: all its items weigh alike. Memory is kept for the next use.</remarks>
internal sealed class CurrentSitting
{
    private int[] _items = new int[16];
    private float[] _weights = new float[16];
    private int _count;

    /// <summary>Newest first.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

    /// <summary>In [-1, 1], one for each of <see cref="Items"/>.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, _count);

    /// <param name="recent">Places that are looked at, at least 1.</param>
    /// <param name="power">p, at least 0.</param>
    public void Take(UserHistory user, bool isOrdered, int recent, double power)
    {
        var taken = isOrdered ? Math.Min(recent, user.Items.Count) : user.Items.Count;
        if (_items.Length < taken)
        {
            (_items, _weights) = (new int[2 * taken], new float[2 * taken]);
        }
        _count = 0;
        for (var n = 0; n < taken; n++)
        {
            var place = user.Items.Count - 1 - n;
            var (item, strength) = (user.Items[place], user.Strengths[place]);
            if (!Items.Contains(item))
            {
                _items[_count] = item;
                _weights[_count++] = isOrdered ? Math.Clamp(strength, -1, 1) * (float)Math.Pow(1 - (double)n / taken, power) : Math.Sign(strength);
            }
        }
    }
}
