using Npgsql;

namespace Madrl.Clustering;

/// <summary>A PostgreSQL database.</summary>
public sealed class PostgresConnection : ServerConnection
{
    /// <summary>The name by which Orleans' ADO.NET providers know Npgsql.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>
    /// Connections of one silo, where the string does not say how many: PostgreSQL takes 100 of all its clients together, and
    /// Npgsql would open as many for each silo.
    /// </summary>
    private const int MaxPoolSize = 20;

    private readonly string? _password;

    /// <summary>A connection that is made later.</summary>
    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <exception cref="SettingsException">It cannot be read.</exception>
    public PostgresConnection(string connectionString)
    {
        NpgsqlConnectionStringBuilder? parsed = null;
        try
        {
            parsed = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // What Npgsql says may quote a part of the text, which holds a password.
        }

        if (string.IsNullOrEmpty(parsed?.Host))
            throw new SettingsException($"{Setting} cannot be read: it takes Host=…;Port=…;Database=…;Username=…;Password=….");
        if (!parsed.ContainsKey("Maximum Pool Size")) parsed.MaxPoolSize = MaxPoolSize;
        (ConnectionString, _password) = (parsed.ConnectionString, parsed.Password);
    }

    /// <summary>For Orleans' providers.</summary>
    public string ConnectionString { get; }

    /// <inheritdoc/>
    protected override string Setting => "Madrl:AdoNet:ConnectionString";

    /// <inheritdoc/>
    protected override IEnumerable<string?> Secrets => [_password];

    /// <inheritdoc/>
    protected override Task ConnectAsync(CancellationToken cancellationToken) => PostgresSchema.EnsureAsync(ConnectionString, cancellationToken);
}
