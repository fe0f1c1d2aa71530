using Orleans.Runtime;

namespace Madrl.Grains.Abstractions;

/// <summary>
/// A grain cannot be placed, because no silo of the cluster has its role. Not an OrleansException: Orleans takes those for
/// passing and places again, up to three times, and the director has waited already.
/// </summary>
/// <param name="role">The role.</param>
/// <param name="grain">The grain.</param>
public sealed class RoleMissingException(string role, GrainId grain)
    : Exception($"No silo has the role '{role}', which {grain} needs: start one with '{role}' among its Madrl:Silo:Roles.");
