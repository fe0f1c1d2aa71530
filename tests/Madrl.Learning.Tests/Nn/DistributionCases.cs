using System.Globalization;
using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>Distributions over actions.</summary>
internal static class DistributionCases
{
    public static void LogProbabilities(NnCase reference)
    {
        var (dy, actions) = (reference.In("dy"), reference.In("actions").unsqueeze(-1));
        var logits = reference.In("logits");
        var log = Categorical.LogProbabilities(logits);
        var chosen = Categorical.Chosen(log, actions);
        reference.AssertClose("log_prob", log);
        reference.AssertClose("chosen", chosen);
        reference.AssertGradients(chosen, dy, ("grad.logits", logits));

        var masked = Categorical.LogProbabilities(Categorical.Mask(logits, reference.In("avail")));
        var maskedChosen = Categorical.Chosen(masked, actions);
        reference.AssertClose("masked.probabilities", masked.exp());
        reference.AssertClose("masked.chosen", maskedChosen);
        reference.AssertGradients(maskedChosen, dy, ("masked.grad.logits", logits));
    }

    public static void Entropy(NnCase reference)
    {
        var (dy, logits) = (reference.In("dy"), reference.In("logits"));
        var entropy = Categorical.Entropy(Categorical.LogProbabilities(logits));
        reference.AssertClose("entropy", entropy);
        reference.AssertGradients(entropy, dy, ("grad.logits", logits));

        // The file's masked entropy is EPyMARL's -Σ p log(p + 1e-10), ours has no such floor.
        var log = Categorical.LogProbabilities(Categorical.Mask(logits, reference.In("avail")));
        var probabilities = log.exp();
        var floor = (probabilities * (probabilities.Plus(1e-10).log() - log)).sum(-1);
        var masked = Categorical.Entropy(log) - floor;
        reference.AssertClose("masked.entropy", masked);
        reference.AssertGradients(masked, dy, ("masked.grad.logits", logits));
    }

    public static void GumbelSoftmax(NnCase reference)
    {
        var (noise, dy) = (reference.In("noise"), reference.In("dy"));
        foreach (var output in reference.Outputs.Where(name => name.EndsWith(".y", StringComparison.Ordinal)))
        {
            var logits = reference.In("logits");
            var prefix = output[..^".y".Length];
            var cut = prefix.LastIndexOf('.');
            var temperature = Number(prefix[..cut], "tau");
            var y = prefix[(cut + 1)..] switch
            {
                "soft" => Networks.GumbelSoftmax.Soft(logits, noise, temperature),
                "hard" => Networks.GumbelSoftmax.StraightThrough(logits, noise, temperature),
                var other => throw new InvalidOperationException($"A sample that is {other} is not known."),
            };
            reference.AssertClose(output, y);
            reference.AssertGradients(y, dy, ($"{prefix}.grad.logits", logits));
        }
    }

    public static void TanhGaussian(NnCase reference)
    {
        var (noise, dy) = (reference.In("noise"), reference.In("dy"));
        foreach (var output in reference.Outputs.Where(name => name.EndsWith(".log_prob", StringComparison.Ordinal)))
        {
            var (mean, logDeviation) = (reference.In("mean"), reference.In("log_std"));
            var form = output[..^".log_prob".Length];
            var (preTanh, action, logProbability) = Networks.TanhGaussian.Sample(mean, logDeviation, noise);

            // log(1 - a² + ε), which others use, is the exact correction plus log(1 + ε cosh² u): nothing cancels in that.
            if (form != "exact") logProbability = logProbability - preTanh.cosh().Squared().Times(Number(form, "eps")).log1p().sum(-1);
            reference.AssertClose($"{form}.pre_tanh", preTanh);
            reference.AssertClose($"{form}.action", action);
            reference.AssertClose(output, logProbability);
            reference.AssertGradients(logProbability, dy, ($"{form}.grad.mean", mean), ($"{form}.grad.log_std", logDeviation));
        }
    }

    /// <summary>The number after a prefix: 0.5 in tau0.5.</summary>
    internal static double Number(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal)
        ? double.Parse(text[prefix.Length..], CultureInfo.InvariantCulture)
        : throw new InvalidOperationException($"{text} should be {prefix} and a number.");
}
