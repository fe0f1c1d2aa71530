namespace Madrl.Protocols;

/// <summary>
/// Something that a run needs does not answer, and may again. The run waits for it and goes on from its last checkpoint.
/// Whoever adapts a role to its surroundings translates their exceptions into one of these. The type says what is missing,
/// because the type and the message are all that travels between silos.
/// </summary>
public abstract class UnavailableException(string message, Exception? inner)
    : Exception(message.Split('\n')[0].TrimEnd('\r'), inner)
{
    /// <summary>What is missing, for the words <c>waiting for …</c>.</summary>
    public abstract string What { get; }

    /// <summary>The one in an exception or among its causes, or what a time-out says; null if there is none.</summary>
    public static UnavailableException? In(Exception? error) => error switch
    {
        null => null,
        UnavailableException found => found,
        TimeoutException timeout => new MemberUnavailableException(timeout.Message, timeout),
        AggregateException many => many.InnerExceptions.Select(In).FirstOrDefault(found => found is not null),
        _ => In(error.InnerException),
    };
}

/// <summary>A member of the team does not answer: its silo was lost, or cannot be reached.</summary>
public sealed class MemberUnavailableException(string message, Exception? inner = null) : UnavailableException(message, inner)
{
    /// <inheritdoc/>
    public override string What => "silo";
}

/// <summary>Grain storage or the checkpoint store does not answer; whether something was written is not known.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : UnavailableException(message, inner)
{
    /// <inheritdoc/>
    public override string What => "storage";
}

/// <summary>The run began on an accelerator, and no silo has one now.</summary>
public sealed class AcceleratorUnavailableException(string message, Exception? inner = null) : UnavailableException(message, inner)
{
    /// <inheritdoc/>
    public override string What => "accelerator";
}
