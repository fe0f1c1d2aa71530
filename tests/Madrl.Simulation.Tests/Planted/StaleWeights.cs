using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Team;

namespace Madrl.Simulation.Tests.Planted;

/// <summary>Whoever asks for policies gets those that it asked for before, now and then.</summary>
public sealed class StaleWeights : SimulatedParts
{
    public override IPolicies Policies(IPolicies policies) => new Stale(policies);

    private sealed class Stale(IPolicies policies) : IPolicies
    {
        private PolicySet? _before;
        private int _asked;

        public async ValueTask<PolicySet> GetAsync(string run, Ticket ticket)
        {
            var current = await policies.GetAsync(run, ticket);
            var given = ++_asked % 5 == 0 ? _before! : current;
            _before = current;
            return given;
        }
    }
}
