namespace Segue.Audio.Spectra;

/// <summary>One frame at a time: the plain twin of the wider lanes.</summary>
internal readonly unsafe struct OneLane(float value) : ILanes<OneLane>
{
    private readonly float _value = value;

    public static int Width => 1;

    public static OneLane Load(float* from) => new(*from);

    public void Store(float* to) => *to = _value;

    public static OneLane Of(float value) => new(value);

    public static OneLane operator +(OneLane a, OneLane b) => new(a._value + b._value);

    public static OneLane operator -(OneLane a, OneLane b) => new(a._value - b._value);

    public static OneLane operator *(OneLane a, OneLane b) => new(a._value * b._value);

    public static OneLane MultiplyAdd(OneLane a, OneLane b, OneLane c) => new(MathF.FusedMultiplyAdd(a._value, b._value, c._value));

    public static OneLane MultiplySubtract(OneLane a, OneLane b, OneLane c) => new(MathF.FusedMultiplyAdd(-a._value, b._value, c._value));

    public static OneLane Max(OneLane a, OneLane b) => a._value > b._value ? a : b;

    public static OneLane Sqrt(OneLane a) => new(MathF.Sqrt(a._value));

    public static OneLane IsLess(OneLane a, OneLane b) => new(a._value < b._value ? 1 : 0);

    public static OneLane Split(OneLane a, out OneLane exponent)
    {
        var bits = BitConverter.SingleToInt32Bits(a._value);
        var power = (bits - LogarithmTerms.RootOfHalf) >> 23;
        exponent = new(power);
        return new(BitConverter.Int32BitsToSingle(bits - (power << 23)));
    }

    public static void LoadColumns(float** rows, nint at, out OneLane a, out OneLane b, out OneLane c, out OneLane d)
    {
        var row = rows[0] + at;
        (a, b, c, d) = (new(row[0]), new(row[1]), new(row[2]), new(row[3]));
    }

    public static void StoreColumns(OneLane a, OneLane b, OneLane c, OneLane d, float* to, nint stride, int count)
        => (to[0], to[1], to[2], to[3]) = (a._value, b._value, c._value, d._value);
}
