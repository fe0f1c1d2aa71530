using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Naive;

/// <summary>
/// What the naive forms share. They are ordinary TorchSharp, numbers next to tensors included, which is safe in a benchmark alone:
/// a scalar can be collected during its call only if another thread allocates meanwhile, and here none does.
/// </summary>
internal static class Modules
{
    /// <summary>Two hidden layers of 64 with ReLU.</summary>
    public static nn.Module<Tensor, Tensor> Mlp(long inputs, long outputs, Tensor weights)
    {
        var module = nn.Sequential(nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs));
        Load(module, weights);
        return module;
    }

    /// <summary>Fills a module's parameters, one after another, from a flat vector.</summary>
    public static void Load(nn.Module module, Tensor weights)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (flat, offset) = (weights.view(-1), 0L);
        foreach (var parameter in module.parameters())
        {
            parameter.copy_(flat.narrow(0, offset, parameter.numel()).view(parameter.shape));
            offset += parameter.numel();
        }

        if (offset != weights.numel()) throw new ArgumentException($"The module has {offset} parameters, not {weights.numel()}.", nameof(weights));
    }

    /// <summary>target = (1 - τ) target + τ online, parameter by parameter.</summary>
    public static void Follow(nn.Module target, nn.Module online, double tau)
    {
        using var frozen = no_grad();
        foreach (var (follower, leader) in target.parameters().Zip(online.parameters())) follower.mul_(1 - tau).add_(leader, alpha: tau);
    }
}
