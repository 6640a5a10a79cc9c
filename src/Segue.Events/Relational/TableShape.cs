namespace Segue.Events.Relational;

/// <summary>Columns of a table that are written together, the key first. Their values are null, <see cref="string"/> or <see cref="long"/>.</summary>
internal sealed record TableShape(string Table, IReadOnlyList<string> Columns)
{
    public string Key => Columns[0];

    public string ColumnList { get; } = string.Join(", ", Columns);

    /// <summary>What turns an insert into an update where the key is known.</summary>
    public string OnConflict { get; }
        = $"ON CONFLICT ({Columns[0]}) DO UPDATE SET {string.Join(", ", Columns.Skip(1).Select(column => $"{column} = excluded.{column}"))}";
}
