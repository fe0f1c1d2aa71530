using Madrl.Protocols.Roles;
using Madrl.Protocols.Team;
using Madrl.Simulation.Storage;

namespace Madrl.Simulation;

/// <summary>The parts of a simulation that can be replaced, to see whether a bug in one of them is found. As they are, they stay.</summary>
public class SimulatedParts
{
    /// <summary>Storage of the run's control state.</summary>
    public virtual IRunStates States(IRunStates states) => states;

    /// <summary>Where learning is computed.</summary>
    public virtual ILearnerComputeFactory Computes(ILearnerComputeFactory computes) => computes;

    /// <summary>An activation's learner.</summary>
    public virtual ILearnerMember Learner(ILearnerMember learner) => learner;

    /// <summary>An activation's replay.</summary>
    public virtual IReplayMember Replay(IReplayMember replay) => replay;

    /// <summary>The policies of an activation's silo.</summary>
    public virtual IPolicies Policies(IPolicies policies) => policies;
}
