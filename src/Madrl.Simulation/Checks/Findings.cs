namespace Madrl.Simulation.Checks;

/// <summary>What a simulation found wrong; the first thing counts, since whatever comes after may follow from it.</summary>
internal sealed class Findings
{
    /// <summary>What is wrong; null as long as nothing is.</summary>
    public string? First { get; private set; }

    /// <summary>Something is wrong.</summary>
    public void Fail(string what) => First ??= what;
}
