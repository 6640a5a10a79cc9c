namespace Segue.Audio.Decoding.Workers;

/// <summary>A file that a C library has open, inside the worker.</summary>
internal interface IWorkerFile : ISampleSource, IDisposable;
