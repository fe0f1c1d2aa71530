using Madrl.Grains.Abstractions;
using Orleans.Runtime;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Madrl.Hosting.Storage;

/// <summary>Grain state in the folder of the run that the grain belongs to: a <see cref="SqliteGrainStorage"/> for each run.</summary>
internal sealed class RunGrainStorage(RunDirectory runs, IActivatorProvider activators, TimeProvider time) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // The state of a run that was deleted went with its folder.
        if (runs.IsOpen(RunOf(grainId))) return Of(grainId).ClearStateAsync(stateName, grainId, grainState);
        (grainState.RecordExists, grainState.ETag) = (false, null);
        return Task.CompletedTask;
    }

    private SqliteGrainStorage Of(GrainId grain) => new(runs.StateOf(RunOf(grain)), activators, time);

    private static string RunOf(GrainId grain) => GrainKeys.RunOf(grain.Key.ToString()!);
}
