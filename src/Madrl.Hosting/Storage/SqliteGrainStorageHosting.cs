using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;

namespace Madrl.Hosting.Storage;

/// <summary>Adds <see cref="SqliteGrainStorage"/> to a silo.</summary>
public static class SqliteGrainStorageHosting
{
    /// <summary>Adds a storage that grains choose by name.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">Name of the storage, as in <c>[PersistentState("state", "name")]</c>.</param>
    /// <param name="path">The database file; created with its folder when the silo starts.</param>
    public static ISiloBuilder AddSqliteGrainStorage(this ISiloBuilder builder, string name, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return builder.ConfigureServices(services => services.AddGrainStorage(name, (provider, _) => new SqliteGrainStorage(
            path, provider.GetRequiredService<IActivatorProvider>(), provider.GetRequiredService<TimeProvider>())));
    }

    /// <summary>Adds the storage of grains that name none.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="path">The database file; created with its folder when the silo starts.</param>
    public static ISiloBuilder AddSqliteGrainStorageAsDefault(this ISiloBuilder builder, string path) =>
        builder.AddSqliteGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, path);
}
