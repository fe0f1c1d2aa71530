using Madrl.Grains.Abstractions;
using Madrl.Grains.Links;
using Madrl.Protocols.Team;
using Microsoft.Extensions.DependencyInjection;

namespace Madrl.Grains;

/// <summary>What the grains of a silo share.</summary>
public static class TeamServices
{
    /// <summary>Adds the silo's policies.</summary>
    public static IServiceCollection AddMadrlTeams(this IServiceCollection services) =>
        services.AddSingleton<IPolicies>(provider =>
        {
            var grains = provider.GetRequiredService<IGrainFactory>();
            return new SiloPolicies(run => new LearnerLink(grains.GetGrain<ILearnerGrain>(run)));
        });
}
