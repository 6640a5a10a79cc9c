using Segue.Core;

namespace Segue.Events.Accounts;

/// <summary>All that is kept of an account.</summary>
/// <param name="GeonameId">The city's number at geonames.org, which tells cities of one name apart; null when the city is not known.</param>
public sealed record Account(ListenerProfile Profile, int? GeonameId = null);
