using System.Text.Json;
using Madrl.Learning.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>Optimisers: our Adam where there is no weight decay, else TorchSharp's.</summary>
internal static class OptimiserCases
{
    /// <summary>By the README of the reference data; cases.json has those of the quadratic function.</summary>
    private const double MlpLearningRate = 0.01;

    public static void Quadratic(NnCase reference)
    {
        var (a, b) = (reference.In("A").detach(), reference.In("b").detach());
        foreach (var (name, settings) in reference.Optimisers())
        {
            var x = reference.In("x0");
            using var optimiser = new Optimiser(x, settings, settings.GetProperty("lr").GetDouble());
            List<Tensor> places = [], losses = [], gradients = [];
            for (var step = 0; step < reference.ShapeOf($"{name}.loss")[0]; step++)
            {
                var loss = x.dot(a.mv(x)).Times(0.5) - b.dot(x);
                losses.Add(loss.detach());
                gradients.Add(optimiser.Step(loss));
                places.Add(x.detach().clone());
            }

            reference.AssertClose($"{name}.x", stack(places));
            reference.AssertClose($"{name}.loss", stack(losses));
            reference.AssertClose($"{name}.grad", stack(gradients));
            AssertState(reference, $"{name}.state.", optimiser);
        }
    }

    /// <summary>The parameters of the network lie in one flat tensor, as ours do.</summary>
    public static void Mlp(NnCase reference)
    {
        string[] names = ["w1", "b1", "w2", "b2"];
        var (input, target) = (reference.In("x").detach(), reference.In("target").detach());
        var shapes = names.Select(name => reference.In(name).shape).ToArray();
        foreach (var (name, settings) in reference.Optimisers())
        {
            var flat = cat([.. names.Select(parameter => reference.In(parameter).flatten())]).detach().requires_grad_();
            using var optimiser = new Optimiser(flat, settings, MlpLearningRate);
            List<Tensor> losses = [];
            for (var step = 1; step <= reference.ShapeOf($"{name}.loss")[0]; step++)
            {
                var own = Split(flat, shapes);
                var output = nn.functional.linear(nn.functional.linear(input, own[0], own[1]).relu(), own[2], own[3]);
                var loss = nn.functional.mse_loss(output, target);
                losses.Add(loss.detach());
                optimiser.Step(loss);
                foreach (var (parameter, value) in names.Zip(Split(flat.detach(), shapes)))
                    reference.AssertClose($"{name}.step{step}.{parameter}", value);
            }

            reference.AssertClose($"{name}.loss", stack(losses));
        }
    }

    private static void AssertState(NnCase reference, string prefix, Optimiser optimiser)
    {
        foreach (var output in reference.Outputs.Where(output => output.StartsWith(prefix, StringComparison.Ordinal)))
            reference.AssertClose(output, optimiser.State(output[prefix.Length..]));
    }

    private static Tensor[] Split(Tensor flat, long[][] shapes)
    {
        var parts = flat.split([.. shapes.Select(shape => shape.Aggregate(1L, (product, size) => product * size))]);
        return [.. parts.Zip(shapes, (part, shape) => part.view(shape))];
    }

    /// <summary>An optimiser of one tensor, by the settings in cases.json.</summary>
    private sealed class Optimiser : IDisposable
    {
        private readonly Tensor _x;
        private readonly double _learningRate;
        private readonly Networks.Adam? _ours;
        private readonly OptimizerHelper? _theirs;

        public Optimiser(Tensor x, JsonElement settings, double learningRate)
        {
            double Of(string name, double otherwise) => settings.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
            _x = x;
            _learningRate = learningRate;
            var (epsilon, decay, momentum) = (Of("eps", 1e-8), Of("weight_decay", 0), Of("momentum", 0));
            var centred = settings.TryGetProperty("centered", out var flag) && flag.GetBoolean();
            Parameter[] parameters = [new Parameter(x.detach())];
            switch (settings.GetProperty("kind").GetString())
            {
                case "Adam" when decay == 0:
                    _ours = new Networks.Adam(x, epsilon);
                    break;
                case "Adam":
                    _theirs = optim.Adam(parameters, _learningRate, eps: epsilon, weight_decay: decay);
                    break;
                case "AdamW":
                    _theirs = optim.AdamW(parameters, _learningRate, eps: epsilon, weight_decay: decay);
                    break;
                case "RMSprop":
                    _theirs = optim.RMSProp(parameters, _learningRate, Of("alpha", 0.99), epsilon, decay, momentum, centred);
                    break;
                case "SGD":
                    _theirs = optim.SGD(parameters, _learningRate, momentum, weight_decay: decay);
                    break;
                case var kind:
                    throw new InvalidOperationException($"The optimiser {kind} is not known.");
            }
        }

        /// <summary>One step; the gradient before it.</summary>
        public Tensor Step(Tensor loss)
        {
            var gradient = autograd.grad([loss], [_x])[0];
            if (_theirs is null)
            {
                _ours!.Step(gradient, _learningRate);
                return gradient;
            }

            // TorchSharp takes parameters of its own, which share x's memory.
            foreach (var parameter in _theirs.parameters()) parameter.grad = gradient.clone();
            _theirs.step();
            return gradient;
        }

        /// <summary>A part of the state, by PyTorch's name.</summary>
        public Tensor State(string name) => (_theirs?.state_dict().State[0], name) switch
        {
            (null, "exp_avg") => _ours!.FirstMoment,
            (null, "exp_avg_sq") => _ours!.SecondMoment,
            ({ } state, _) when state.GetType().GetField(name)?.GetValue(state) is Tensor tensor => tensor,
            _ => throw new InvalidOperationException($"The optimiser has no state {name}."),
        };

        public void Dispose()
        {
            _ours?.Dispose();
            _theirs?.Dispose();
        }
    }
}
