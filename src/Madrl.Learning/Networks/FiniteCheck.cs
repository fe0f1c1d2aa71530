using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// What checked mode looks at while one update is made: throws at the first tensor with a number that is not finite, naming
/// the tensor.
/// </summary>
/// <param name="when">Iteration or update, with its number.</param>
/// <param name="owner">What the names of a network's tensors begin with, such as <c>critic</c>.</param>
internal sealed class FiniteCheck(string when, string owner)
{
    /// <summary>Checks what a layer gave.</summary>
    /// <exception cref="NonFiniteException">It is not finite.</exception>
    public void Output(string layer, Tensor output) => Demand($"{owner}.{layer} output", output);

    /// <summary>Checks a network's loss.</summary>
    /// <exception cref="NonFiniteException">It is not finite.</exception>
    public void Loss(Tensor loss) => Demand($"{owner} loss", loss);

    /// <summary>Checks the parameters of a network, or what is added to their names: their gradients.</summary>
    /// <param name="flat">Where they lie one after another.</param>
    /// <param name="parameters">Views of them under PyTorch's names; asked for only where something is found.</param>
    /// <param name="suffix">What follows the names.</param>
    /// <exception cref="NonFiniteException">They are not finite.</exception>
    public void Flat(Tensor flat, Func<Tensor, IEnumerable<(string Name, Tensor Tensor)>> parameters, string suffix = "")
    {
        if (IsFinite(flat)) return;
        foreach (var (name, tensor) in parameters(flat.detach())) Demand($"{owner}.{name}{suffix}", tensor);
    }

    /// <summary>Checks any tensor.</summary>
    /// <exception cref="NonFiniteException">It is not finite.</exception>
    public void Demand(string name, Tensor tensor)
    {
        if (IsFinite(tensor)) return;
        using var scope = NewDisposeScope();
        var values = tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        var index = Array.FindIndex(values, value => !double.IsFinite(value));
        throw new NonFiniteException(name, when, tensor.shape, index, values[index]);
    }

    private static bool IsFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return tensor.isfinite().all().item<bool>();
    }
}
