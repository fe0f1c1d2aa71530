using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Madrl.Hosting.Tests.Child;

/// <summary>Stands in for a full disk: the kernel refuses this process to let any file grow further.</summary>
internal static class FileSizeLimit
{
    private const int FileSize = 1, SignalFileSize = 25;
    private const nint Ignore = 1;

    public static void Set(ulong bytes)
    {
        // The kernel's signal would end the process before the error of the write is seen.
        SetHandler(SignalFileSize, Ignore);
        var limit = new Limit { Soft = bytes, Hard = bytes };
        if (SetLimit(FileSize, ref limit) != 0) throw new Win32Exception();
    }

    [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static extern int SetLimit(int resource, ref Limit limit);

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint SetHandler(int signal, nint handler);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
