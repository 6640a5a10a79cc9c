namespace Segue.Numerics;

/// <summary>Finds what stands at a place of an order without making the order.</summary>
public static class Selection
{
    /// <summary>The n-th smallest value, from 0; moves values about. O(length) as a rule (Hoare, "Algorithm 65: find", 1961).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    public static uint Nth(Span<uint> values, int n)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)n, (uint)values.Length, nameof(n));
        var (low, high) = (0, values.Length - 1);
        while (low < high)
        {
            var pivot = values[(int)((uint)(low + high) / 2)];
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (values[left] < pivot)
                {
                    left++;
                }
                while (values[right] > pivot)
                {
                    right--;
                }
                if (left <= right)
                {
                    (values[left], values[right]) = (values[right], values[left]);
                    left++;
                    right--;
                }
            }
            (low, high) = n <= right ? (low, right) : n >= left ? (left, high) : (n, n);
        }
        return values[n];
    }
}
