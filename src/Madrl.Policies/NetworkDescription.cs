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

/// <summary>What a layer computes.</summary>
public enum LayerKind : byte
{
    /// <summary>y = activation(x Wᵀ + b): <c>weight</c> [outputs, inputs], <c>bias</c> [outputs].</summary>
    Linear = 0,

    /// <summary>
    /// A gated recurrent unit (Cho et al. 2014, in PyTorch's form): <c>weight_ih</c> [3 outputs, inputs], <c>weight_hh</c>
    /// [3 outputs, outputs], <c>bias_ih</c> and <c>bias_hh</c> [3 outputs], rows in the order reset, update, new.
    /// Its state is its output.
    /// </summary>
    Gru = 1,

    /// <summary>
    /// Layer normalisation (Ba, Kiros, Hinton 2016) over the inputs, biased variance, ε = 1e-5: <c>weight</c> and <c>bias</c> [outputs].
    /// </summary>
    LayerNorm = 2,
}

/// <summary>A layer: what it computes, then its activation.</summary>
/// <param name="Name">PyTorch's name of the module: its parameters are <c>name.weight</c>, <c>name.bias</c> and so on.</param>
/// <param name="Inputs">Size of x.</param>
/// <param name="Outputs">Size of y.</param>
/// <param name="Activation">What follows; nothing after a recurrent layer.</param>
/// <param name="Kind">What it computes.</param>
public sealed record LayerDescription(
    string Name, int Inputs, int Outputs, Activation Activation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] LayerKind Kind = LayerKind.Linear)
{
    /// <summary>Numbers in all parameters together.</summary>
    public int ParameterCount => Kind switch
    {
        LayerKind.Gru => 3 * Outputs * (Inputs + Outputs + 2),
        LayerKind.LayerNorm => 2 * Outputs,
        _ => Outputs * (Inputs + 1),
    };

    /// <summary>The parameters with PyTorch's names, in the order in which they lie in the flat weight vector.</summary>
    public IEnumerable<(string Name, int[] Shape)> Parameters() => Kind switch
    {
        LayerKind.Gru =>
        [
            ($"{Name}.weight_ih", [3 * Outputs, Inputs]), ($"{Name}.weight_hh", [3 * Outputs, Outputs]),
            ($"{Name}.bias_ih", [3 * Outputs]), ($"{Name}.bias_hh", [3 * Outputs]),
        ],
        LayerKind.LayerNorm => [($"{Name}.weight", [Outputs]), ($"{Name}.bias", [Outputs])],
        _ => [($"{Name}.weight", [Outputs, Inputs]), ($"{Name}.bias", [Outputs])],
    };
}

/// <summary>
/// A network, described once: the TorchSharp module that learns and the policy that acts are both built from this. Its
/// weights are one flat vector: layer after layer, the parameters of each in the order of <see cref="LayerDescription.Parameters"/>.
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

    /// <summary>Numbers that the network carries from step to step: the outputs of its recurrent layers, one after another.</summary>
    public int StateSize => Layers.Sum(layer => layer.Kind == LayerKind.Gru ? layer.Outputs : 0);

    /// <summary>Checks that sizes are positive, names unique, and that each layer takes what the one before it gives.</summary>
    /// <exception cref="ArgumentException">Says which layer does not fit, with both sizes.</exception>
    public void ThrowIfInconsistent() => DescriptionCheck.ThrowIfInconsistent(this);

    /// <summary>Two hidden layers of one size and a linear output: <c>fc1</c>, <c>fc2</c>, <c>fc3</c>.</summary>
    public static NetworkDescription Mlp(int inputs, int hidden, int outputs, Activation activation) => new(
    [
        new LayerDescription("fc1", inputs, hidden, activation),
        new LayerDescription("fc2", hidden, hidden, activation),
        new LayerDescription("fc3", hidden, outputs, Activation.None),
    ]);

    /// <summary>EPyMARL's recurrent agent: a linear layer with ReLU, a GRU, a linear output: <c>fc1</c>, <c>rnn</c>, <c>fc2</c>.</summary>
    public static NetworkDescription Recurrent(int inputs, int hidden, int outputs) => new(
    [
        new LayerDescription("fc1", inputs, hidden, Activation.Relu),
        new LayerDescription("rnn", hidden, hidden, Activation.None, LayerKind.Gru),
        new LayerDescription("fc2", hidden, outputs, Activation.None),
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
