using System.Net;
using System.Net.Sockets;

namespace Madrl.Clustering.Tests.Servers;

/// <summary>
/// Ports of 127.0.0.1 to listen on. They lie below those that the system gives to outgoing connections (from 32768 on Linux): such a
/// connection would take one between the choice and the start of its server. Each is given out once in a process.
/// </summary>
internal static class Ports
{
    private const int First = 12_000;
    private const int Count = 20_000;

    private static readonly Lock Gate = new();

    /// <summary>Processes of tests that run side by side begin far from each other.</summary>
    private static int _next = (int)(Environment.ProcessId * 997L % Count);

    /// <summary>A port that nobody listens on.</summary>
    public static int Free()
    {
        lock (Gate)
        {
            for (var tries = 0; tries < Count; tries++)
            {
                var port = First + _next;
                _next = (_next + 1) % Count;
                if (IsFree(port)) return port;
            }
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
