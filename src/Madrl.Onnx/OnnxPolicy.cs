using System.Globalization;
using Google.Protobuf;
using Madrl.Policies;
using Onnx;

namespace Madrl.Onnx;

/// <summary>
/// An agent's policy as an ONNX model, for programs that act without this one. Its input is the bare observation: what is
/// the agent's own, its one-hot id among them, is part of the model. The batch axis is free.
/// </summary>
/// <remarks>
/// Inputs: <c>observation</c> [batch, ObservationSize] and, where the network is recurrent, <c>state</c> [batch, StateSize].
/// Outputs by head: <c>logits</c> [batch, actions]; <c>means</c> [batch, size] and <c>log_std</c> [size]; <c>action</c>
/// [batch, size]; and <c>next_state</c> [batch, StateSize] of a recurrent network. All are float32; the model says in its own
/// texts what they mean. Source: the ONNX specification, IR version 8 and the default operators of version 17, the first
/// that has LayerNormalization.
/// </remarks>
public static class OnnxPolicy
{
    private const int IrVersion = 8, OperatorSet = 17;
    private const string Observation = "observation", State = "state", NextState = "next_state";

    /// <summary>The model as the content of an <c>.onnx</c> file.</summary>
    /// <param name="description">The network and its action head.</param>
    /// <param name="weights">Float32 [ParameterCount], as in <see cref="PolicyWeights"/>.</param>
    /// <param name="agent">The agent's index, which selects its one-hot id, if there is one.</param>
    /// <param name="metadata">Strings that go along as the model's metadata; <c>agent</c>, <c>head</c> and <c>policy</c> are added.</param>
    /// <exception cref="ArgumentException">The description is inconsistent, or the weights are not its.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The agent is negative or has no one-hot id.</exception>
    public static byte[] Write(PolicyDescription description, Block weights, int agent, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var parameters = PolicyWeights.ToNamed(description, weights, "").ToDictionary();
        ArgumentOutOfRangeException.ThrowIfNegative(agent);
        if (description.AgentIds > 0) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(agent, description.AgentIds);

        var model = new ModelProto
        {
            IrVersion = IrVersion,
            OpsetImport = { new OperatorSetIdProto { Version = OperatorSet } },
            ProducerName = "madrl",
            DocString = "The policy of one agent of a team, as it acts: " + Meaning(description.Head),
            Graph = Graph(description, parameters, agent),
        };
        IEnumerable<KeyValuePair<string, string>> own =
        [
            new("agent", agent.ToString(CultureInfo.InvariantCulture)), new("head", OutputName(description.Head)),
            new("policy", PolicyJson.ToJson(description)),
        ];
        model.MetadataProps.AddRange(metadata.Concat(own).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }));
        return model.ToByteArray();
    }

    private static GraphProto Graph(PolicyDescription description, Dictionary<string, Block> parameters, int agent)
    {
        var (graph, network) = (new GraphBuilder("policy"), description.Network);
        graph.Input(Observation, description.ObservationSize, "What the agent observes, without its id.");
        if (network.StateSize > 0) graph.Input(State, network.StateSize, "next_state of the step before; zeros where an episode begins.");

        var x = AgentInput.Fold(graph, description, parameters, Observation, agent);
        var (outputs, state) = OnnxLayers.Forward(graph, network, parameters, x, State);
        AddHead(graph, description, parameters, outputs);
        if (state is not null)
        {
            graph.Node("Identity", NextState, state);
            graph.Output(NextState, network.StateSize, "What the next step takes as state.");
        }

        return graph.Graph;
    }

    private static void AddHead(GraphBuilder graph, PolicyDescription description, Dictionary<string, Block> parameters, string outputs)
    {
        var name = OutputName(description.Head);
        if (description.Bounds is { } bounds) Bound(graph, outputs, bounds, name);
        else graph.Node("Identity", name, outputs);
        graph.Output(name, description.Network.Outputs, Meaning(description.Head));
        if (description.Head != ActionHead.Gaussian) return;

        const string logStd = "log_std";
        graph.Node("Identity", logStd, graph.Parameter("head.log_std", parameters[logStd]));
        graph.ConstantOutput(logStd, description.Network.Outputs, "Natural logarithms of the standard deviations, the same for every observation.");
    }

    /// <summary>The tanh of the outputs spread over the range, as acting does it: clipped, because rounding may leave the range.</summary>
    private static void Bound(GraphBuilder graph, string outputs, BoundedActions bounds, string name)
    {
        var half = graph.Scalar("head.half_range", (bounds.High - bounds.Low) / 2);
        var middle = graph.Scalar("head.middle", (bounds.Low + bounds.High) / 2);
        var tanh = graph.Node("Tanh", "/head/Tanh", outputs);
        var spread = graph.Node("Add", "/head/Add", graph.Node("Mul", "/head/Mul", tanh, half), middle);
        graph.Node("Clip", name, spread, graph.Scalar("head.low", bounds.Low), graph.Scalar("head.high", bounds.High));
    }

    private static string OutputName(ActionHead head) => head switch
    {
        ActionHead.Categorical => "logits",
        ActionHead.Gaussian => "means",
        ActionHead.Deterministic => "action",
        _ => throw new ArgumentOutOfRangeException(nameof(head), head, "Unknown action head."),
    };

    private static string Meaning(ActionHead head) => head switch
    {
        ActionHead.Categorical =>
            "logits of the discrete actions: their softmax is what an action is drawn from, the index of the largest is the greedy action.",
        ActionHead.Gaussian =>
            "means of independent normal distributions with the standard deviations exp(log_std): an action is drawn from these, " +
            "the means are the greedy action.",
        _ => "the action itself, within its range and without exploration noise.",
    };
}
