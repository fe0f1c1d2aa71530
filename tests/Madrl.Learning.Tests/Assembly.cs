using Madrl.Learning.Native;

[assembly: AssemblyFixture(typeof(Madrl.Learning.Tests.LoadedTorch))]

namespace Madrl.Learning.Tests;

/// <summary>libtorch is loaded by our loader before the first test, whichever that is: TorchSharp's own would not do.</summary>
public sealed class LoadedTorch
{
    public LoadedTorch() => TorchRuntime.Initialise();
}
