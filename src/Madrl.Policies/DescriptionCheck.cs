using System.Diagnostics.CodeAnalysis;

namespace Madrl.Policies;

/// <summary>Finds what is wrong with a description before anything is built from it.</summary>
internal static class DescriptionCheck
{
    /// <summary>So that a weight vector's bytes, even padded to panels, are counted by an int.</summary>
    private const int MaximumParameters = 1 << 24;

    /// <summary>Checks that sizes are positive, names unique and each layer takes what the one before it gives.</summary>
    /// <exception cref="ArgumentException">Says which layer does not fit, with both sizes.</exception>
    public static void ThrowIfInconsistent(PolicyDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        ThrowIfInconsistent(description.Network);
        Require(Enum.IsDefined(description.Head), $"Action head {description.Head} is unknown.");
        Require(description.ObservationSize > 0, $"ObservationSize is {description.ObservationSize}, it must be positive.");
        Require(description.AgentIds >= 0, $"AgentIds is {description.AgentIds}, it must not be negative.");
        CheckBounds(description);
        var first = description.Network.Layers[0];
        var inputs = (long)description.ObservationSize + description.AgentIds;
        Require(
            first.Inputs == inputs,
            $"Layer {first.Name} takes {first.Inputs} inputs, but ObservationSize {description.ObservationSize} and " +
            $"AgentIds {description.AgentIds} make {inputs}.");
    }

    /// <summary>Checks a network alone: sizes, names, and that each layer takes what the one before it gives.</summary>
    /// <exception cref="ArgumentException">Says which layer does not fit, with both sizes.</exception>
    public static void ThrowIfInconsistent(NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var layers = network.Layers;
        Require(layers?.Count > 0, "The network has no layers: describe at least one.");
        foreach (var layer in layers) CheckLayer(layer);

        var duplicate = layers.GroupBy(layer => layer.Name).FirstOrDefault(group => group.Count() > 1);
        Require(duplicate is null, $"Two layers are named {duplicate?.Key}: give every layer a name of its own.");
        CheckSizes(layers);
    }

    private static void CheckBounds(PolicyDescription description)
    {
        var bounds = description.Bounds;
        Require(
            bounds is not null == (description.Head == ActionHead.Deterministic),
            $"Action head {description.Head} {(bounds is null ? "needs" : "takes no")} bounds.");
        if (bounds is null) return;
        Require(
            float.IsFinite(bounds.High - bounds.Low) && bounds.Low < bounds.High,
            $"The range of the actions, {bounds.Low} to {bounds.High}, is no range.");
        Require(bounds.Theta is >= 0 and <= 1, $"Theta is {bounds.Theta}, it must lie in [0, 1].");
        Require(float.IsFinite(bounds.Sigma) && bounds.Sigma >= 0, $"Sigma is {bounds.Sigma}, it must be finite and not negative.");
    }

    private static void CheckLayer(LayerDescription? layer)
    {
        Require(!string.IsNullOrEmpty(layer?.Name), "A layer is missing or has no name.");
        Require(Enum.IsDefined(layer.Activation), $"Layer {layer.Name} has the unknown activation {layer.Activation}.");
        var positive = layer is { Inputs: > 0, Outputs: > 0 };
        Require(positive, $"Layer {layer.Name} is {layer.Inputs} -> {layer.Outputs}: both sizes must be positive.");
        Require(Enum.IsDefined(layer.Kind), $"Layer {layer.Name} is of the unknown kind {layer.Kind}.");
        Require(
            layer.Kind != LayerKind.Gru || layer.Activation == Activation.None,
            $"Layer {layer.Name} is recurrent: it takes no activation, its output is its state.");
        Require(
            layer.Kind != LayerKind.LayerNorm || layer.Inputs == layer.Outputs,
            $"Layer {layer.Name} normalises: {layer.Inputs} inputs cannot become {layer.Outputs} outputs.");

        // In 64 bits: the product of two sizes may pass 2^31.
        var parameters = layer.Kind == LayerKind.Gru
            ? 3L * layer.Outputs * (layer.Inputs + (layer.Outputs + 2L))
            : layer.Outputs * (layer.Inputs + 1L);
        Require(
            parameters <= MaximumParameters,
            $"Layer {layer.Name} has {parameters} parameters, more than {MaximumParameters}.");
    }

    private static void CheckSizes(IReadOnlyList<LayerDescription> layers)
    {
        for (var i = 1; i < layers.Count; i++)
        {
            Require(
                layers[i].Inputs == layers[i - 1].Outputs,
                $"Layer {layers[i].Name} takes {layers[i].Inputs} inputs, but layer {layers[i - 1].Name} gives " +
                $"{layers[i - 1].Outputs} outputs.");
        }

        var total = layers.Sum(layer => (long)layer.ParameterCount) + layers[^1].Outputs;
        Require(total <= MaximumParameters, $"The network has {total} parameters, more than {MaximumParameters}.");
    }

    private static void Require([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message, "description");
    }
}
