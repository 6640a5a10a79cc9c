using System.Globalization;
using Segue.Core;

namespace Segue.Events.DeadLetters;

/// <summary>What a person may ask of the dead letters.</summary>
public sealed partial class DeadLetterStore
{
    // So long a word is nowhere by chance, and an erasure looks for it in every file afterwards.
    private const int Unmistakable = 8;

    /// <summary>All letters that name a listener, those replayed included, oldest first.</summary>
    public IReadOnlyList<StoredDeadLetter> Of(ListenerId listener)
    {
        lock (_lock)
        {
            using var command = Command($"SELECT {Columns} FROM dead_letters WHERE listener = $listener ORDER BY id", ("$listener", listener.Value));
            using var rows = command.ExecuteReader();
            var letters = new List<StoredDeadLetter>();
            while (rows.Read())
            {
                letters.Add(Read(rows));
            }
            return letters;
        }
    }

    /// <summary>Removes every letter of a person, such that no byte of it is left in the files, and notes the hashes of their bytes, so that reading the
    /// same source again does not bring them back.</summary>
    /// <remarks>Those that name the person go, and of those that can be seen to name nobody the ones that hold an id as a whole word, also where JSON
    /// wrote it with escapes; an id of less than six characters only between quotes. In letters of others only an id of eight and more is looked for.</remarks>
    /// <param name="listeners">The person's pseudonyms.</param>
    /// <param name="account">The id by which the service knows the person.</param>
    /// <param name="at">Now; the notes go by age as letters do.</param>
    /// <returns>How many letters went. Cost: reads all letters and writes the file anew.</returns>
    public int Erase(IReadOnlyCollection<ListenerId> listeners, string account, DateTimeOffset at)
    {
        var texts = listeners.Select(listener => listener.Value).Append(account).Distinct().ToList();
        var (words, longWords) = (Words(texts), Words(texts.Where(text => text.Length >= Unmistakable)));
        lock (_lock)
        {
            var ids = new List<long>();
            using (var command = Command($"SELECT {Columns} FROM dead_letters"))
            using (var rows = command.ExecuteReader())
            {
                while (rows.Read())
                {
                    var stored = Read(rows);
                    var whose = stored.Letter.Listener;
                    if ((whose is { } known && listeners.Contains(known)) || (whose is null ? words : longWords).Any(word => word.IsIn(stored.Letter)))
                    {
                        ids.Add(stored.Id);
                    }
                }
            }
            ForEach(ids, "INSERT OR IGNORE INTO erased SELECT raw_hash, $at FROM dead_letters WHERE id = $id", ("$at", at.ToUnixTimeMilliseconds()));
            Delete(ids);
            ClearFreePages();
            return ids.Count;
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
                if ((long)Scalar("PRAGMA user_version")! == generation)
                {
                    return;
                }
                var listeners = new List<string>();
                using (var all = Command("SELECT DISTINCT listener FROM dead_letters WHERE listener IS NOT NULL"))
                using (var rows = all.ExecuteReader())
                {
                    while (rows.Read())
                    {
                        listeners.Add(rows.GetString(0));
                    }
                }
                foreach (var (from, to) in listeners.Select(listener => (listener, map(listener))).Where(pair => pair.listener != pair.Item2))
                {
                    using var update = Command("UPDATE dead_letters SET listener = $to WHERE listener = $from", ("$to", to), ("$from", from));
                    update.ExecuteNonQuery();
                }
                Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {generation}"));
                transaction.Commit();
            }
            ClearFreePages();
        }
    }

    private static WholeWord[] Words(IEnumerable<string> texts) => [.. texts.Select(text => new WholeWord(text))];

    // Deleted cells are overwritten (secure_delete), but copies of pages stand in the log and in free pages until these are gone.
    private void ClearFreePages() => Execute("PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
}
