using System.Collections.Concurrent;
using Madrl.Grains.Abstractions;

namespace Madrl.Grains;

/// <summary>
/// Counts the calls that this process's grains receive, by grain type, and the tensor bytes in arguments and results.
/// </summary>
public sealed class CallCounter : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<Type, Entry> _types = new();
    private long _bytes;

    /// <summary>Calls so far by the name of the grain class, system grains left out.</summary>
    public Dictionary<string, long> Calls => _types.Where(item => item.Value.Counted).ToDictionary(item => item.Key.Name, item => Volatile.Read(ref item.Value.Calls));

    /// <summary>Tensor bytes so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var entry = _types.GetOrAdd(context.Grain.GetType(), static type => new Entry(type));
        if (!entry.Counted) return context.Invoke();
        Interlocked.Increment(ref entry.Calls);
        Instrumentation.Calls.Add(1, entry.Tag);
        var request = context.Request;
        for (var index = 0; index < request.GetArgumentCount(); index++) Count(request.GetArgument(index));
        var call = context.Invoke();
        if (!call.IsCompletedSuccessfully) return CountResultAsync(call, context);
        Count(context.Result);
        return call;
    }

    private async Task CountResultAsync(Task call, IIncomingGrainCallContext context)
    {
        await call;
        Count(context.Result);
    }

    private void Count(object? message)
    {
        if (message is not IPayload payload) return;
        Interlocked.Add(ref _bytes, payload.PayloadBytes);
        Instrumentation.MessageBytes.Add(payload.PayloadBytes);
    }

    private sealed class Entry(Type type)
    {
        public long Calls;

        public bool Counted { get; } = type.Assembly == typeof(CallCounter).Assembly;

        public KeyValuePair<string, object?> Tag { get; } = new("grain", type.Name);
    }
}
