namespace Madrl.Grains.Placement;

/// <summary>What a silo declares of itself. As a service of a silo: what that silo declares.</summary>
/// <param name="Roles">What may be placed there: <see cref="Agents"/>, <see cref="Learners"/> or both.</param>
/// <param name="Accelerators">Devices for learners besides the CPU, such as <c>cuda:0</c>; none where it is empty.</param>
public sealed record SiloResources(IReadOnlyList<string> Roles, IReadOnlyList<string> Accelerators)
{
    /// <summary>Role of a silo that hosts runs, agents, environments and replay.</summary>
    public const string Agents = "agents";

    /// <summary>Role of a silo that hosts learners.</summary>
    public const string Learners = "learners";

    /// <summary>Under this key of Orleans' silo metadata stand the roles, separated by commas.</summary>
    public const string RolesKey = "madrl.roles";

    /// <summary>Under this key of Orleans' silo metadata stand the accelerators, separated by commas.</summary>
    public const string AcceleratorsKey = "madrl.accelerators";

    /// <summary>Those of a silo that declares nothing: both roles and no accelerator.</summary>
    public static SiloResources Undeclared { get; } = new([Agents, Learners], []);

    /// <summary>Reads a silo's metadata.</summary>
    /// <param name="metadata">Orleans' silo metadata; a key that is missing declares nothing.</param>
    public static SiloResources Read(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new SiloResources(
            metadata.TryGetValue(RolesKey, out var roles) ? List(roles) : Undeclared.Roles,
            metadata.TryGetValue(AcceleratorsKey, out var accelerators) ? List(accelerators) : Undeclared.Accelerators);
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
