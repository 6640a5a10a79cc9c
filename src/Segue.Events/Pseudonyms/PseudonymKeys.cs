using System.Security.Cryptography;
using Segue.Events.Files;
using Segue.Events.Storage;

namespace Segue.Events.Pseudonyms;

/// <summary>The file that holds the keys of the pseudonyms. Whoever has it can find a listener's rows from the account id; without it
/// nobody can, so it is to be backed up apart from the data.</summary>
/// <remarks>
/// A rotation has two phases, so that a crash between key file and stores loses nothing: <see cref="BeginRotation"/> writes the new key as
/// pending; every store then maps its pseudonyms, each in one transaction that also notes the new generation;
/// <see cref="PseudonymRotation.Complete"/> makes the key one of the chain. After a crash the same steps are taken again: the pending key is found again, and a store whose noted
/// generation is the new one is left alone. While a rotation is pending no pseudonym is made. Keys appear in no message.
/// </remarks>
public sealed class PseudonymKeys
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly PseudonymKeyFile _content;

    private PseudonymKeys(string path, PseudonymKeyFile content) => (_path, _content) = (path, content);

    /// <summary>How many keys the chain has, at least 1. Stores note it beside their pseudonyms.</summary>
    public int Generation => _content.Keys.Count;

    /// <summary>Whether a rotation was begun and not completed.</summary>
    public bool RotationPending => _content.Pending is not null;

    /// <summary>Reads the file.</summary>
    /// <exception cref="StoreException">There is no such file, it is damaged or of a newer version, or others than its owner may read it.</exception>
    public static PseudonymKeys Load(string path)
        => File.Exists(path) ? new(path, Read(path)) : throw new StoreException($"There is no key file at {path}.");

    /// <summary>Reads the file, or makes one with a fresh key. Processes that do so at once get the same key.</summary>
    /// <exception cref="StoreException">The file is damaged or of a newer version, or others than its owner may read it.</exception>
    public static PseudonymKeys LoadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            Create(path);
        }
        return Load(path);
    }

    /// <param name="isPseudonym">Whether an id is kept as it is: one of an imported data set.</param>
    /// <exception cref="StoreException">A rotation is pending: pseudonyms made now would be of the wrong generation.</exception>
    public Pseudonymizer CreatePseudonymizer(Func<string, bool>? isPseudonym = null)
        => RotationPending
            ? throw new StoreException($"A rotation of the keys in {_path} was begun and not completed; complete it first.")
            : new(_content.Keys, isPseudonym);

    /// <summary>Begins a rotation, or takes up the one that is pending. Nothing may write pseudonyms until it is completed.</summary>
    /// <param name="isPseudonym">As in <see cref="CreatePseudonymizer"/>: such ids are left as they are.</param>
    /// <exception cref="StoreException">Another process is rotating; or as <see cref="Load"/>.</exception>
    public static PseudonymRotation BeginRotation(string path, Func<string, bool>? isPseudonym = null)
    {
        var alone = Lock(path);
        try
        {
            var content = Load(path)._content;
            if (content.Pending is null)
            {
                content = content with { Pending = RandomNumberGenerator.GetBytes(PseudonymKeyFile.KeyBytes) };
                Replace(path, content);
            }
            return new(content, isPseudonym ?? (_ => false), completed => Replace(path, completed), alone);
        }
        catch
        {
            alone.Dispose();
            throw;
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException taken)
        {
            throw new StoreException($"Another process is rotating the keys in {path}.", taken);
        }
    }

    private static PseudonymKeyFile Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) is not UnixFileMode.None)
        {
            throw new StoreException(
                $"{path} may be used by others than its owner, and its keys would turn pseudonyms into persons again. "
                + "If nobody took them: chmod 600 it.");
        }
        return PseudonymKeyFile.Parse(File.ReadAllBytes(path), path);
    }

    private static void Create(string path)
    {
        var draft = $"{path}.{Guid.NewGuid():N}.draft";
        try
        {
            WriteDraft(draft, new(PseudonymKeyFile.CurrentVersion, [RandomNumberGenerator.GetBytes(PseudonymKeyFile.KeyBytes)], null));
            File.Move(draft, path, overwrite: false);   // a link where the system has them: one of several wins, and none overwrites another
            DurableFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster: its key is the one.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Replace(string path, PseudonymKeyFile content)
    {
        var draft = path + ".draft";
        File.Delete(draft);   // one left by a crash would keep its own mode
        WriteDraft(draft, content);
        DurableFile.SyncAndPublish(draft, path);
    }

    private static void WriteDraft(string draft, PseudonymKeyFile content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;   // from the first byte on: a mode set afterwards leaves a moment in which others can open it
        }
        using var stream = new FileStream(draft, options);
        stream.Write(content.Format());
        stream.Flush();
        DurableFile.Sync(stream.SafeFileHandle, draft);
    }
}
