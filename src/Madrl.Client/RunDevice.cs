namespace Madrl.Client;

/// <summary>The words for what a run is to learn on.</summary>
public static class RunDevice
{
    /// <summary>What <see cref="IMadrlClient.ResumeAsync"/> takes for a word.</summary>
    /// <param name="word"><c>cpu</c>, <c>accelerator</c>, or null for what the run began with.</param>
    /// <exception cref="ArgumentException">It is another word.</exception>
    public static bool? Parse(string? word) => word switch
    {
        null => null,
        "cpu" => false,
        "accelerator" => true,
        _ => throw new ArgumentException($"'{word}' is not a device: it is cpu or accelerator.", nameof(word)),
    };
}
