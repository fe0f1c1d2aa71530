namespace Madrl.Protocols.Runs;

/// <summary>The runs that are being deleted: gone for everybody at once, also while the deleting still takes time.</summary>
public sealed class RunDeletions
{
    private readonly HashSet<string> _runs = [];

    /// <summary>Refuses a run that is being deleted.</summary>
    /// <exception cref="UnknownRunException">It is.</exception>
    public void ThrowIfAny(string run)
    {
        if (_runs.Contains(run)) throw new UnknownRunException($"Run {run} is being deleted.");
    }

    /// <summary>Deletes a run.</summary>
    /// <exception cref="UnknownRunException">It is being deleted already.</exception>
    public async Task DeleteAsync(string run, Func<Task> delete)
    {
        ThrowIfAny(run);
        _runs.Add(run);
        try
        {
            await delete();
        }
        finally
        {
            _runs.Remove(run);
        }
    }
}
