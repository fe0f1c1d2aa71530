namespace Madrl.Grains.Abstractions;

/// <summary>A message that carries tensors.</summary>
public interface IPayload
{
    /// <summary>Largest payload of one message; a larger one would tear down the connection between silos.</summary>
    const long MaxBytes = 64L * 1024 * 1024;

    /// <summary>Bytes of the tensors in it.</summary>
    long PayloadBytes { get; }
}
