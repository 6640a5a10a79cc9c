namespace Segue.Events.Storage;

/// <summary>Where a store keeps what: one directory a store.</summary>
public sealed record StoreLayout(string Root)
{
    /// <summary>The event log: segments and its index.</summary>
    public string Log => Path.Combine(Root, "log");

    /// <summary>Accounts and catalogue, unless PostgreSQL keeps them.</summary>
    public string AccountsFile => Path.Combine(Root, "accounts.db");

    /// <summary>Rejected events with their reasons.</summary>
    public string DeadLettersFile => Path.Combine(Root, "dead-letters.db");

    /// <summary>Hashes of the tokens by which players speak for listeners.</summary>
    public string TokensFile => Path.Combine(Root, "tokens.db");

    /// <summary>How far sources were read.</summary>
    public string SourcesFile => Path.Combine(Root, "sources.db");

    /// <summary>The object store, unless S3 is configured: Parquet files of events and features.</summary>
    public string Objects => Path.Combine(Root, "objects");

    /// <summary>The keys of the pseudonyms; readable by the owner alone.</summary>
    public string KeysFile => Path.Combine(Root, "keys.json");
    public string Models => Path.Combine(Root, "models");

    /// <summary>Which music there is and how it sounds: see <c>SoundLibrary</c>.</summary>
    public string SoundLibrary => Path.Combine(Root, "music", "library.db");

    /// <summary>What the radio knew of its listeners when it was saved last; may be deleted: it is made anew from the log.</summary>
    public string State => Path.Combine(Root, "state");

    /// <summary>Every listener's best tracks, made beforehand.</summary>
    public string ListsFile => Path.Combine(Root, "listeners.lists");
}
