using System.Text.Json;
using Madrl.Environments.Replay;
using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Grains.Links;

/// <summary>A shard's environment as a grain.</summary>
internal sealed class EnvironmentLink(IEnvironmentGrain grain) : IEnvironmentMember
{
    public Task OpenAsync(Ticket ticket, RunSpecification run, ReplayDescription? replay)
    {
        var request = new OpenRequest(ticket.Epoch, ticket.Iteration, run.ToJson(), replay is null ? null : JsonSerializer.Serialize(replay));
        return Reach.TellAsync(() => grain.Open(request));
    }

    public async Task<Collected> CollectAsync(Ticket ticket, CancellationToken cancellationToken) =>
        new((await Reach.AskAsync(() => grain.Collect(ticket.Epoch, ticket.Iteration, cancellationToken))).Steps);

    public async Task<double[]> EvaluateAsync(Ticket ticket, Player player, EpisodeSet set, int episodes, CancellationToken cancellationToken)
    {
        var request = new EvaluateRequest(ticket.Epoch, ticket.Iteration, player, set, episodes);
        return [.. (await Reach.AskAsync(() => grain.Evaluate(request, cancellationToken))).Returns.AsDoubles()];
    }
}
