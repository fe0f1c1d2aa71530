namespace Madrl.Protocols.Tests.Runs;

/// <summary>The calls that a machine makes of the world, in order; a test lets them fail before or after their effect.</summary>
internal sealed class Ports
{
    /// <summary>The calls made so far.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What a call throws before it has had its effect.</summary>
    public Func<int, string, Exception?> Before { get; set; } = (_, _) => null;

    /// <summary>What a call throws after its effect: the caller cannot tell.</summary>
    public Func<int, string, Exception?> After { get; set; } = (_, _) => null;

    public async Task<T> CallAsync<T>(string name, Func<T> effect)
    {
        var number = Calls.Count;
        Calls.Add(name);
        await Task.Yield();
        if (Before(number, name) is { } before) throw before;
        var result = effect();
        if (After(number, name) is { } after) throw after;
        return result;
    }
}
