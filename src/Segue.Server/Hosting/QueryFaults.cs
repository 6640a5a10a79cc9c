using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Diagnostics;

namespace Segue.Server.Hosting;

/// <summary>Says what is wrong with a query that could not be read, in words of HTTP and not of .NET.</summary>
internal static class QueryFaults
{
    /// <returns>Null when every number of the query is one.</returns>
    public static string? Describe(HttpContext context)
    {
        // The handler of exceptions has taken the endpoint out of the context.
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
        foreach (var parameter in endpoint?.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
        {
            if (parameter.ParameterType == typeof(int) && context.Request.Query.TryGetValue(parameter.Name!, out var given)
                && !int.TryParse(given.ToString(), CultureInfo.InvariantCulture, out _))
            {
                var allowed = parameter.GetCustomAttribute<RangeAttribute>() is { } range ? $", {range.Minimum} to {range.Maximum}" : "";
                return $"{parameter.Name} is '{given}'; it must be a whole number{allowed}.";
            }
        }
        return null;
    }
}
