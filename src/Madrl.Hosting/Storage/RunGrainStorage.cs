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

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).ClearStateAsync(stateName, grainId, grainState);

    private SqliteGrainStorage Of(GrainId grain) => new(runs.StateOf(GrainKeys.RunOf(grain.Key.ToString()!)), activators, time);
}
