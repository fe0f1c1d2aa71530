using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Madrl.Grains.Abstractions;

/// <summary>Exceptions on their way between processes.</summary>
public static class ExceptionTypes
{
    /// <summary>Lets this program's exceptions keep their types between silos and clients: whoever was superseded must know it.</summary>
    public static IServiceCollection AddMadrlExceptions(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add("Madrl"));
}
