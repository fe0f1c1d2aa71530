using StackExchange.Redis;

namespace Madrl.Clustering;

/// <summary>A Redis server.</summary>
public sealed class RedisConnection : ServerConnection
{
    /// <summary>A connection that is made later.</summary>
    /// <param name="connectionString">As StackExchange.Redis reads it.</param>
    /// <exception cref="SettingsException">It cannot be read.</exception>
    public RedisConnection(string connectionString)
    {
        try
        {
            Options = ConfigurationOptions.Parse(connectionString);
            Options.AbortOnConnectFail = true;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            Options = new ConfigurationOptions();
        }

        if (Options.EndPoints.Count == 0)
            throw new SettingsException($"{Setting} cannot be read: it takes HOST:PORT and perhaps ,user=…,password=…,ssl=true.");
    }

    /// <summary>For Orleans' providers.</summary>
    public ConfigurationOptions Options { get; }

    /// <inheritdoc/>
    protected override string Setting => "Madrl:Redis:ConnectionString";

    /// <inheritdoc/>
    protected override IEnumerable<string?> Secrets => [Options.Password];

    /// <inheritdoc/>
    protected override async Task ConnectAsync(CancellationToken cancellationToken)
    {
        // One attempt, and time left to hear what came of it: at the start the first refusal is told.
        var once = Options.Clone();
        (once.ConnectRetry, once.ConnectTimeout) = (1, (int)(Patience / 2).TotalMilliseconds);
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(once);
            await connection.GetDatabase().PingAsync();
        }
        catch (RedisConnectionException error) when (error.FailureType == ConnectionFailureType.UnableToConnect)
        {
            // The message of its own tells a programmer how to go on trying.
            throw new IOException("nothing answers there as Redis does", error);
        }
    }
}
