namespace Madrl.Protocols.Runs;

/// <summary>When a run evaluates, saves and ends: all by iterations, from the specification alone.</summary>
public sealed class RunSchedule
{
    private readonly RunSpecification _run;

    /// <summary>The schedule of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="episodeLimit">Episode limit of its game: an iteration is one episode of every copy.</param>
    public RunSchedule(RunSpecification run, int episodeLimit)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run;
        StepsPerIteration = (long)run.Copies * episodeLimit;
        Iterations = (run.Steps + StepsPerIteration - 1) / StepsPerIteration;
    }

    /// <summary>Environment steps that an iteration takes where no episode ends early.</summary>
    public long StepsPerIteration { get; }

    /// <summary>Iterations of the whole run.</summary>
    public long Iterations { get; }

    /// <summary>Part of the run that is done at a barrier, in [0, 1].</summary>
    public double Progress(long iteration) => (double)iteration / Iterations;

    /// <summary>Whether the policies are evaluated at a barrier: at the start, at every checkpoint, and every so many steps.</summary>
    public bool EvaluatesAt(long iteration) => iteration == 0 || SavesAt(iteration) || Crosses(iteration, _run.EvaluateEvery);

    /// <summary>Whether a checkpoint is taken at a barrier.</summary>
    public bool SavesAt(long iteration) => iteration == Iterations || (iteration > 0 && Crosses(iteration, _run.CheckpointEvery));

    private bool Crosses(long iteration, long every) =>
        iteration * StepsPerIteration / every > (iteration - 1) * StepsPerIteration / every;
}
