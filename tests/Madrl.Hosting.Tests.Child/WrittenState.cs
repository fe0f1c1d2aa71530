namespace Madrl.Hosting.Tests.Child;

/// <summary>What the child writes, in rising order.</summary>
public sealed class WrittenState
{
    public int Number { get; set; }

    public string Padding { get; set; } = "";
}
