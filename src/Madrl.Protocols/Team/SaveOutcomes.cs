using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Team;

/// <summary>Makes the outcome of saving.</summary>
internal static class SaveOutcomes
{
    /// <summary>Saves; what the disk refuses becomes part of the outcome.</summary>
    public static async Task<SaveOutcome<T>> OfAsync<T>(Func<Task<T>> save)
        where T : class
    {
        try
        {
            return new SaveOutcome<T>(await save(), null);
        }
        catch (IOException error)
        {
            return new SaveOutcome<T>(null, error.Message);
        }
    }
}
