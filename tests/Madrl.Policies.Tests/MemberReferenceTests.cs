using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Madrl.Numerics;

namespace Madrl.Policies.Tests;

/// <summary>What acts must not call functions whose bits depend on the platform or on the width of its vectors.</summary>
public class MemberReferenceTests
{
    private static readonly HashSet<string> PlatformFunctions = [
        "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atan2", "Atanh", "Cbrt", "Cos", "Cosh", "CosPi", "Exp",
        "ExpM1", "Exp2", "Exp10", "Hypot", "Log", "LogP1", "Log2", "Log10", "MultiplyAddEstimate", "Pow",
        "ReciprocalEstimate", "ReciprocalSqrtEstimate", "RootN", "Sin", "SinCos", "Sinh", "SinPi", "Tan", "Tanh", "TanPi"];

    private static readonly HashSet<string> Types = ["System.Random", "System.Numerics.Tensors.TensorPrimitives"];

    [Fact]
    public void The_acting_assemblies_call_no_platform_dependent_function()
    {
        Assert.Empty(Offences(typeof(Policy).Assembly));
        Assert.Empty(Offences(typeof(SingleMath).Assembly));
    }

    [Fact]
    public void The_scan_finds_the_calls_of_these_tests() => Assert.Contains("System.Math.Exp", Offences(GetType().Assembly));

    private static List<string> Offences(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var found = new List<string>();
        foreach (var handle in metadata.TypeReferences)
        {
            var name = FullName(metadata, handle);
            if (Types.Contains(name)) found.Add(name);
        }

        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            var name = metadata.GetString(member.Name);
            var type = member.Parent.Kind == HandleKind.TypeReference
                ? FullName(metadata, (TypeReferenceHandle)member.Parent)
                : "a generic type";
            if (!PlatformFunctions.Contains(name) || type.StartsWith("Madrl.", StringComparison.Ordinal)) continue;
            found.Add($"{type}.{name}");
        }

        return found;
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
