using Microsoft.AspNetCore.OpenApi;

namespace Segue.Server.Hosting;

/// <summary>The head of the OpenAPI document.</summary>
internal static class OpenApiTitle
{
    public static void Set(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "Segue";
        document.Info.Version = "1";
        document.Info.Description =
            "A music recommender whose radio bends with each reaction. Every fault is told as application/problem+json (RFC 9457). "
            + "What listeners do is in the event log before it is answered; sittings live in memory and end with the process.";
        return Task.CompletedTask;
    });
}
