namespace Segue.Audio.Processes;

/// <summary>A program that is needed is not on the PATH.</summary>
public sealed class ProgramMissingException(string message) : Exception(message);
