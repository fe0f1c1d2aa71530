using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Madrl.Policies;

/// <summary>The fingerprint of a run's final policies: what two runs are compared by.</summary>
public static class WeightsHash
{
    /// <summary>
    /// SHA-256 over the tensors in ordinal order of their names. Each contributes its name in UTF-8, a zero byte, its
    /// safetensors dtype, a zero byte, its shape as decimal numbers joined by commas, a zero byte and its data.
    /// </summary>
    /// <param name="tensors">The tensors, in any order.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static string Compute(IEnumerable<(string Name, Block Tensor)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string? previous = null;
        foreach (var (name, tensor) in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            if (name == previous) throw new ArgumentException($"Two tensors are named {name}.", nameof(tensors));
            previous = name;
            AppendText(hash, name);
            AppendText(hash, Safetensors.DtypeName(tensor.Type));
            AppendText(hash, string.Join(',', tensor.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture))));
            hash.AppendData(tensor.Data);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
