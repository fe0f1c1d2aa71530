using Microsoft.ML.OnnxRuntime;

namespace Madrl.Onnx.Tests;

/// <summary>An ONNX file as the ONNX runtime computes it.</summary>
public sealed class OnnxModel(byte[] file) : IDisposable
{
    private readonly InferenceSession _session = new(file);

    /// <summary>The inputs with their shapes: <c>observation [batch, 18]</c>.</summary>
    public IEnumerable<string> Inputs => _session.InputMetadata.Select(Describe);

    /// <summary>The outputs with their shapes.</summary>
    public IEnumerable<string> Outputs => _session.OutputMetadata.Select(Describe);

    /// <summary>What the file says of itself.</summary>
    public ModelMetadata Metadata => _session.ModelMetadata;

    /// <summary>All outputs by name for inputs [rows, size] by name.</summary>
    public Dictionary<string, float[]> Run(int rows, params (string Name, float[] Values)[] inputs)
    {
        var values = inputs.ToDictionary(
            input => input.Name, input => OrtValue.CreateTensorValueFromMemory(input.Values, [rows, input.Values.Length / rows]));
        using var options = new RunOptions();
        using var outputs = _session.Run(options, values, _session.OutputNames);
        foreach (var value in values.Values) value.Dispose();
        return _session.OutputNames.Zip(outputs, (name, value) => (name, value.GetTensorDataAsSpan<float>().ToArray())).ToDictionary();
    }

    public void Dispose() => _session.Dispose();

    private static string Describe(KeyValuePair<string, NodeMetadata> pair)
    {
        var sizes = pair.Value.Dimensions.Zip(pair.Value.SymbolicDimensions, (size, symbol) => size < 0 ? symbol : $"{size}");
        return $"{pair.Key} [{string.Join(", ", sizes)}]";
    }
}
