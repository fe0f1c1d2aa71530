namespace Madrl.Terminal;

/// <summary>The command line is wrong. The message is one line that says what is valid.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Runs a check of the libraries, which report wrong names and values as <see cref="ArgumentException"/>.</summary>
    public static T Check<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message, error);
        }
    }

    /// <summary>The same for a check that somebody else makes.</summary>
    public static async Task<T> CheckAsync<T>(Task<T> check)
    {
        try
        {
            return await check;
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message, error);
        }
    }
}
