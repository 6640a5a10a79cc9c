using System.Text.Json.Serialization;

namespace Segue.Events.Catalogue;

[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
