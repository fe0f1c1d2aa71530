using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Madrl.Learning.Tests;

/// <summary>
/// No number meets a tensor outside <c>Networks/Arithmetic.cs</c>: TorchSharp would make a scalar for it that the garbage
/// collector may free while libtorch reads it.
/// </summary>
public class ScalarUseTests
{
    private const string Tensor = "Tensor";
    private static readonly string[] Sums = ["add", "add_", "op_Addition"];
    private static readonly string[] Operators = ["op_Addition", "op_Subtraction", "op_Multiply", "op_Division"];

    [Fact]
    public void Learning_makes_scalars_in_one_place_only()
    {
        Assert.Empty(Suspects(typeof(Learner).Assembly.Location));
    }

    [Fact]
    public void The_example_of_the_documentation_makes_none()
    {
        Assert.Empty(Suspects(typeof(OwnLayer.FilmCritic).Assembly.Location));
    }

    [Fact]
    public void The_search_finds_what_it_looks_for()
    {
        TorchSharp.torch.Tensor Careless(TorchSharp.torch.Tensor x) => (x + x) * 2.0;
        GC.KeepAlive((Func<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>)Careless);
        Assert.Superset(
            new HashSet<string> { "op_Addition(Tensor, Tensor)", "op_Multiply(Tensor, Double)" },
            Suspects(typeof(ScalarUseTests).Assembly.Location).ToHashSet());
    }

    /// <summary>Members of TorchSharp that are used and that make a scalar on the way.</summary>
    private static string[] Suspects(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var reader = file.GetMetadataReader();
        return
        [
            .. from handle in reader.MemberReferences
               let member = reader.GetMemberReference(handle)
               where member.GetKind() == MemberReferenceKind.Method && member.Parent.Kind == HandleKind.TypeReference
               let owner = reader.GetString(reader.GetTypeReference((TypeReferenceHandle)member.Parent).Name)
               where owner is Tensor or "Scalar"
               let name = reader.GetString(member.Name)
               let parameters = member.DecodeMethodSignature(new Names(), null).ParameterTypes
               where (owner == "Scalar" && name == "op_Implicit")
                   || (Sums.Contains(name) && !parameters.Contains("Scalar"))
                   || (Operators.Contains(name) && parameters.Any(parameter => parameter != Tensor))
                   || name is "square" or "pow" or "fill_"
               orderby name
               select $"{name}({string.Join(", ", parameters)})",
        ];
    }

    /// <summary>Types by their simple names.</summary>
    private sealed class Names : ISignatureTypeProvider<string, object?>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeReference(handle).Name);

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

        public string GetByReferenceType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType;

        public string GetArrayType(string elementType, ArrayShape shape) => elementType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetFunctionPointerType(MethodSignature<string> signature) => "function";

        public string GetGenericMethodParameter(object? genericContext, int index) => "T";

        public string GetGenericTypeParameter(object? genericContext, int index) => "T";

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => "specification";
    }
}
