using System.Collections.Concurrent;
using System.Reflection;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Numerics;
using Madrl.Policies;
using Madrl.Protocols;

namespace Madrl.Grains.Tests;

/// <summary>What travels: the grain interfaces, their methods, and every type reachable from a parameter or a result.</summary>
internal static class GrainMessages
{
    public static readonly Assembly[] Ours =
    [
        typeof(Philox4x32).Assembly, typeof(Policy).Assembly, typeof(IMarkovGame).Assembly, typeof(Fence).Assembly,
        typeof(IRunGrain).Assembly,
    ];

    public static IReadOnlyList<Type> Interfaces { get; } =
        [.. typeof(IRunGrain).Assembly.GetExportedTypes().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain)))];

    public static IReadOnlyList<MethodInfo> Methods { get; } = [.. Interfaces.SelectMany(type => type.GetMethods())];

    /// <summary>Every type that travels, ours or not; surrogates stand for what they carry.</summary>
    public static IReadOnlyList<Type> Types { get; } = Reachable();

    /// <summary>The messages: types of ours that are no enumerations, and not the tensor that has a surrogate.</summary>
    public static IReadOnlyList<Type> Messages { get; } =
        [.. Types.Where(type => Ours.Contains(type.Assembly) && !type.IsEnum && !type.IsArray && type != typeof(Block))];

    public static IEnumerable<PropertyInfo> Members(Type message) =>
        message.GetProperties().Where(property => property.CanWrite && property.DeclaringType == message);

    private static Type[] Reachable()
    {
        var found = new ConcurrentDictionary<Type, bool>();
        foreach (var method in Methods)
        {
            foreach (var parameter in method.GetParameters()) Visit(parameter.ParameterType);
            if (method.ReturnType.IsGenericType) Visit(method.ReturnType.GetGenericArguments()[0]);
        }

        return [.. found.Keys];

        void Visit(Type type)
        {
            if (!found.TryAdd(type, true)) return;
            if (type.IsArray) Visit(type.GetElementType()!);
            foreach (var argument in type.GetGenericArguments()) Visit(argument);
            if (!Ours.Contains(type.Assembly) || type == typeof(Block)) return;
            foreach (var member in Members(type)) Visit(member.PropertyType);
        }
    }
}
