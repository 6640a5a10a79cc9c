using System.Collections.Concurrent;
using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Retrieval.Lists;

/// <summary>What a run of <see cref="ListJob"/> made.</summary>
/// <param name="Lists">Users who have a list now.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Begun">Tiles of users and items that were looked at ÷ all.</param>
/// <param name="Finished">Tiles that were computed to the end ÷ all.</param>
public sealed record ListReport(int Lists, long Bytes, double Begun, double Finished);

/// <summary>Makes the exact list of every user and writes them as one file for <see cref="ListenerLists"/>.</summary>
/// <remarks>Memory: the index over the items (<see cref="ItemIndex.BytesOf"/>) and some 16 MiB, however many users there are. The same bytes for any number of
/// threads.</remarks>
public sealed class ListJob
{
    private const int BytesTogether = 16 << 20;
    private readonly ImplicitAlsModel _model;
    private readonly int _length, _threads;

    /// <param name="length">Items of a list, 1 to <see cref="ListenerLists.MaxLength"/>.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ListJob(ImplicitAlsModel model, int length, int threads)
    {
        if (length is < 1 or > ListenerLists.MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"A list has {length} items; allowed are 1 to {ListenerLists.MaxLength}.");
        }
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        (_model, _length, _threads) = (model, length, threads);
    }

    /// <summary>Writes a draft, which the caller publishes: see <c>DurableFile.SyncAndPublish</c>. A run that fails or is stopped leaves no draft.</summary>
    /// <param name="draft">The file to write; replaced if there.</param>
    /// <param name="modelVersion">Of the model.</param>
    /// <param name="rows">Users, ascending. Those whose factors are zero, such as the erased, get no list.</param>
    /// <param name="without">Items that may not stand in a user's list, ascending; asked once a user, by several threads.</param>
    /// <param name="progress">Told the share done, in [0, 1].</param>
    /// <exception cref="ArgumentException">Rows are not ascending, or outside the model.</exception>
    /// <exception cref="IOException">The draft cannot be written, or another process writes it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ListReport Write(
        string draft, string modelVersion, DateTimeOffset madeAt, IEnumerable<int> rows, Func<int, int[]> without,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var users = Learnt(rows);
        var header = new ListHeader(modelVersion, madeAt, _length, users.Length, _model.Items);
        var tiles = new Tiles();
        using var index = new ItemIndex(_model.ItemFactors, _threads);
        using var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        try
        {
            file.Write(ListLayout.Write(header));
            foreach (var row in users)
            {
                file.Write(BitConverter.GetBytes(row));
            }
            WriteLists(file, index, users, without, tiles, progress, cancellation);
            file.Flush();
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
        return new(users.Length, ListLayout.FileBytes(header), tiles.Share(tiles.Begun), tiles.Share(tiles.Finished));
    }

    private int[] Learnt(IEnumerable<int> rows)
    {
        var (learnt, last) = (new List<int>(), -1);
        foreach (var row in rows)
        {
            if (row <= last || row >= _model.Users)
            {
                throw new ArgumentException($"Row {row} follows row {last} in a model of {_model.Users} users; rows must ascend and lie inside.", nameof(rows));
            }
            last = row;
            if (_model.UserFactors(row).ContainsAnyExcept(0f))
            {
                learnt.Add(row);
            }
        }
        return [.. learnt];
    }

    private void WriteLists(
        FileStream file, ItemIndex index, int[] users, Func<int, int[]> without, Tiles tiles, IProgress<double>? progress, CancellationToken cancellation)
    {
        var slot = ListLayout.SlotBytes(_length);
        var blocks = (users.Length + ItemSearch.BlockUsers - 1) / ItemSearch.BlockUsers;
        var together = Math.Clamp(BytesTogether / (slot * ItemSearch.BlockUsers), 1, Math.Max(1, blocks));
        var lists = new byte[together * ItemSearch.BlockUsers * slot];
        var searches = new ConcurrentBag<ItemSearch>();   // one for each thread at a time
        try
        {
            for (var from = 0; from < blocks; from += together)
            {
                var first = from * ItemSearch.BlockUsers;
                Workers.For(Math.Min(together, blocks - from), _threads, block =>
                {
                    var search = searches.TryTake(out var free) ? free : new ItemSearch(index, _length);
                    var start = first + block * ItemSearch.BlockUsers;
                    var some = users.AsSpan(start, Math.Min(ItemSearch.BlockUsers, users.Length - start));
                    MakeBlock(search, some, without, lists.AsSpan(block * ItemSearch.BlockUsers * slot, some.Length * slot));
                    searches.Add(search);
                }, cancellation);
                var done = Math.Min(users.Length, first + together * ItemSearch.BlockUsers);
                file.Write(lists, 0, (done - first) * slot);
                progress?.Report((double)done / users.Length);
            }
        }
        finally
        {
            foreach (var search in searches)
            {
                tiles.Add(search);
                search.Dispose();
            }
        }
    }

    private void MakeBlock(ItemSearch search, ReadOnlySpan<int> users, Func<int, int[]> without, Span<byte> lists)
    {
        search.Clear();
        foreach (var row in users)
        {
            search.Add(_model.UserFactors(row), without(row));
        }
        search.Run();
        var slot = ListLayout.SlotBytes(_length);
        for (var n = 0; n < users.Length; n++)
        {
            ListLayout.WriteSlot(lists.Slice(n * slot, slot), users[n], search.Found(n));
        }
    }

    private sealed class Tiles
    {
        private long _all;
        public long Begun { get; private set; }
        public long Finished { get; private set; }

        public void Add(ItemSearch search)
        {
            var (all, begun, finished) = search.Tiles;
            (_all, Begun, Finished) = (_all + all, Begun + begun, Finished + finished);
        }

        public double Share(long part) => _all == 0 ? 0 : (double)part / _all;
    }
}
