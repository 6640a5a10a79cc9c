namespace Segue.Audio.Onnx;

/// <summary>A model cannot be used, or refused to run; the message says which and why.</summary>
public sealed class OnnxException(string message) : Exception(message);

/// <summary>The native library of ONNX Runtime is not on this machine, or does not load; the message says how to get it.</summary>
public sealed class OnnxMissingException(string message) : Exception(message);
