using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Streams;

namespace Madrl.Clustering.Tests;

/// <summary>What grains of one silo have been told.</summary>
public sealed class Received
{
    private readonly ConcurrentQueue<string> _notes = new();

    public IReadOnlyCollection<string> Notes => _notes;

    public void Note(string note) => _notes.Enqueue(note);
}

public interface IProbe : IGrainWithStringKey
{
    Task Remind(TimeSpan period);

    Task Subscribe();

    Task<string> Silo();
}

/// <summary>Notes on its silo what reminders and streams bring.</summary>
public sealed class Probe(Received received, ILocalSiloDetails silo) : Grain, IProbe, IRemindable
{
    public Task Remind(TimeSpan period) => this.RegisterOrUpdateReminder("wake", TimeSpan.Zero, period);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        received.Note(reminderName);
        return Task.CompletedTask;
    }

    public Task Subscribe() => this.GetStreamProvider(MadrlCluster.Streams).GetStream<string>(StreamId.Create("probes", this.GetPrimaryKeyString()))
        .SubscribeAsync((item, _) =>
        {
            received.Note(item);
            return Task.CompletedTask;
        });

    public Task<string> Silo() => Task.FromResult(silo.Name);
}

/// <summary>A state with what JSON has no number for.</summary>
public sealed class ProbeState
{
    public int Count { get; set; }

    public double Value { get; set; } = double.NaN;
}
