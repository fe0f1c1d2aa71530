using System.Runtime.InteropServices;
using Google.Protobuf;
using Madrl.Policies;
using Onnx;
using static Onnx.AttributeProto.Types;
using DataType = Onnx.TensorProto.Types.DataType;
using Dimension = Onnx.TensorShapeProto.Types.Dimension;

namespace Madrl.Onnx;

/// <summary>An ONNX graph that grows node by node, each with one output or a split's; every method gives the names that later nodes take.</summary>
/// <param name="name">Name of the graph.</param>
internal sealed class GraphBuilder(string name)
{
    private const string Batch = "batch";

    /// <summary>What was built.</summary>
    public GraphProto Graph { get; } = new() { Name = name };

    /// <summary>An input [batch, size] of float32.</summary>
    public void Input(string input, int size, string meaning) =>
        Graph.Input.Add(Value(input, meaning, new Dimension { DimParam = Batch }, new Dimension { DimValue = size }));

    /// <summary>An output [batch, size] of float32.</summary>
    public void Output(string output, int size, string meaning) =>
        Graph.Output.Add(Value(output, meaning, new Dimension { DimParam = Batch }, new Dimension { DimValue = size }));

    /// <summary>An output [size] of float32 that does not depend on the input.</summary>
    public void ConstantOutput(string output, int size, string meaning) =>
        Graph.Output.Add(Value(output, meaning, new Dimension { DimValue = size }));

    /// <summary>A float32 tensor that is part of the model.</summary>
    public string Parameter(string parameter, Block tensor) =>
        Initializer(parameter, DataType.Float, tensor.Shape, tensor.Data);

    /// <summary>A number that is part of the model.</summary>
    public string Scalar(string parameter, float value) => Parameter(parameter, Block.From([value], []));

    /// <summary>Sizes that are part of the model; once more under the same name, they are the same.</summary>
    public string Integers(string parameter, params ReadOnlySpan<long> values) =>
        Graph.Initializer.Any(tensor => tensor.Name == parameter)
            ? parameter
            : Initializer(parameter, DataType.Int64, [values.Length], MemoryMarshal.AsBytes(values));

    /// <summary>A node without attributes, of the name of its output.</summary>
    public string Node(string operation, string output, params IEnumerable<string> inputs) => Add(operation, output, inputs, [output]);

    /// <summary>x Wᵀ + b.</summary>
    public string Gemm(string output, string x, string weight, string bias) =>
        Add("Gemm", output, [x, weight, bias], [output], new AttributeProto { Name = "transB", Type = AttributeType.Int, I = 1 });

    /// <summary>Layer normalisation over the last axis.</summary>
    public string LayerNormalization(string output, string x, string weight, string bias, float epsilon) => Add(
        "LayerNormalization", output, [x, weight, bias], [output],
        new AttributeProto { Name = "axis", Type = AttributeType.Int, I = -1 },
        new AttributeProto { Name = "epsilon", Type = AttributeType.Float, F = epsilon });

    /// <summary>Parts beside each other.</summary>
    public string Concat(string output, IEnumerable<string> parts) => Add("Concat", output, parts, [output], LastAxis());

    /// <summary>Cuts [batch, sum of sizes] into parts, named <c>prefix/part</c>.</summary>
    public string[] Split(string prefix, string x, string sizesName, IReadOnlyList<(string Name, int Size)> parts)
    {
        var sizes = Integers(sizesName, [.. parts.Select(part => (long)part.Size)]);
        string[] outputs = [.. parts.Select(part => $"{prefix}/{part.Name}")];
        Add("Split", $"{outputs[0]}/Split", [x, sizes], outputs, LastAxis());
        return outputs;
    }

    private static AttributeProto LastAxis() => new() { Name = "axis", Type = AttributeType.Int, I = -1 };

    private string Add(
        string operation, string node, IEnumerable<string> inputs, IEnumerable<string> outputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var added = new NodeProto { Name = node, OpType = operation, Input = { inputs }, Output = { outputs } };
        foreach (var attribute in attributes) added.Attribute.Add(attribute);
        Graph.Node.Add(added);
        return added.Output[0];
    }

    private string Initializer(string parameter, DataType type, IReadOnlyList<int> shape, ReadOnlySpan<byte> data)
    {
        Graph.Initializer.Add(new TensorProto
        {
            Name = parameter,
            DataType = (int)type,
            Dims = { shape.Select(size => (long)size) },
            RawData = ByteString.CopyFrom(data),
        });
        return parameter;
    }

    private static ValueInfoProto Value(string value, string meaning, params IEnumerable<Dimension> shape) => new()
    {
        Name = value,
        DocString = meaning,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = new TensorShapeProto { Dim = { shape } } },
        },
    };
}
