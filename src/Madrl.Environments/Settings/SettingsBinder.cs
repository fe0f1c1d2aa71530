using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Madrl.Environments.Settings;

/// <summary>One option that a game or an algorithm has.</summary>
/// <param name="Name">Name in kebab case.</param>
/// <param name="Default">Default value as text.</param>
/// <param name="Allowed">The valid values in words: a range, or the names of an enumeration.</param>
/// <param name="Description">What it does.</param>
public sealed record SettingDescription(string Name, string Default, string Allowed, string Description);

/// <summary>
/// Binds <c>name=value</c> texts to the public init-only properties of an options record. A property
/// <c>LearningRate</c> is the setting <c>learning-rate</c>; <see cref="RangeAttribute"/> limits it and
/// <see cref="DescriptionAttribute"/> explains it.
/// </summary>
public static class SettingsBinder
{
    /// <summary>The settings of an options type with their defaults.</summary>
    /// <param name="type">A type with a parameterless constructor.</param>
    public static IReadOnlyList<SettingDescription> Describe(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Describe(Activator.CreateInstance(type)!);
    }

    /// <summary>The settings of an options object, its values as the defaults.</summary>
    /// <param name="defaults">The options.</param>
    /// <exception cref="ArgumentException">A property is of a type that has no text, or has no default; the message names it.</exception>
    public static IReadOnlyList<SettingDescription> Describe(object defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        return [.. Properties(defaults.GetType()).Select(property => Describe(property, defaults))];
    }

    /// <summary>A copy of <paramref name="defaults"/> with the given settings changed.</summary>
    /// <param name="defaults">The options before the change.</param>
    /// <param name="values">
    /// Values by setting name. Names that this type does not have are ignored: one list serves game and algorithm.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A value cannot be read or lies outside its range; the message names the setting and the valid values.
    /// </exception>
    public static T Bind<T>(T defaults, IReadOnlyDictionary<string, string> values)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(defaults);
        ArgumentNullException.ThrowIfNull(values);
        var result = new T();
        foreach (var property in Properties(typeof(T))) property.SetValue(result, property.GetValue(defaults));
        Assign(result, values);
        return result;
    }

    /// <summary>An options object of a type that is known only at run time, with the given settings changed.</summary>
    /// <param name="type">A type with a parameterless constructor.</param>
    /// <param name="values">Values by setting name; names that this type does not have are ignored.</param>
    /// <exception cref="ArgumentException">
    /// A value cannot be read or lies outside its range; the message names the setting and the valid values.
    /// </exception>
    public static object Bind(Type type, IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(values);
        var result = Activator.CreateInstance(type)!;
        Assign(result, values);
        return result;
    }

    /// <summary>Checks an options object that was made in code as if its values had been given as texts.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message names the setting and the valid values.</exception>
    public static void Check(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var property in Properties(options.GetType()))
        {
            if (property.GetValue(options) is not { } value || !IsValid(property, value))
                throw Invalid(property, property.GetValue(options) is { } bad ? Format(bad) : "");
        }
    }

    /// <summary>The values of all settings of an options object, by name: what a run's record keeps.</summary>
    public static IReadOnlyDictionary<string, string> Values(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Properties(options.GetType()).ToDictionary(NameOf, property => Format(property.GetValue(options)!));
    }

    /// <summary><c>KebabCase</c> as <c>kebab-case</c>.</summary>
    public static string Kebab(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = new StringBuilder();
        foreach (var character in name)
        {
            if (char.IsUpper(character) && text.Length > 0) text.Append('-');
            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    /// <exception cref="ArgumentException">An option is of a type that has no text, or has no default.</exception>
    private static SettingDescription Describe(PropertyInfo property, object defaults)
    {
        var type = property.PropertyType;
        if (!(type == typeof(int) || type == typeof(double) || type == typeof(bool) || type == typeof(string) || type.IsEnum))
            throw new ArgumentException($"{property.DeclaringType!.Name}.{property.Name} is a {type.Name}: make it an int, double, bool, string or enumeration.");
        return new SettingDescription(
            NameOf(property),
            Format(property.GetValue(defaults) ?? throw new ArgumentException($"{property.DeclaringType!.Name}.{property.Name} is null: give it a default.")),
            Allowed(property), property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "");
    }

    private static void Assign(object options, IReadOnlyDictionary<string, string> values)
    {
        foreach (var property in Properties(options.GetType()))
        {
            if (values.TryGetValue(NameOf(property), out var text)) property.SetValue(options, Parse(property, text));
        }
    }

    private static string NameOf(PropertyInfo property) => Kebab(property.Name);

    private static object Parse(PropertyInfo property, string text)
    {
        var type = property.PropertyType;
        object? value = null;
        if (type == typeof(int)
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)) value = integer;
        else if (type == typeof(double) && TryParseReal(text, out var real)) value = real;
        else if (type == typeof(bool) && bool.TryParse(text, out var flag)) value = flag;
        else if (type == typeof(string) && text.Length > 0) value = text;
        else if (type.IsEnum)
            value = Enum.GetValues(type).Cast<object>().FirstOrDefault(item => Kebab(item.ToString()!) == text);

        return value is not null && IsValid(property, value) ? value : throw Invalid(property, text);
    }

    /// <summary>Whether a value is finite, defined and within its range. Not by RangeAttribute itself, which rounds numbers to the type of its limits.</summary>
    private static bool IsValid(PropertyInfo property, object value) => value switch
    {
        int or double => double.IsFinite(Number(value))
            && (property.GetCustomAttribute<RangeAttribute>() is not { } range || Number(value) >= Number(range.Minimum) && Number(value) <= Number(range.Maximum)),
        string text => text.Length > 0,
        Enum name => Enum.IsDefined(name.GetType(), name),
        _ => true,
    };

    private static double Number(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static ArgumentException Invalid(PropertyInfo property, string text) =>
        new($"'{text}' is not a value of {NameOf(property)}: it takes {Allowed(property)}.");

    /// <summary>No thousands separators: <c>1,5</c> must not become 15.</summary>
    private static bool TryParseReal(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static string Allowed(PropertyInfo property)
    {
        var type = property.PropertyType;
        if (type.IsEnum) return string.Join(" or ", Enum.GetNames(type).Select(Kebab));
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(string)) return "a text that is not empty";
        var kind = type == typeof(int) ? "a whole number" : "a number";
        return property.GetCustomAttribute<RangeAttribute>() is { } range
            ? $"{kind} from {Format(range.Minimum)} to {Format(range.Maximum)}"
            : kind;
    }

    private static string Format(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        Enum name => Kebab(name.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
