namespace Segue.Events.Log;

/// <summary>The lock of the operating system on a log's folder: it goes with its process, however that ends.</summary>
internal sealed class LogLock : IDisposable
{
    private readonly FileStream _file;

    /// <exception cref="LogInUseException">Someone else holds it.</exception>
    public LogLock(string folder)
    {
        var path = Path.Combine(folder, "lock");
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (File.Exists(path))
        {
            throw new LogInUseException(folder, taken);
        }
    }

    public void Dispose() => _file.Dispose();
}
