using Madrl.Terminal.CommandLine;

namespace Madrl.Terminal.Training;

/// <summary>Where a run lives, as the user named it: what the commands that are suggested need.</summary>
internal abstract record RunPlace
{
    private RunPlace()
    {
    }

    /// <summary>Where it is, for people.</summary>
    public abstract string Text { get; }

    /// <summary>What names the place on a command line, with a space before it; empty where it is the default.</summary>
    public abstract string Options { get; }

    /// <summary>How the run is named on a command line.</summary>
    public abstract string Name(string run);

    /// <summary>A folder of this machine, trained by this process.</summary>
    /// <param name="OutDirectory">The folder of run folders.</param>
    /// <param name="Folder">Full path of the run's folder.</param>
    public sealed record Local(string OutDirectory, string Folder) : RunPlace
    {
        /// <inheritdoc/>
        public override string Text => Folder;

        /// <inheritdoc/>
        public override string Options => OutDirectory == CommonOptions.DefaultOut ? "" : $" --out {Shell.Quote(OutDirectory)}";

        /// <inheritdoc/>
        public override string Name(string run) =>
            Path.GetFullPath(Path.Combine(OutDirectory, run)) == Path.GetFullPath(Folder) ? run + Options : Shell.Quote(Folder);
    }

    /// <summary>A silo.</summary>
    /// <param name="Address">Address of its gateway.</param>
    public sealed record Silo(string Address) : RunPlace
    {
        /// <inheritdoc/>
        public override string Text => $"the silo at {Address}";

        /// <inheritdoc/>
        public override string Options => $" --silo {Address}";

        /// <inheritdoc/>
        public override string Name(string run) => run + Options;
    }
}
