using System.Buffers.Binary;
using System.Text;

namespace Segue.Audio.Tests.Onnx;

/// <summary>Writes ONNX models of a few hundred bytes: the protocol buffers of onnx.proto, field by field.</summary>
internal static class TinyOnnx
{
    public const int Float = 1, Int64 = 7;

    /// <summary>A size of −1 is left open.</summary>
    public sealed record Value(string Name, int Type, params long[] Shape);

    /// <summary>mean over the frames of relu(x · weights), where x is [1 × frames × bands].</summary>
    public static byte[] MeanOfRelu(long frames, int bands, float[] weights) => Model(
        [new("x", Float, 1, frames, bands)], [new("y", Float, 1, weights.Length / bands)],
        Tensor("w", [bands, weights.Length / bands], weights),
        Node("MatMul", ["x", "w"], "a"), Node("Relu", ["a"], "b"), Node("ReduceMean", ["b"], "y", Ints("axes", 1), Int("keepdims", 0)));

    /// <summary>relu(x · weights), where x is [1 × samples].</summary>
    public static byte[] ReluOf(int samples, float[] weights) => Model(
        [new("x", Float, -1, samples)], [new("y", Float, -1, weights.Length / samples)],
        Tensor("w", [samples, weights.Length / samples], weights), Node("MatMul", ["x", "w"], "a"), Node("Relu", ["a"], "y"));

    /// <summary>1 ÷ the mean of any number of samples.</summary>
    public static byte[] InverseOfMean() => Model(
        [new("x", Float, 1, -1)], [new("y", Float, 1, 1)], Tensor("unused", [1], [0]),
        Node("ReduceMean", ["x"], "a", Ints("axes", 1), Int("keepdims", 1)), Node("Reciprocal", ["a"], "y"));

    /// <summary>Gives what it takes.</summary>
    public static byte[] Identity(int type, params long[] shape)
        => Model([new("x", type, shape)], [new("y", type, shape)], Tensor("unused", [1], [0]), Node("Identity", ["x"], "y"));

    /// <summary>The sum of two inputs.</summary>
    public static byte[] Sum(params long[] shape) => Model(
        [new("x", Float, shape), new("z", Float, shape)], [new("y", Float, shape)], Tensor("unused", [1], [0]), Node("Add", ["x", "z"], "y"));

    private static byte[] Model(Value[] inputs, Value[] outputs, byte[] initializer, params byte[][] nodes)
    {
        byte[] graph =
        [
            .. nodes.SelectMany(node => Bytes(1, node)), .. Text(2, "tiny"), .. Bytes(5, initializer),
            .. inputs.SelectMany(value => Bytes(11, Describe(value))), .. outputs.SelectMany(value => Bytes(12, Describe(value))),
        ];
        return [.. Number(1, 8), .. Bytes(7, graph), .. Bytes(8, [.. Text(1, ""), .. Number(2, 13)])];
    }

    private static byte[] Describe(Value value)
    {
        byte[] shape = [.. value.Shape.SelectMany((size, place) => Bytes(1, size < 0 ? Text(2, $"{value.Name}{place}") : Number(1, size)))];
        return [.. Text(1, value.Name), .. Bytes(2, Bytes(1, [.. Number(1, value.Type), .. Bytes(2, shape)]))];
    }

    private static byte[] Tensor(string name, long[] shape, float[] values)
    {
        var raw = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(4 * i), values[i]);
        }
        return [.. shape.SelectMany(size => Number(1, size)), .. Number(2, Float), .. Text(8, name), .. Bytes(9, raw)];
    }

    private static byte[] Node(string kind, string[] inputs, string output, params byte[][] attributes)
        => [.. inputs.SelectMany(input => Text(1, input)), .. Text(2, output), .. Text(4, kind), .. attributes.SelectMany(attribute => Bytes(5, attribute))];

    private static byte[] Int(string name, long value) => [.. Text(1, name), .. Number(3, value), .. Number(20, 2)];

    private static byte[] Ints(string name, params long[] values) => [.. Text(1, name), .. values.SelectMany(value => Number(8, value)), .. Number(20, 7)];

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] content) => [.. Varint((ulong)field << 3 | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }
        return [.. bytes, (byte)value];
    }
}
