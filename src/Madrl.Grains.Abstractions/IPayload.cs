namespace Madrl.Grains.Abstractions;

/// <summary>A message that carries tensors: at most <see cref="Protocols.MessageLimit.Bytes"/> of them.</summary>
public interface IPayload
{
    /// <summary>Bytes of the tensors in it.</summary>
    long PayloadBytes { get; }
}
