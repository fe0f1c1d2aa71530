using Madrl.Policies;

namespace Madrl.Onnx;

/// <summary>What makes a network that sees the observation and a one-hot agent id into one agent's, which sees the observation.</summary>
internal static class AgentInput
{
    /// <summary>
    /// Takes the agent's id into the first layer. Where this is linear in its input, the column of the id, the only one of them
    /// that is ever multiplied by 1, is added to the bias, as in acting; else the id is appended to the observation.
    /// </summary>
    /// <returns>Name of what the first layer takes.</returns>
    public static string Fold(
        GraphBuilder graph, PolicyDescription description, Dictionary<string, Block> parameters, string observation, int agent)
    {
        if (description.AgentIds == 0) return observation;
        var first = description.Network.Layers[0];
        if (first.Kind == LayerKind.LayerNorm) return Append(graph, description, observation, agent);

        var (weight, bias) = first.Kind == LayerKind.Gru ? ("weight_ih", "bias_ih") : ("weight", "bias");
        FoldColumn(parameters, $"{first.Name}.{weight}", $"{first.Name}.{bias}", description.ObservationSize, agent);
        return observation;
    }

    private static string Append(GraphBuilder graph, PolicyDescription description, string observation, int agent)
    {
        var id = new float[description.Network.Inputs];
        id[description.ObservationSize + agent] = 1;
        var padded = graph.Node("Pad", "/agent/Pad", observation, graph.Integers("agent.pads", 0, 0, 0, description.AgentIds));
        return graph.Node("Add", "/agent/Add", padded, graph.Parameter("agent.id", Block.From(id, id.Length)));
    }

    private static void FoldColumn(Dictionary<string, Block> parameters, string weightName, string biasName, int observation, int agent)
    {
        var (weight, bias) = (parameters[weightName], parameters[biasName].AsSingles().ToArray());
        var (columns, kept) = (weight.Shape[1], new float[bias.Length * observation]);
        for (var row = 0; row < bias.Length; row++)
        {
            var values = weight.AsSingles().Slice(row * columns, columns);
            values[..observation].CopyTo(kept.AsSpan(row * observation));
            bias[row] += values[observation + agent];
        }

        parameters[weightName] = Block.From(kept, bias.Length, observation);
        parameters[biasName] = Block.From(bias, bias.Length);
    }
}
