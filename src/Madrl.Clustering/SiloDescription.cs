using System.Net;
using System.Text.RegularExpressions;
using Madrl.Grains.Placement;

namespace Madrl.Clustering;

/// <summary>What a silo tells the others of itself.</summary>
public sealed partial record SiloDescription
{
    private static readonly string[] AllRoles = [SiloResources.Agents, SiloResources.Learners];

    /// <summary>A name that stays when the silo starts again.</summary>
    public required string Name { get; init; }

    /// <summary>What may be placed here: <see cref="SiloResources.Agents"/>, <see cref="SiloResources.Learners"/> or both.</summary>
    public IReadOnlyList<string> Roles { get; init; } = AllRoles;

    /// <summary>Devices for learners besides the CPU, such as <c>cuda:0</c>.</summary>
    public IReadOnlyList<string> Accelerators { get; init; } = [];

    /// <summary>Whether everything may be placed here.</summary>
    public bool HasAllRoles => Roles.Count == AllRoles.Length;

    /// <summary>As Orleans publishes it.</summary>
    public Dictionary<string, string> Metadata => new()
    {
        [SiloResources.RolesKey] = string.Join(',', Roles),
        [SiloResources.AcceleratorsKey] = string.Join(',', Accelerators),
    };

    /// <summary>Reads and checks the settings under <c>Silo</c>.</summary>
    /// <param name="reader">The settings.</param>
    /// <param name="siloPort">Distinguishes silos on one machine that have no names.</param>
    /// <exception cref="SettingsException">One of them is wrong.</exception>
    internal static SiloDescription Read(SettingsReader reader, int siloPort)
    {
        var silo = new SiloDescription
        {
            Name = reader.Text("Silo:Name") ?? $"{Dns.GetHostName()}-{siloPort}",
            Roles = reader.List("Silo:Roles") ?? AllRoles,
            Accelerators = reader.List("Silo:Accelerators") ?? [],
        };
        if (string.IsNullOrWhiteSpace(silo.Name))
            throw new SettingsException("Madrl:Silo:Name is blank: give a name, or leave it out for host name and port.");
        if (silo.Roles.Count == 0) throw new SettingsException("Madrl:Silo:Roles is empty: it takes agents, learners or both, separated by a comma.");
        foreach (var role in silo.Roles.Except(AllRoles))
            throw new SettingsException($"Madrl:Silo:Roles has '{role}': it takes agents, learners or both, separated by a comma.");
        foreach (var accelerator in silo.Accelerators.Where(accelerator => !Device().IsMatch(accelerator)))
            throw new SettingsException($"Madrl:Silo:Accelerators has '{accelerator}': it takes devices such as cuda:0, separated by commas.");
        if (silo.Accelerators.Count > 0 && !silo.Roles.Contains(SiloResources.Learners))
            throw new SettingsException("Madrl:Silo:Accelerators is given on a silo without learners: add learners to Madrl:Silo:Roles, or leave it out.");
        return silo;
    }

    [GeneratedRegex("^[a-z]+:[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Device();
}
