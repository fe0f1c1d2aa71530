namespace Madrl.Terminal;

/// <summary>What the program tells its caller by its exit code.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Something failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl-C or SIGTERM, as shells report it.</summary>
    public const int Interrupted = Hosting.Interruption.ExitCode;
}
