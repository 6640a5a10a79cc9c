using Segue.Events.Storage;
using Segue.Features.Interactions;

namespace Segue.Cli;

/// <summary>The crossing from a store to what models and the radio read.</summary>
internal static class StoreLoading
{
    /// <exception cref="StoreException">There is no store, or it is damaged.</exception>
    public static Dataset Load(Store store) => Dataset.Build(store.ReadCatalogue(), store.ReadListeners(), store.ReadInteractions());
}
