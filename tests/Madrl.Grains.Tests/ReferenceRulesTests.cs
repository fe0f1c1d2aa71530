using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Learning;
using Madrl.Numerics;
using Madrl.Policies;
using Madrl.Protocols;

namespace Madrl.Grains.Tests;

/// <summary>Who may refer to whom.</summary>
public class ReferenceRulesTests
{
    private static readonly Assembly Numerics = typeof(Philox4x32).Assembly;
    private static readonly Assembly Policies = typeof(Policy).Assembly;
    private static readonly Assembly Environments = typeof(IMarkovGame).Assembly;
    private static readonly Assembly Learning = typeof(Learner).Assembly;
    private static readonly Assembly Protocols = typeof(Fence).Assembly;
    private static readonly Assembly Grains = typeof(RunGrain).Assembly;
    private static readonly Assembly Abstractions = typeof(IRunGrain).Assembly;

    [Fact]
    public void The_libraries_know_nothing_of_grains() => Assert.All(
        (Assembly[])[Numerics, Policies, Environments, Learning, Protocols],
        assembly => Assert.DoesNotContain(References(assembly), name => name.StartsWith("Orleans", StringComparison.Ordinal)));

    [Fact]
    public void The_grains_know_nothing_of_gradients()
    {
        Assert.All((Assembly[])[Grains, Abstractions, Protocols], assembly =>
            Assert.DoesNotContain(References(assembly), name => name is "TorchSharp" or "Madrl.Learning"));
        Assert.Contains("TorchSharp", References(Learning));
    }

    [Fact]
    public void What_acts_depends_on_numerics_and_the_framework_alone() => Assert.All(
        (Assembly[])[Numerics, Policies, Environments],
        assembly => Assert.DoesNotContain(References(assembly), name =>
            name != "Madrl.Numerics" && !name.StartsWith("System.", StringComparison.Ordinal)));

    [Fact]
    public void Grains_take_no_locks()
    {
        Assert.Empty(Locks(Grains));
        lock (this) Assert.NotEmpty(Locks(GetType().Assembly)); // The scan finds this very lock.
    }

    private static IEnumerable<string> References(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static List<string> Locks(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(handle => metadata.GetTypeReference(handle))
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")
            .Where(name => name is "System.Threading.Monitor" or "System.Threading.Lock")];
    }
}
