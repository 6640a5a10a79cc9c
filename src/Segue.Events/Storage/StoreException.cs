namespace Segue.Events.Storage;

/// <summary>A store is absent, damaged or of a newer version, or something may not be written to it.</summary>
/// <remarks>The message is meant for the one who runs Segue, and stands alone.</remarks>
public sealed class StoreException : Exception
{
    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
