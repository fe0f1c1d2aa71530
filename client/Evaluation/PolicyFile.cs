using Madrl.Policies;
using Madrl.Protocols.Roles;

namespace Madrl.Terminal.Evaluation;

/// <summary>
/// Policies as a safetensors file that other programs read and write: PyTorch's names, <c>agent.</c> or <c>agents.i.</c> before them.
/// </summary>
internal static class PolicyFile
{
    /// <summary>Reads policies that are built like those of a run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="like">How they are built; what the file itself says of that is not looked at.</param>
    /// <exception cref="UsageException">The file is missing, is no safetensors file, or holds other tensors.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PolicySet Read(string path, PolicySet like)
    {
        if (!File.Exists(path)) throw new UsageException($"There is no file '{path}'.");
        try
        {
            return PolicySet.FromNamed(like.Description, Safetensors.Read(File.ReadAllBytes(path)).Tensors, like.Weights.Count);
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException)
        {
            throw new UsageException($"'{path}' holds no policies of this run: {error.Message}", error);
        }
    }
}
