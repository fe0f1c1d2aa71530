using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Madrl.Tests.Shared;

/// <summary>
/// Finds the members of the base library whose results depend on machine, operating system or moment, in the member
/// references of a compiled assembly. Code that must give the same bits everywhere may refer to none of them.
/// </summary>
internal static class ForbiddenMembers
{
    private static readonly HashSet<string> _anywhereInSystem =
    [
        "Exp", "Exp2", "Exp10", "ExpM1", "Exp2M1", "Exp10M1", "Log", "Log2", "Log10", "LogP1", "Log2P1", "Log10P1",
        "Pow", "Cbrt", "RootN", "Hypot", "Sin", "Cos", "SinCos", "SinPi", "CosPi", "SinCosPi", "Tan", "TanPi",
        "Asin", "AsinPi", "Acos", "AcosPi", "Atan", "AtanPi", "Atan2", "Atan2Pi",
        "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh",
        "MultiplyAddEstimate", "ReciprocalEstimate", "ReciprocalSqrtEstimate", "ReciprocalSquareRootEstimate",
    ];

    private static readonly HashSet<string> _types = ["System.Random", "System.Numerics.Tensors.TensorPrimitives"];

    private static readonly HashSet<string> _members =
    [
        "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
    ];

    /// <summary>The forbidden members that an assembly refers to, as <c>System.Math.Exp</c>.</summary>
    public static IReadOnlyList<string> In(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        return [.. metadata.MemberReferences
            .Select(handle => metadata.GetMemberReference(handle))
            .Select(member => (Type: TypeName(metadata, member.Parent), Name: metadata.GetString(member.Name)))
            .Where(member => IsForbidden(member.Type, member.Name))
            .Select(member => $"{member.Type}.{member.Name}")
            .Distinct()
            .Order(StringComparer.Ordinal)];
    }

    private static bool IsForbidden(string type, string member) =>
        _types.Contains(type)
        || _members.Contains($"{type}.{member}")
        || (type.StartsWith("System.", StringComparison.Ordinal) && _anywhereInSystem.Contains(member));

    private static string TypeName(MetadataReader metadata, EntityHandle parent)
    {
        switch (parent.Kind)
        {
            case HandleKind.TypeReference:
                var type = metadata.GetTypeReference((TypeReferenceHandle)parent);
                var name = metadata.GetString(type.Name);
                return type.ResolutionScope.Kind == HandleKind.TypeReference
                    ? $"{TypeName(metadata, type.ResolutionScope)}+{name}"
                    : $"{metadata.GetString(type.Namespace)}.{name}";
            case HandleKind.TypeSpecification:
                return TypeName(metadata, GenericDefinition(metadata, (TypeSpecificationHandle)parent));
            default:
                return ""; // A type of the assembly itself.
        }
    }

    /// <summary>The generic type that a constructed type is made of; nil for an array and the like.</summary>
    private static EntityHandle GenericDefinition(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return default;
        signature.ReadByte(); // Class or value type.
        return signature.ReadTypeHandle();
    }
}
