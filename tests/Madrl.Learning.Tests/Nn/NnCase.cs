using System.Text.Json;
using Madrl.Learning.Networks;
using Madrl.Policies;
using Madrl.Tests.Shared;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>One file of the reference data `nn/`: inputs, and what torch computed from them. It knows what was compared.</summary>
internal sealed class NnCase
{
    private const string Exact = ".f64";

    private readonly string _file;
    private readonly SafetensorsFile _content;
    private readonly HashSet<string> _compared = [];

    /// <summary>A case.</summary>
    /// <param name="file">The file, relative to the root of the reference data.</param>
    /// <param name="precision">Type in which to compute.</param>
    public NnCase(string file, ScalarType precision)
    {
        _file = file;
        _content = Safetensors.Read(File.ReadAllBytes(ReferenceData.PathOf(file)));
        Precision = precision;
    }

    /// <summary>Name of the case.</summary>
    public string Name => _content.Metadata["case"];

    /// <summary>Type of floating-point inputs.</summary>
    public ScalarType Precision { get; }

    /// <summary>Names of the outputs.</summary>
    public IEnumerable<string> Outputs =>
        _content.Tensors.Keys.Where(name => name.EndsWith(Exact, StringComparison.Ordinal)).Select(name => name[..^Exact.Length]);

    /// <summary>Names of the inputs.</summary>
    public IEnumerable<string> Inputs =>
        _content.Tensors.Keys.Where(name => name.StartsWith("in.", StringComparison.Ordinal)).Select(name => name["in.".Length..]);

    private double Tolerance => Precision == ScalarType.Float64 ? 1e-10 : 1e-5;

    /// <summary>An input; one of floating-point numbers is a leaf that gradients can be taken of.</summary>
    public Tensor In(string name)
    {
        var tensor = Tensors.FromBlock(_content.Tensors[$"in.{name}"]);
        return tensor.is_floating_point() ? tensor.to(Precision).requires_grad_() : tensor;
    }

    /// <summary>Shape of an output.</summary>
    public IReadOnlyList<int> ShapeOf(string output) => _content.Tensors[output + Exact].Shape;

    /// <summary>The settings of an optimiser, by its name in the file.</summary>
    public IEnumerable<(string Name, JsonElement Settings)> Optimisers()
    {
        var cases = ReferenceData.ReadJson(Path.Combine(Path.GetDirectoryName(_file)!, "cases.json"));
        return cases.GetProperty("optimisers").EnumerateObject()
            .Where(item => Outputs.Contains($"{item.Name}.loss"))
            .Select(item => (item.Name, item.Value));
    }

    /// <summary>Compares an output with the float64 value in the file.</summary>
    public void AssertClose(string output, Tensor actual)
    {
        _compared.Add(output);
        var expected = _content.Tensors[output + Exact];
        Assert.Equal(expected.Shape.Select(size => (long)size), actual.shape);
        Assert.Equal(Precision, actual.dtype);
        var ours = actual.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
        var theirs = expected.AsDoubles();
        for (var index = 0; index < ours.Length; index++)
        {
            var apart = Math.Abs(ours[index] - theirs[index]);
            if (!(apart <= Tolerance * (1 + Math.Abs(theirs[index]))))
                Assert.Fail($"{Name}, {output}[{index}]: {ours[index]:R} instead of {theirs[index]:R}");
        }
    }

    /// <summary>Compares the gradients of sum(output · upstream) with respect to inputs, each under its name.</summary>
    public void AssertGradients(Tensor output, Tensor upstream, params (string Name, Tensor Input)[] inputs)
    {
        var gradients = autograd.grad([(output * upstream).sum()], [.. inputs.Select(input => input.Input)]);
        foreach (var ((name, _), gradient) in inputs.Zip(gradients)) AssertClose(name, gradient);
    }

    /// <summary>A case in which something was not looked at has not passed.</summary>
    public void AssertAllCompared()
    {
        Assert.NotEmpty(Outputs);
        Assert.Empty(Outputs.Except(_compared));
    }
}
