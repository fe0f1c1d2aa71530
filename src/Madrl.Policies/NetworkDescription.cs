using System.Text.Json.Serialization;

namespace Madrl.Policies;

/// <summary>What follows a linear layer.</summary>
public enum Activation : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>max(0, x).</summary>
    Relu = 1,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh = 2,
}

/// <summary>A linear layer y = activation(x Wᵀ + b) with W [outputs, inputs] and b [outputs].</summary>
/// <param name="Name">PyTorch's name of the module: its parameters are <c>name.weight</c> and <c>name.bias</c>.</param>
/// <param name="Inputs">Size of x.</param>
/// <param name="Outputs">Size of y.</param>
/// <param name="Activation">What follows.</param>
public sealed record LayerDescription(string Name, int Inputs, int Outputs, Activation Activation)
{
    /// <summary>Numbers in W and b together.</summary>
    public int ParameterCount => Outputs * (Inputs + 1);
}

/// <summary>
/// A feed-forward network, described once: the TorchSharp module that learns and the policy that acts are both built
/// from this. Its weights are one flat vector: layer after layer, W row-major, then b.
/// </summary>
/// <param name="Layers">The layers in order.</param>
public sealed record NetworkDescription(IReadOnlyList<LayerDescription> Layers)
{
    /// <summary>Size of the input.</summary>
    public int Inputs => Layers[0].Inputs;

    /// <summary>Size of the output.</summary>
    public int Outputs => Layers[^1].Outputs;

    /// <summary>Length of the flat weight vector.</summary>
    public int ParameterCount => Layers.Sum(layer => layer.ParameterCount);

    /// <summary>Two hidden layers of one size and a linear output: <c>fc1</c>, <c>fc2</c>, <c>fc3</c>.</summary>
    public static NetworkDescription Mlp(int inputs, int hidden, int outputs, Activation activation) => new(
    [
        new LayerDescription("fc1", inputs, hidden, activation),
        new LayerDescription("fc2", hidden, hidden, activation),
        new LayerDescription("fc3", hidden, outputs, Activation.None),
    ]);
}

/// <summary>What a policy network's outputs mean.</summary>
public enum ActionHead : byte
{
    /// <summary>Logits of a categorical distribution.</summary>
    Categorical = 0,

    /// <summary>Means of independent Gaussians; their log standard deviations are a parameter <c>log_std</c> after the last layer.</summary>
    Gaussian = 1,

    /// <summary>Bounded actions: the tanh of the outputs spread over the range of <see cref="PolicyDescription.Bounds"/>.</summary>
    Deterministic = 2,
}

/// <summary>
/// The range of deterministic actions and the Ornstein-Uhlenbeck noise that explores around them. The noise is measured in
/// halves of the range and starts anew with each episode: x(0) = σ ε(0), x(t) = (1 - θ) x(t - 1) + σ ε(t), ε standard normal.
/// </summary>
/// <param name="Low">Smallest value of an action.</param>
/// <param name="High">Largest value of an action.</param>
/// <param name="Theta">θ, the part of the noise that is lost in a step, in [0, 1].</param>
/// <param name="Sigma">σ, the standard deviation of what is added in a step, at least 0.</param>
public sealed record BoundedActions(float Low, float High, float Theta, float Sigma);

/// <summary>An actor: the network, and how observations go in and actions come out.</summary>
/// <param name="Network">The network; its input is the observation followed by the one-hot agent id.</param>
/// <param name="Head">What its outputs mean.</param>
/// <param name="ObservationSize">Length of an observation.</param>
/// <param name="AgentIds">Length of the one-hot agent id, 0 where the actor does not see it.</param>
/// <param name="Bounds">Range and exploration of a deterministic head; null for another.</param>
public sealed record PolicyDescription(
    NetworkDescription Network, ActionHead Head, int ObservationSize, int AgentIds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoundedActions? Bounds = null)
{
    /// <summary>Length of the flat weight vector: the network, then <c>log_std</c> for a Gaussian head.</summary>
    public int ParameterCount => Network.ParameterCount + (Head == ActionHead.Gaussian ? Network.Outputs : 0);
}
