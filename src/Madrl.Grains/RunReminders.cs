using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Orleans.Runtime;
using Orleans.Timers;

namespace Madrl.Grains;

/// <summary>The reminders of a cluster's runs. A silo on its own has none: it looks after its runs when it starts.</summary>
/// <param name="registry">The cluster's reminders; null where there are none.</param>
public sealed class RunReminders(IReminderRegistry? registry)
{
    private const string Name = "resume";

    /// <summary>Whether there are any.</summary>
    public bool Exist => registry is not null;

    /// <summary>That of a run; null where there are none.</summary>
    public IRunReminder? Of(GrainId run) => registry is null ? null : new Reminder(registry, run);

    private sealed class Reminder(IReminderRegistry registry, GrainId run) : IRunReminder
    {
        public Task SetAsync() => RemindEveryAsync(IRunReminder.Period);

        public Task RelaxAsync() => RemindEveryAsync(IRunReminder.RelaxedPeriod);

        public Task RemoveAsync() => DoAsync(async () =>
        {
            if (await registry.GetReminder(run, Name) is { } reminder) await registry.UnregisterReminder(run, reminder);
        });

        private Task RemindEveryAsync(TimeSpan period) => DoAsync(() => registry.RegisterOrUpdateReminder(run, Name, period, period));

        /// <summary>Whatever the provider's client throws: the reminder may be set or not.</summary>
        private static async Task DoAsync(Func<Task> operation)
        {
            try
            {
                await operation();
            }
            catch (Exception error)
            {
                throw new StorageUnavailableException($"The storage of reminders does not answer: {error.GetBaseException().Message}", error);
            }
        }
    }
}
