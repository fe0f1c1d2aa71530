using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madrl.Http;

/// <summary>
/// What is logged of an exception that nobody expected: its types and stacks. Nobody knows what its message quotes (an address
/// with a password, a header with a key), so that is left out.
/// </summary>
internal static partial class UnexpectedLog
{
    public static void LogUnexpected(this ILogger logger, HttpRequest request, Exception exception)
    {
        var stacks = new StringBuilder();
        for (var error = exception; error is not null; error = error.InnerException)
            stacks.AppendLine(error.GetType().FullName).AppendLine(error.StackTrace);

        // As text the path is escaped, so that no line break in it forges a line of the log.
        LogUnexpected(logger, request.Method, request.Path.ToString(), stacks.ToString());
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed: {Stacks}")]
    private static partial void LogUnexpected(ILogger logger, string method, string path, string stacks);
}
