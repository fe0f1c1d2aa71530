using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Madrl.Http.Tests;

/// <summary>Requests as bytes on a socket, so that no client library tidies them up.</summary>
internal static class RawRequest
{
    /// <summary>The status of the answer to a request that is one text, its line and headers separated by line feeds.</summary>
    public static async Task<RawAnswer> SendAsync(Uri address, string head, string body = "") =>
        await SendAsync(address, Bytes(head, body), complete: true);

    /// <summary>Request line and headers, then the body.</summary>
    public static byte[] Bytes(string head, string body = "") =>
        Encoding.Latin1.GetBytes(head.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\nConnection: close\r\n\r\n" + body);

    /// <param name="address">The server.</param>
    /// <param name="request">What is sent.</param>
    /// <param name="complete">Whether the server can tell the end of the request; otherwise the sending side is closed.</param>
    public static async Task<RawAnswer> SendAsync(Uri address, byte[] request, bool complete)
    {
        using var hang = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = await ConnectAsync(address);
        var text = new StringBuilder();
        try
        {
            await socket.SendAsync(request, hang.Token);
            if (!complete) socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[16384];
            while (await socket.ReceiveAsync(buffer, hang.Token) is > 0 and var count) text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
            // The server refuses to read on; what it said before counts.
        }

        return new RawAnswer(text.ToString());
    }

    public static async Task<Socket> ConnectAsync(Uri address, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size) socket.ReceiveBufferSize = size;
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return socket;
    }
}

/// <summary>All that a server sent until it closed the connection.</summary>
internal sealed record RawAnswer(string Text)
{
    /// <summary>The status; null where the server closed the connection without a word.</summary>
    public int? Status => Text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(Text.AsSpan(9, 3), CultureInfo.InvariantCulture) : null;

    public bool Has(string header) => Text.Split("\r\n\r\n")[0].Contains($"\n{header}", StringComparison.OrdinalIgnoreCase);
}
