using System.Reflection;
using Madrl.Environments.Settings;

namespace Madrl.Environments;

/// <summary>Things that are chosen by name, found in assemblies by an attribute.</summary>
/// <typeparam name="T">What is chosen.</typeparam>
/// <param name="kind">What it is in words: <c>task</c>.</param>
/// <param name="mark">The attribute.</param>
/// <param name="name">The name by which it is chosen.</param>
/// <param name="check">Throws <see cref="ArgumentException"/> for one that nobody could use.</param>
public sealed class Catalog<T>(string kind, Type mark, Func<T, string> name, Action<T> check)
    where T : class
{
    /// <summary>Longest name: a run's id has two of them, a seed and a time.</summary>
    private const int MaxName = 40;

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
        return All.FirstOrDefault(item => name(item) == wanted) ?? throw new ArgumentException(NoneOf(wanted, [.. All.Select(name)]));
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
            var known = _all.Where(item => item.GetType().Assembly == assembly).Select(name).ToArray();
            if (known.Length > 0) return known;
            T[] found = [.. assembly.GetTypes().Where(type => type.IsDefined(mark, inherit: false)).Select(Make)];
            var all = _all.Concat(found).ToLookup(name);
            if (all.FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new ArgumentException($"The {kind} '{twice.Key}' of {assembly.GetName().Name} is there already: give it another name.");
            _all = [.. all.Select(item => item.First()).OrderBy(name, StringComparer.Ordinal)];
            return [.. found.Select(name)];
        }
    }

    /// <summary>A name that resembles none was hardly mistyped.</summary>
    private string NoneOf(string wanted, string[] names) => NearestNames.Message(kind, wanted, names)
        + (NearestNames.Of(wanted, names).Count > 0 ? "" : " One of your own comes with its assembly (--assembly; where a silo starts, --assemblies).");

    private T Make(Type type)
    {
        if (!type.IsSubclassOf(typeof(T)) || type.IsAbstract || type.GetConstructor([]) is not { } constructor)
        {
            throw new ArgumentException($"{type} is marked by [{mark.Name.Replace("Attribute", "", StringComparison.Ordinal)}] and must be "
                + $"a {typeof(T).Name} that is not abstract and has a public constructor without parameters.");
        }

        try
        {
            var item = (T)constructor.Invoke([]);
            if (!PlainNames.IsOne(name(item), MaxName))
            {
                throw new ArgumentException($"'{name(item)}' of {type} cannot be the name of its {kind}: "
                    + $"use small letters, digits and single hyphens between them, at most {MaxName}.");
            }

            check(item);
            return item;
        }
        catch (TargetInvocationException error)
        {
            throw new ArgumentException($"{type} cannot be made: {error.InnerException!.Message}", error);
        }
    }
}
