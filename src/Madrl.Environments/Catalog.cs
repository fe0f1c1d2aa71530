using System.Reflection;
using Madrl.Environments.Settings;

namespace Madrl.Environments;

/// <summary>Things that are chosen by name, found in assemblies by an attribute.</summary>
/// <typeparam name="T">What is chosen.</typeparam>
/// <param name="kind">What it is in words: <c>task</c>.</param>
/// <param name="mark">The attribute.</param>
/// <param name="name">The name by which it is chosen.</param>
public sealed class Catalog<T>(string kind, Type mark, Func<T, string> name)
    where T : class
{
    private readonly Lock _adding = new();
    private volatile IReadOnlyList<T> _all = [];

    /// <summary>All of them, in ordinal order of their names.</summary>
    public IReadOnlyList<T> All => _all;

    /// <summary>The one of a name.</summary>
    /// <param name="wanted">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message names the nearest ones.</exception>
    public T Find(string wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (All.FirstOrDefault(item => name(item) == wanted) is { } found) return found;
        string[] names = [.. All.Select(name)];
        var own = NearestNames.Of(wanted, names).Count > 0 ? "" : " One of your own comes with its assembly: --assembly, of a silo --assemblies.";
        throw new ArgumentException(NearestNames.Message(kind, wanted, names) + own);
    }

    /// <summary>Adds those of an assembly, once however often it is called.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <returns>Their names.</returns>
    /// <exception cref="ArgumentException">One cannot be made, or another has its name already; nothing is added then.</exception>
    public IReadOnlyList<string> Add(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_adding)
        {
            var known = _all.Where(item => item.GetType().Assembly == assembly).ToArray();
            T[] found = known.Length > 0 ? known : [.. assembly.GetTypes().Where(type => type.IsDefined(mark, inherit: false)).Select(Make)];
            var all = _all.Except(known).Concat(found).ToLookup(name);
            if (all.FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new ArgumentException($"The {kind} '{twice.Key}' of {assembly.GetName().Name} is there already: give it another name.");
            _all = [.. all.Select(item => item.First()).OrderBy(name, StringComparer.Ordinal)];
            return [.. found.Select(name)];
        }
    }

    private T Make(Type type)
    {
        var usual = $"A class that is marked [{mark.Name.Replace("Attribute", "", StringComparison.Ordinal)}] must be a {typeof(T).Name} with a constructor without parameters: {type}";
        if (!type.IsSubclassOf(typeof(T)) || type.IsAbstract || type.GetConstructor([]) is not { } constructor) throw new ArgumentException($"{usual} is not.");
        try
        {
            return (T)constructor.Invoke([]);
        }
        catch (TargetInvocationException error)
        {
            throw new ArgumentException($"{type} cannot be made: {error.InnerException!.Message}", error);
        }
    }
}
