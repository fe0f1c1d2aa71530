namespace Madrl.Policies.Tests;

/// <summary>Where the golden data of the public reference programs lie.</summary>
internal static class ReferenceFolder
{
    /// <summary>MADRL_REFERENCE, else shared/reference beside the checkout, else the subset in tests/data/reference.</summary>
    public static string Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable("MADRL_REFERENCE") is { Length: > 0 } named) return named;
            var checkout = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(checkout.FullName, "MadrlOrleans.sln")))
                checkout = checkout.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside a checkout.");

            var full = Path.Combine(checkout.Parent!.FullName, "shared", "reference");
            return Directory.Exists(full) ? full : Path.Combine(checkout.FullName, "tests", "data", "reference");
        }
    }

    /// <summary>All safetensors files of a folder, by their path below <see cref="Root"/>.</summary>
    public static IEnumerable<string> Safetensors(string folder)
    {
        var files = Directory.GetFiles(Path.Combine(Root, folder), "*.safetensors", SearchOption.AllDirectories);
        if (files.Length == 0) throw new FileNotFoundException($"There is no safetensors file in {folder} of {Root}.");
        return files.Order(StringComparer.Ordinal).Select(file => Path.GetRelativePath(Root, file));
    }

    public static SafetensorsFile Read(string path) => Policies.Safetensors.Read(File.ReadAllBytes(Path.Combine(Root, path)));
}
