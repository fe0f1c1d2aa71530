using Madrl.Learning.Networks;
using Madrl.Policies;
using TorchSharp;

namespace Madrl.Benchmarks.Cases;

/// <summary>What every side of a comparison begins from, by name: weights, batch, and the numbers of the update as scalars.</summary>
internal sealed class CaseData
{
    private readonly Dictionary<string, Block> _blocks = [];

    /// <summary>Adds a block.</summary>
    public void Add(string name, Block block) => _blocks.Add(name, block);

    /// <summary>Adds a copy of a tensor.</summary>
    public void Add(string name, torch.Tensor tensor) => _blocks.Add(name, Tensors.ToBlock(tensor));

    /// <summary>Adds a number.</summary>
    public void Add(string name, double number) => _blocks.Add(name, Block.From([number]));

    /// <summary>Whether there is something of that name.</summary>
    public bool Has(string name) => _blocks.ContainsKey(name);

    /// <summary>A block as a new tensor, the caller's.</summary>
    public torch.Tensor Tensor(string name) => Tensors.FromBlock(_blocks[name]);

    /// <summary>A number.</summary>
    public double Number(string name) => _blocks[name].AsDoubles()[0];

    /// <summary>All of it as a safetensors file.</summary>
    public byte[] ToFile() => Safetensors.Write([.. _blocks.Select(item => (item.Key, item.Value))], new Dictionary<string, string>());
}
