using FsCheck;
using FsCheck.Fluent;
using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>Tensors of random content, and how they are compared.</summary>
internal sealed class RandomTensors
{
    /// <summary>Two ways to the same float32 numbers; what is wrong is wrong by more.</summary>
    private const double Tolerance = 1e-4;

    private readonly Generator _generator;

    private RandomTensors(ulong seed) => _generator = new Generator(seed);

    /// <summary>Tries a property with fifty random sizes and contents.</summary>
    /// <param name="sizes">The sizes that the property takes.</param>
    /// <param name="property">Throws where it does not hold.</param>
    public static void Check<T>(Gen<T> sizes, Action<T, RandomTensors> property)
    {
        var cases = from size in sizes from seed in Gen.Choose(0, int.MaxValue) select (size, seed);
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            using var scope = NewDisposeScope();
            property(drawn.size, new RandomTensors((ulong)drawn.seed));
        }));
    }

    /// <summary>One generator with a fixed seed, for a test without random sizes.</summary>
    public static RandomTensors Fixed() => new(5);

    /// <summary>Standard normal numbers.</summary>
    public Tensor Normal(params long[] shape) => randn(shape, generator: _generator);

    /// <summary>1 with the given probability, else 0.</summary>
    public Tensor Bits(double probability, params long[] shape) => rand(shape, generator: _generator).lt(probability).to(ScalarType.Float32);

    /// <summary>A random order of n things.</summary>
    public Tensor Order(long count) => randperm(count, generator: _generator);

    /// <summary>Fills a layer with random numbers, so that biases matter too.</summary>
    public T Filled<T>(T layer, Tensor flat)
    {
        using var frozen = no_grad();
        flat.copy_(Normal(flat.shape).Times(0.5));
        return layer;
    }

    /// <summary>Fails where two tensors differ in shape or by more than 1e-4, relative and absolute, or are not finite.</summary>
    public static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.isfinite().all().item<bool>());
        if (!expected.allclose(actual, Tolerance, Tolerance)) Assert.Fail($"{actual.str()} instead of {expected.str()}");
    }
}
