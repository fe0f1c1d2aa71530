using Madrl.Policies;

namespace Madrl.Grains.Abstractions;

/// <summary>How a <see cref="Block"/> is written to the wire: its bytes go in bulk.</summary>
[GenerateSerializer, Immutable, Alias("madrl.Block")]
public struct BlockSurrogate
{
    /// <summary>Element type.</summary>
    [Id(0)]
    public byte Type;

    /// <summary>Shape.</summary>
    [Id(1)]
    public int[] Shape;

    /// <summary>The bytes.</summary>
    [Id(2)]
    public byte[] Data;
}

/// <summary>Converts between <see cref="Block"/>, which knows nothing of Orleans, and its surrogate.</summary>
[RegisterConverter]
public sealed class BlockConverter : IConverter<Block, BlockSurrogate>
{
    /// <inheritdoc/>
    public Block ConvertFromSurrogate(in BlockSurrogate surrogate) => new((ElementType)surrogate.Type, surrogate.Shape, surrogate.Data);

    /// <inheritdoc/>
    public BlockSurrogate ConvertToSurrogate(in Block value) => new() { Type = (byte)value.Type, Shape = [.. value.Shape], Data = value.Data };
}
