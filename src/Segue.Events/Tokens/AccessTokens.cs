using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Segue.Core;
using Segue.Events.Files;
using Segue.Events.Pseudonyms;

namespace Segue.Events.Tokens;

/// <summary>Tokens by which players say for whom they speak, as ListenBrainz has it. Only a token's SHA-256 is kept, and the listener's
/// pseudonym.</summary>
/// <remarks>Thread-safe. A token has 192 bits of chance, so a plain hash is enough.</remarks>
public sealed class AccessTokens : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();

    public AccessTokens(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _connection = SqliteFile.Open(file);
        _connection.Execute("CREATE TABLE IF NOT EXISTS token (sha256 BLOB PRIMARY KEY, listener TEXT NOT NULL, scope TEXT NOT NULL) WITHOUT ROWID");
    }

    /// <summary>Makes a token; nobody can read it again later.</summary>
    public string Create(KnownListener listener)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        lock (_lock)
        {
            _connection.Execute("INSERT INTO token VALUES (@Hash, @Listener, @Scope)", new { Hash = Hash(token), Listener = listener.Id.Value, listener.Scope });
        }
        return token;
    }

    /// <summary>Whose token it is; null when it is nobody's.</summary>
    public KnownListener? Find(string token)
    {
        lock (_lock)
        {
            var row = _connection.QuerySingleOrDefault<(string? Listener, string Scope)>(
                "SELECT listener, scope FROM token WHERE sha256 = @Hash", new { Hash = Hash(token) });
            return row.Listener is { } listener ? new KnownListener(new(listener), row.Scope) : null;
        }
    }

    /// <summary>Takes all tokens of a listener away.</summary>
    /// <returns>How many there were.</returns>
    public int Revoke(ListenerId listener)
    {
        lock (_lock)
        {
            var removed = _connection.Execute("DELETE FROM token WHERE listener = @Value", new { listener.Value });
            if (removed > 0)
            {
                _connection.Execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");   // no byte of the pseudonym stays behind
            }
            return removed;
        }
    }

    /// <summary>Gives every listener the pseudonym of the next key, unless that was done already.</summary>
    /// <param name="generation">How many keys the pseudonyms have passed afterwards; noted in the same transaction.</param>
    public void Rekey(int generation, Func<string, string> map)
    {
        lock (_lock)
        {
            using (var transaction = _connection.BeginTransaction())
            {
                if (_connection.ExecuteScalar<long>("PRAGMA user_version", transaction: transaction) == generation)
                {
                    return;
                }
                foreach (var (hash, listener) in _connection.Query<(byte[], string)>("SELECT sha256, listener FROM token", transaction: transaction).ToList())
                {
                    _connection.Execute("UPDATE token SET listener = @To WHERE sha256 = @Hash", new { To = map(listener), Hash = hash }, transaction);
                }
                _connection.Execute(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PRAGMA user_version = {generation}"), transaction: transaction);
                transaction.Commit();
            }
            _connection.Execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
        }
    }

    public void Dispose() => _connection.Dispose();

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
