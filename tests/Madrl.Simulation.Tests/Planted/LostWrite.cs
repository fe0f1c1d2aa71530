using Madrl.Simulation.Storage;

namespace Madrl.Simulation.Tests.Planted;

/// <summary>Storage acknowledges every ninth write of the run's state and does not keep it.</summary>
public sealed class LostWrite : SimulatedParts
{
    public override IRunStates States(IRunStates states) => new Forgetful(states);

    private sealed class Forgetful(IRunStates states) : IRunStates
    {
        private int _writes;

        public StoredState? Stored => states.Stored;

        public long Write(string json, long? eTag, string writer) =>
            eTag is { } held && ++_writes % 9 == 0 ? held : states.Write(json, eTag, writer);
    }
}
