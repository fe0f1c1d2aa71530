using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Madrl.Hosting.Storage;

/// <summary>Adds <see cref="SqliteReminderTable"/> to a silo.</summary>
public static class SqliteReminderHosting
{
    /// <summary>Keeps the silo's reminders in a file, which only silos of one machine may share.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="path">The database file; created with its folder when the silo starts.</param>
    public static ISiloBuilder UseSqliteReminders(this ISiloBuilder builder, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return builder.UseSqliteReminders(_ => path);
    }

    /// <summary>Keeps the silo's reminders in a file whose path is known only when the silo is built.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="path">Gives the database file; created with its folder when the silo starts.</param>
    public static ISiloBuilder UseSqliteReminders(this ISiloBuilder builder, Func<IServiceProvider, string> path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(path);
        builder.AddReminders();
        builder.Services.AddSingleton<IReminderTable>(services => new SqliteReminderTable(path(services)));
        return builder;
    }
}
