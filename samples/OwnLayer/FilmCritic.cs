using Madrl.Learning.Networks;
using Madrl.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace OwnLayer;

/// <summary>
/// A critic of the global state, one network for all agents, whose hidden units each agent i scales and shifts by numbers of
/// its own (FiLM: Perez et al., AAAI 2018): value_i = fc2(relu(scale_i · fc1(state) + shift_i)).
/// </summary>
public sealed class FilmCritic(int agents, int stateSize, int hidden, ScalarType type = ScalarType.Float32) : IDisposable
{
    public FlatParameters Parameters { get; } = new(
        type,
        ("fc1.weight", [hidden, stateSize]), ("fc1.bias", [hidden]),
        ("film.scale", [agents, hidden]), ("film.shift", [agents, hidden]),
        ("fc2.weight", [1, hidden]), ("fc2.bias", [1]));

    /// <summary>The values [n, B, T] of n agents in the states [B, T, S].</summary>
    public Tensor Values(Tensor states)
    {
        var seen = linear(states, Parameters["fc1.weight"], Parameters["fc1.bias"]); // [B, T, H], once for all agents
        var scale = Parameters["film.scale"].unsqueeze(1).unsqueeze(1); // [n, 1, 1, H]
        var shift = Parameters["film.shift"].unsqueeze(1).unsqueeze(1);
        return linear((seen * scale).Plus(shift).relu(), Parameters["fc2.weight"], Parameters["fc2.bias"]).squeeze(-1);
    }

    /// <summary>The linear layers as PyTorch draws them; the agents begin alike.</summary>
    public void Initialise(ulong seed, int network)
    {
        var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, network, 0, 0);
        Parameters.DrawLinear("fc1", ref random);
        Parameters.DrawLinear("fc2", ref random);
        Parameters.Fill("film.scale", 1);
        Parameters.Fill("film.shift", 0);
    }

    public void Dispose() => Parameters.Dispose();
}
