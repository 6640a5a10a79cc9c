using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Segue.Server.Endpoints;

/// <summary>The page for people at <c>/</c>: a few files that lie in the assembly and are served from memory.</summary>
internal static class PageEndpoints
{
    private static readonly (string Path, string File, string ContentType)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/page.css", "page.css", "text/css; charset=utf-8"),
        ("/page.js", "page.js", "text/javascript; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        foreach (var (path, file, contentType) in Files)
        {
            var content = Read(file);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"");
            routes.MapGet(path, FileContentHttpResult (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-cache";   // kept, but asked about: a new version shows at once
                return TypedResults.Bytes(content, contentType, entityTag: tag);
            }).ExcludeFromDescription();
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(PageEndpoints).Assembly.GetManifestResourceStream($"page/{file}")
            ?? throw new InvalidOperationException($"The assembly lacks the page's file {file}.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
