using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Madrl.Learning.Native;

/// <summary>
/// Loads libtorch once per process, with the settings that make it deterministic. Everything in this project that
/// touches TorchSharp calls <see cref="Initialise"/> first.
/// </summary>
public static partial class TorchRuntime
{
    private const string Bridge = "LibTorchSharp";

    /// <summary>glibc's names of two limits (malloc.h), and values that hold what an update frees: the first is the largest allowed.</summary>
    private const int MmapThreshold = -3, TrimThreshold = -1, MmapBytes = 32 << 20, TrimBytes = 1 << 30;

    private static readonly Lock Gate = new();
    private static bool _initialised;
    private static nint _bridge;

    /// <summary>
    /// Loads the native libraries. On a Linux whose libstdc++ is older than the one that TorchSharp's bridge was linked
    /// with (Debian 12, Ubuntu 22.04) a patched copy of the bridge is used: see <see cref="ElfVersionRequirement"/>.
    /// </summary>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded here; the message says which file and why.</exception>
    public static void Initialise()
    {
        lock (Gate)
        {
            if (_initialised) return;
            if (OperatingSystem.IsLinux())
            {
                // Read once by the libraries when they load; .NET's own Environment does not reach native code.
                // Parallelism is within a network's passes, on our threads; each operation of libtorch runs on one.
                SetNativeVariable("OMP_NUM_THREADS", "1");
                SetNativeVariable("MKL_NUM_THREADS", "1");
                SetNativeVariable("MKL_CBWR", "AUTO,STRICT");
                SetNativeVariable("CUBLAS_WORKSPACE_CONFIG", ":4096:8");
                KeepFreedMemory();
                LoadBridgeOnLinux();
            }

            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(1);
            torch.set_num_interop_threads(1);
            _initialised = true;
        }
    }

    /// <summary>What there is of CUDA.</summary>
    internal static CudaPresence Cuda
    {
        get
        {
            Initialise();
            if (!CarriesCuda) return default;
            var available = torch.cuda.is_available();
            return new CudaPresence(true, available, available ? torch.cuda.device_count() : 0);
        }
    }

    /// <summary>Whether libtorch for CUDA lies beside the program: a matter of the build (<c>-p:MadrlDevice=cuda</c>).</summary>
    private static bool CarriesCuda => OperatingSystem.IsLinux() && TryFind("libtorch_cuda.so") is not null;

    private static void LoadBridgeOnLinux()
    {
        // The bridge names these; loaded first, they are found wherever its own (patched) file lies.
        string[] cuda = CarriesCuda ? ["libc10_cuda.so", "libtorch_cuda.so"] : [];
        foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", .. cuda, "libtorch.so"]) NativeLibrary.Load(Find(name));

        var original = Find($"lib{Bridge}.so");
        try
        {
            _bridge = NativeLibrary.Load(original);
        }
        catch (DllNotFoundException error) when (error.Message.Contains(ElfVersionRequirement.OptionalVersion, StringComparison.Ordinal))
        {
            _bridge = NativeLibrary.Load(PatchedBridge.Prepare(original));
        }

        NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, Resolve);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Bridge ? _bridge : 0;

    private static string Find(string file) => TryFind(file) ?? throw new DllNotFoundException(
        $"{file} is not beside the program: build with the package libtorch-cpu-{RuntimeInformation.RuntimeIdentifier} of this platform.");

    private static string? TryFind(string file)
    {
        var directories = ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "").Split(Path.PathSeparator)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"));
        return directories.Select(directory => Path.Combine(directory, file)).FirstOrDefault(File.Exists);
    }

    private static void SetNativeVariable(string name, string value)
    {
        if (SetEnvironmentVariable(name, value, 1) != 0)
            throw new InvalidOperationException($"The environment variable {name} cannot be set for libtorch.");
    }

    /// <summary>
    /// What an update frees stays with the process, for the next one: returned to the kernel, it would be faulted in again page
    /// by page, which takes longer than many an update's arithmetic, or not, as chance has laid out the heap.
    /// </summary>
    private static void KeepFreedMemory()
    {
        if (SetAllocatorOption(MmapThreshold, MmapBytes) == 0 || SetAllocatorOption(TrimThreshold, TrimBytes) == 0)
            throw new InvalidOperationException("The C library's allocator cannot be told to keep freed memory.");
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocatorOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
