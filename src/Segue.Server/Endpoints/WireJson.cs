using System.Text.Json;
using System.Text.Json.Serialization;
using Segue.Server.Stores;

namespace Segue.Server.Endpoints;

/// <summary>How the types of the wire are written and read; their code is generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StartRequest))]
[JsonSerializable(typeof(EventsRequest))]
[JsonSerializable(typeof(AnswerResponse))]
[JsonSerializable(typeof(ContinueRequest))]
[JsonSerializable(typeof(ErasureReceipt))]
[JsonSerializable(typeof(EventsResponse))]
[JsonSerializable(typeof(ForgottenResponse))]
[JsonSerializable(typeof(ListenBrainzError))]
[JsonSerializable(typeof(ListenBrainzStatus))]
[JsonSerializable(typeof(ListenerFeaturesResponse))]
[JsonSerializable(typeof(TokenValidity))]
[JsonSerializable(typeof(RadioResponse))]
[JsonSerializable(typeof(RecommendationsResponse))]
[JsonSerializable(typeof(TracksResponse))]
[JsonSerializable(typeof(GenresResponse))]
[JsonSerializable(typeof(ListenersResponse))]
[JsonSerializable(typeof(SoundsLikeResponse))]
[JsonSerializable(typeof(SoundPathResponse))]
[JsonSerializable(typeof(SoundsResponse))]
[JsonSerializable(typeof(DuplicatesResponse))]
[JsonSerializable(typeof(StatsResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(MusicResponse))]
[JsonSerializable(typeof(HomeResponse))]
[JsonSerializable(typeof(OnboardingResponse))]
[JsonSerializable(typeof(MusicFaultsResponse))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>Strict, so that a caller is told of a typing error instead of wondering at the answer.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
    }
}
