namespace Segue.Events.Analytics;

/// <summary>DuckDB refused; the message is its own. It may quote values of the query: never let one with personal data in.</summary>
public sealed class DuckDbException(string message) : Exception(message);

/// <summary>The native library of DuckDB is not on this machine; the message says how to get it.</summary>
public sealed class DuckDbMissingException(string message) : Exception(message);
