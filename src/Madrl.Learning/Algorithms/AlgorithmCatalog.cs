using System.Reflection;
using Madrl.Environments;
using Madrl.Environments.Settings;

namespace Madrl.Learning.Algorithms;

/// <summary>Marks an <see cref="AlgorithmDefinition"/> that is to be chosen by name.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AlgorithmAttribute : Attribute;

/// <summary>
/// The algorithms that can be chosen by name: those of this assembly that are marked by <see cref="AlgorithmAttribute"/>, and those that
/// were added.
/// </summary>
public static class AlgorithmCatalog
{
    private static readonly Catalog<AlgorithmDefinition> _algorithms = new(
        "algorithm", typeof(AlgorithmAttribute), algorithm => algorithm.Name,
        algorithm => SettingsBinder.Describe(algorithm.Options(new Dictionary<string, string>())));

    static AlgorithmCatalog() => Add(typeof(AlgorithmCatalog).Assembly);

    /// <summary>All algorithms by name, in ordinal order.</summary>
    public static IReadOnlyList<AlgorithmDefinition> All => _algorithms.All;

    /// <inheritdoc cref="Catalog{T}.Find"/>
    public static AlgorithmDefinition Find(string name) => _algorithms.Find(name);

    /// <inheritdoc cref="Catalog{T}.Add"/>
    public static IReadOnlyList<string> Add(Assembly assembly) => _algorithms.Add(assembly);
}
