using System.Text.Json.Serialization;
using Segue.Audio.Tags;

namespace Segue.Features.Sound;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AudioTags))]
internal sealed partial class LibraryJson : JsonSerializerContext;
