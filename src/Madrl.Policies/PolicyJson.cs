using System.Text.Json;
using System.Text.Json.Serialization;

namespace Madrl.Policies;

/// <summary>A policy's description as the JSON text that travels beside its weights.</summary>
public static class PolicyJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>The canonical text: no white space, the properties in the order of the records.</summary>
    /// <exception cref="ArgumentException">The description is inconsistent.</exception>
    public static string ToJson(PolicyDescription description)
    {
        DescriptionCheck.ThrowIfInconsistent(description);
        return JsonSerializer.Serialize(description, Options);
    }

    /// <summary>The description that a text holds. Every property must be there, and no other.</summary>
    /// <exception cref="InvalidDataException">The text is no JSON or no consistent description; it says why.</exception>
    public static PolicyDescription FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var description = JsonSerializer.Deserialize<PolicyDescription>(json, Options)
                ?? throw new InvalidDataException("The policy description is null.");
            DescriptionCheck.ThrowIfInconsistent(description);
            return description;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"This is no policy description: {exception.Message}", exception);
        }
    }
}
