using Madrl.Policies;

namespace Madrl.Onnx;

/// <summary>
/// The layers of a network as ONNX operators. A recurrent layer is written out in PyTorch's form, because ONNX's own GRU
/// operator orders its gates otherwise and takes whole sequences.
/// </summary>
internal static class OnnxLayers
{
    private const float NormEpsilon = 1e-5f;

    /// <summary>Adds all layers.</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="network">The layers.</param>
    /// <param name="parameters">Their parameters by PyTorch's names, which stay their names in the model.</param>
    /// <param name="x">Name of the input [batch, inputs].</param>
    /// <param name="state">Name of the state [batch, StateSize]; not used by a network without one.</param>
    /// <returns>Names of the outputs [batch, outputs] and of the next state; null for a network without one.</returns>
    public static (string Outputs, string? State) Forward(
        GraphBuilder graph, NetworkDescription network, IReadOnlyDictionary<string, Block> parameters, string x, string state)
    {
        var before = new Queue<string>(States(graph, network, state));
        var after = new List<string>();
        foreach (var layer in network.Layers)
        {
            string[] own = [.. layer.Parameters().Select(parameter => graph.Parameter(parameter.Name, parameters[parameter.Name]))];
            x = layer.Kind switch
            {
                LayerKind.Gru => Gru(graph, layer, own, x, before.Dequeue()),
                LayerKind.LayerNorm => graph.LayerNormalization($"/network/{layer.Name}/LayerNormalization", x, own[0], own[1], NormEpsilon),
                LayerKind.Linear => graph.Gemm($"/network/{layer.Name}/Gemm", x, own[0], own[1]),
                _ => throw new ArgumentException($"Layer {layer.Name} is of the unknown kind {layer.Kind}.", nameof(network)),
            };
            if (layer.Kind == LayerKind.Gru) after.Add(x);
            x = layer.Activation switch
            {
                Activation.Relu => graph.Node("Relu", $"/network/{layer.Name}/Relu", x),
                Activation.Tanh => graph.Node("Tanh", $"/network/{layer.Name}/Tanh", x),
                _ => x,
            };
        }

        return (x, after.Count == 0 ? null : graph.Concat("/next_state/Concat", after));
    }

    /// <summary>The states of the recurrent layers, in their order.</summary>
    private static string[] States(GraphBuilder graph, NetworkDescription network, string state)
    {
        var recurrent = network.Layers.Where(layer => layer.Kind == LayerKind.Gru).ToArray();
        return recurrent.Length == 0
            ? []
            : graph.Split("/states", state, "states.sizes", [.. recurrent.Select(layer => (layer.Name, layer.Outputs))]);
    }

    /// <summary>h' = n + z (h - n) with r, z = σ(W x + b + U h + c), n = tanh(W x + b + r (U h + c)), rows in the order r, z, n.</summary>
    private static string Gru(GraphBuilder graph, LayerDescription layer, string[] own, string x, string state)
    {
        string Name(string part) => $"/network/{layer.Name}/{part}";
        string[] Gates(string part, string product) => graph.Split(
            Name(part), product, $"{layer.Name}.gate_sizes", [("reset", layer.Outputs), ("update", layer.Outputs), ("new", layer.Outputs)]);
        var input = Gates("input", graph.Gemm(Name("input/Gemm"), x, own[0], own[2]));
        var hidden = Gates("hidden", graph.Gemm(Name("hidden/Gemm"), state, own[1], own[3]));

        var reset = graph.Node("Sigmoid", Name("reset"), graph.Node("Add", Name("reset/Add"), input[0], hidden[0]));
        var update = graph.Node("Sigmoid", Name("update"), graph.Node("Add", Name("update/Add"), input[1], hidden[1]));
        var remembered = graph.Node("Mul", Name("new/Mul"), reset, hidden[2]);
        var candidate = graph.Node("Tanh", Name("new"), graph.Node("Add", Name("new/Add"), input[2], remembered));
        var kept = graph.Node("Mul", Name("kept"), update, graph.Node("Sub", Name("kept/Sub"), state, candidate));
        return graph.Node("Add", Name("state"), candidate, kept);
    }
}
