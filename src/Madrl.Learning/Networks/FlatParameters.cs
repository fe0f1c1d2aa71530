using Madrl.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// The parameters of a layer under PyTorch's names. All lie in one flat tensor, so that the optimiser, clipping and target
/// updates are a few operations on one tensor.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    private readonly OrderedDictionary<string, (long Offset, long[] Shape)> _places = [];

    /// <summary>Parameters in float32 that are all zero.</summary>
    /// <param name="parameters">Names and shapes, in the order in which they lie in the flat tensor.</param>
    /// <exception cref="ArgumentException">Two parameters have the same name.</exception>
    public FlatParameters(params IReadOnlyList<(string Name, long[] Shape)> parameters)
        : this(ScalarType.Float32, parameters)
    {
    }

    /// <summary>Parameters that are all zero.</summary>
    /// <param name="type">float32, or float64, in which a test judges a layer.</param>
    /// <param name="parameters">Names and shapes, in the order in which they lie in the flat tensor.</param>
    /// <exception cref="ArgumentException">Two parameters have the same name.</exception>
    public FlatParameters(ScalarType type, params IReadOnlyList<(string Name, long[] Shape)> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Native.TorchRuntime.Initialise();
        var count = 0L;
        foreach (var (name, shape) in parameters)
        {
            _places.Add(name, (count, shape));
            count += Size(shape);
        }

        Flat = zeros(count, type, device: Native.TorchDevice.Current).requires_grad_().DetachFromDisposeScope();
    }

    /// <summary>All parameters [P]: the tensor that gradients are taken with respect to. It is written under <c>no_grad</c>.</summary>
    public Tensor Flat { get; }

    /// <summary>The names, in the order in which the parameters lie in the flat tensor.</summary>
    public IReadOnlyList<string> Names => _places.Keys;

    /// <summary>A parameter in its own shape, as a view: gradients pass through it to <see cref="Flat"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of this name.</exception>
    public Tensor this[string name] => View(Flat, _places[name]);

    /// <summary>Gradient of a scalar with respect to all parameters, flat [P].</summary>
    public Tensor Gradient(Tensor loss) => autograd.grad([loss], [Flat])[0];

    /// <summary>A flat tensor [P], such as a gradient, as views with the names and shapes of the parameters.</summary>
    /// <exception cref="ArgumentException">The tensor has another length.</exception>
    public IReadOnlyDictionary<string, Tensor> Named(Tensor flat)
    {
        ArgumentNullException.ThrowIfNull(flat);
        if (!flat.shape.AsSpan().SequenceEqual(Flat.shape))
            throw Shapes.Unfit(nameof(FlatParameters), Shapes.Text(Flat.shape), flat, nameof(flat));
        return _places.ToDictionary(place => place.Key, place => View(flat, place.Value));
    }

    /// <summary>Replaces the values of one parameter.</summary>
    /// <exception cref="ArgumentException">The values have another shape; gives both.</exception>
    /// <exception cref="KeyNotFoundException">There is no parameter of this name.</exception>
    public void Set(string name, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var parameter = this[name];
        if (!values.shape.AsSpan().SequenceEqual(parameter.shape))
            throw Shapes.Unfit($"Parameter {name}", Shapes.Text(parameter.shape), values, nameof(values));
        parameter.copy_(values);
    }

    /// <summary>Gives all numbers of one parameter the same value.</summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of this name.</exception>
    public void Fill(string name, float value)
    {
        using var scope = NewDisposeScope();
        var values = new float[Size(_places[name].Shape)];
        Array.Fill(values, value);
        Set(name, Tensors.From(values, _places[name].Shape));
    }

    /// <summary>
    /// Draws one parameter uniformly between -<paramref name="bound"/> and <paramref name="bound"/>, in float32 whatever its type.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of this name.</exception>
    public void Draw(string name, ref KeyedRandom random, double bound)
    {
        using var scope = NewDisposeScope();
        var values = new float[Size(_places[name].Shape)];
        foreach (ref var value in values.AsSpan()) value = (float)random.NextDouble(-bound, bound);
        Set(name, Tensors.From(values, _places[name].Shape));
    }

    /// <summary>
    /// Draws one matrix uniformly between ±√(6 / (rows + columns)): Glorot and Bengio, AISTATS 2010, equation 16 (PyTorch's
    /// <c>xavier_uniform_</c>).
    /// </summary>
    /// <exception cref="ArgumentException">The parameter is no matrix; gives its shape.</exception>
    /// <exception cref="KeyNotFoundException">There is no parameter of this name.</exception>
    public void DrawXavier(string name, ref KeyedRandom random)
    {
        var shape = _places[name].Shape;
        if (shape.Length != 2) throw new ArgumentException($"Parameter {name} is no matrix: {Shapes.Text(shape)}.", nameof(name));
        Draw(name, ref random, Math.Sqrt(6.0 / (shape[0] + shape[1])));
    }

    /// <summary>
    /// Draws <c>module.weight</c> [out, in] and <c>module.bias</c> [out] uniformly between ±1/√in, as PyTorch's linear layer does.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of such a name.</exception>
    public void DrawLinear(string module, ref KeyedRandom random)
    {
        var bound = 1 / Math.Sqrt(_places[$"{module}.weight"].Shape[1]);
        Draw($"{module}.weight", ref random, bound);
        Draw($"{module}.bias", ref random, bound);
    }

    /// <inheritdoc/>
    public void Dispose() => Flat.Dispose();

    private static Tensor View(Tensor flat, (long Offset, long[] Shape) place) =>
        flat.narrow(0, place.Offset, Size(place.Shape)).view(place.Shape);

    private static long Size(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);
}
