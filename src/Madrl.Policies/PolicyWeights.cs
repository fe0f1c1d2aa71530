using System.Runtime.InteropServices;

namespace Madrl.Policies;

/// <summary>Between a policy's flat weight vector and tensors with PyTorch's parameter names.</summary>
public static class PolicyWeights
{
    /// <summary>Name of the logarithms of a Gaussian head's standard deviations, which follow the last layer.</summary>
    public const string LogStdName = "log_std";

    /// <summary>
    /// The parameters of a policy in the order in which they lie in the flat vector: those of every layer
    /// (<see cref="LayerDescription.Parameters"/>), then <c>log_std</c> [outputs] for a Gaussian head.
    /// </summary>
    /// <param name="description">What the weights belong to.</param>
    /// <param name="flat">The weights, float32 [ParameterCount].</param>
    /// <param name="prefix">What every name begins with, such as <c>agent0.</c>; may be empty.</param>
    /// <exception cref="ArgumentException">The description or the length of the weights is wrong.</exception>
    public static IReadOnlyList<(string Name, Block Tensor)> ToNamed(PolicyDescription description, Block flat, string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        DescriptionCheck.ThrowIfInconsistent(description);
        ThrowIfUnfit(description, flat, nameof(flat));

        var named = new List<(string, Block)>();
        var offset = 0;
        foreach (var (name, shape, count) in Parameters(description))
        {
            named.Add((prefix + name, Block.From(flat.AsSingles().Slice(offset, count), shape)));
            offset += count;
        }

        return named;
    }

    /// <summary>The flat weight vector, float32 [ParameterCount], from named tensors; other tensors are ignored.</summary>
    /// <param name="description">What the weights belong to.</param>
    /// <param name="named">Tensors by name, such as those of a safetensors file.</param>
    /// <param name="prefix">What every name begins with, such as <c>agent0.</c>; may be empty.</param>
    /// <exception cref="ArgumentException">A parameter is missing, or has another type or shape.</exception>
    public static Block FromNamed(PolicyDescription description, IReadOnlyDictionary<string, Block> named, string prefix)
    {
        ArgumentNullException.ThrowIfNull(named);
        ArgumentNullException.ThrowIfNull(prefix);
        DescriptionCheck.ThrowIfInconsistent(description);

        var data = new byte[description.ParameterCount * sizeof(float)];
        var flat = MemoryMarshal.Cast<byte, float>(data.AsSpan());
        foreach (var (name, shape, count) in Parameters(description))
        {
            if (!named.TryGetValue(prefix + name, out var tensor))
                throw new ArgumentException($"There is no tensor {prefix + name}.", nameof(named));
            if (tensor.Type != ElementType.Float32 || !tensor.Shape.SequenceEqual(shape))
            {
                throw new ArgumentException(
                    $"Tensor {prefix + name} is {tensor.Type} [{string.Join(", ", tensor.Shape)}], the policy takes " +
                    $"Float32 [{string.Join(", ", shape)}].",
                    nameof(named));
            }

            tensor.AsSingles().CopyTo(flat);
            flat = flat[count..];
        }

        return new Block(ElementType.Float32, [description.ParameterCount], data);
    }

    /// <summary>Checks the type and the number of a policy's weights.</summary>
    /// <exception cref="ArgumentException">Says what the policy takes and what it got.</exception>
    internal static void ThrowIfUnfit(PolicyDescription description, Block weights, string argument)
    {
        ArgumentNullException.ThrowIfNull(weights, argument);
        if (weights.Type == ElementType.Float32 && weights.Data.Length == description.ParameterCount * sizeof(float)) return;

        var layers = description.Network.Layers.Select(layer => $"{layer.Name} {layer.ParameterCount}");
        throw new ArgumentException(
            $"The weights are {weights.Count} numbers of type {weights.Type}, the policy takes {description.ParameterCount} of " +
            $"type Float32: {string.Join(", ", layers)}{(description.Head == ActionHead.Gaussian ? ", " + LogStdName : "")}.",
            argument);
    }

    private static IEnumerable<(string Name, int[] Shape, int Count)> Parameters(PolicyDescription description)
    {
        foreach (var (name, shape) in description.Network.Layers.SelectMany(layer => layer.Parameters()))
            yield return (name, shape, shape.Aggregate(1, (count, size) => count * size));

        var outputs = description.Network.Outputs;
        if (description.Head == ActionHead.Gaussian) yield return (LogStdName, [outputs], outputs);
    }
}
