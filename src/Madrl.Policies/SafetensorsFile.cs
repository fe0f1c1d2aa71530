namespace Madrl.Policies;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">The tensors by name, in the order in which their data lie in the file.</param>
/// <param name="Metadata">The strings under <c>__metadata__</c>, in ordinal order of their keys.</param>
public sealed record SafetensorsFile(OrderedDictionary<string, Block> Tensors, SortedDictionary<string, string> Metadata);
