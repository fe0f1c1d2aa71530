using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Madrl.Learning.Tests.Nn;

/// <summary>Losses, which are libtorch's own, and clipping.</summary>
internal static class LossCases
{
    public static void Losses(NnCase reference)
    {
        var target = reference.In("target").detach();
        foreach (var output in reference.Outputs.Where(name => !name.EndsWith(".grad", StringComparison.Ordinal)))
        {
            var prediction = reference.In("prediction");
            var cut = output.LastIndexOf('.');
            var loss = Loss(output[..cut], prediction, target, Enum.Parse<Reduction>(output[(cut + 1)..], ignoreCase: true));
            reference.AssertClose(output, loss);
            if (reference.Outputs.Contains($"{output}.grad")) reference.AssertGradients(loss, ones_like(loss), ($"{output}.grad", prediction));
        }
    }

    public static void ClipNorm(NnCase reference)
    {
        string[] names = [.. reference.Inputs.Order(StringComparer.Ordinal)];
        foreach (var output in reference.Outputs.Where(name => name.EndsWith(".norm", StringComparison.Ordinal)))
        {
            var prefix = output[..^".norm".Length];
            var gradients = names.Select(name => reference.In(name).detach()).ToArray();
            var flat = cat([.. gradients.Select(gradient => gradient.flatten())]);
            reference.AssertClose(output, Networks.Adam.ClipNorm(flat, DistributionCases.Number(prefix, "max")));
            var clipped = flat.split([.. gradients.Select(gradient => gradient.numel())]);
            foreach (var (name, gradient, part) in names.Zip(gradients, clipped))
                reference.AssertClose($"{prefix}.{name}", part.view(gradient.shape));
        }
    }

    private static Tensor Loss(string name, Tensor prediction, Tensor target, Reduction reduction)
    {
        if (name == "mse") return functional.mse_loss(prediction, target, reduction);
        return name.StartsWith("huber", StringComparison.Ordinal)
            ? functional.huber_loss(prediction, target, DistributionCases.Number(name, "huber"), reduction)
            : functional.smooth_l1_loss(prediction, target, reduction, DistributionCases.Number(name, "smoothl1_"));
    }
}
