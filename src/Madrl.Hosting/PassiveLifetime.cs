using Microsoft.Extensions.Hosting;

namespace Madrl.Hosting;

/// <summary>A host lifetime that waits for nothing and reacts to no signal: <see cref="Interruption"/> does.</summary>
public sealed class PassiveLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
