using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Native;

/// <summary>What there is of CUDA.</summary>
/// <param name="Built">Whether the build carries libtorch for CUDA.</param>
/// <param name="Available">What <c>torch.cuda.is_available()</c> says.</param>
/// <param name="Count">Devices.</param>
internal readonly record struct CudaPresence(bool Built, bool Available, int Count);

/// <summary>A device has a wrong name, or is not there. The message is one line that says what is.</summary>
public sealed class DeviceException(string message) : ArgumentException(message);

/// <summary>
/// The devices that learners compute on, by PyTorch's names: <c>cpu</c> and <c>cuda:N</c>; <c>cpu:0</c> is the processor by its
/// other name. What a learner is made of lies on the device that is in use while it is made, as under PyTorch's
/// <c>with torch.device(…)</c>.
/// </summary>
public static class TorchDevice
{
    /// <summary>Name of the processor.</summary>
    public const string Cpu = "cpu";

    private const string CudaPrefix = "cuda:";

    [ThreadStatic]
    private static Device? _current;

    /// <summary>The device in use on this thread: the processor, unless <see cref="Use"/> chose another.</summary>
    internal static Device Current => _current ?? Processor;

    private static Device Processor
    {
        get
        {
            TorchRuntime.Initialise();
            return CPU;
        }
    }

    /// <summary>The device of a name, which is there and ready.</summary>
    /// <exception cref="DeviceException">It has a wrong name, or is not there.</exception>
    public static Device Find(string name) => Find(name, () => TorchRuntime.Cuda);

    /// <summary>Puts what is made on this thread on a device, until the result is disposed of.</summary>
    internal static IDisposable Use(Device device)
    {
        var scope = new Scope(_current);
        _current = device;
        return scope;
    }

    /// <summary>The device of a name, on a machine with the given CUDA, which is asked for only where it matters.</summary>
    internal static Device Find(string name, Func<CudaPresence> cuda)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name is Cpu or "cpu:0") return Processor;
        if (!name.StartsWith(CudaPrefix, StringComparison.Ordinal)
            || !int.TryParse(name.AsSpan(CudaPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            throw new DeviceException($"'{name}' is not a device: it is cpu, or cuda:N such as cuda:0.");
        var (built, available, count) = cuda();
        var why = (built, available) switch
        {
            (false, _) => "this build carries libtorch for the CPU only (build with -p:MadrlDevice=cuda)",
            (_, false) => "the machine shows no CUDA device (torch.cuda.is_available() is false)",
            _ when index >= count => $"the machine has {(count == 1 ? "cuda:0 only" : $"cuda:0 to cuda:{count - 1} only")}",
            _ => null,
        };
        return why is null ? new Device(DeviceType.CUDA, index) : throw new DeviceException($"{name} is not available: {why}.");
    }

    private sealed class Scope(Device? before) : IDisposable
    {
        public void Dispose() => _current = before;
    }
}
