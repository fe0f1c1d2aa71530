using Madrl.Learning.Native;

namespace Madrl.Terminal.Training;

/// <summary>What a learner in this process computes on, as the command line names it.</summary>
internal static class LocalDevice
{
    /// <summary>The accelerator of a name; null for the processor, which is also what no name means.</summary>
    /// <exception cref="UsageException">The name is wrong, or the device is not there.</exception>
    public static string? Accelerator(string? name)
    {
        if (name is null or TorchDevice.Cpu) return null;
        UsageException.Check(() => TorchDevice.Find(name));
        return name;
    }
}
