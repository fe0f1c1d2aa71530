using System.Reflection;
using System.Runtime.CompilerServices;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;
using Orleans.Runtime;

namespace Madrl.Grains.Tests;

/// <summary>The rules for what travels and for grain classes (docs: architecture), walked over everything there is.</summary>
public class RulesTests
{
    private const BindingFlags AnyStatic =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The protocol classes that grains adapt.</summary>
    private static readonly Type[] Adapted =
    [
        typeof(RunLoop), typeof(RunMetrics), typeof(RunDeletions), typeof(LearnerMember), typeof(EnvironmentMember), typeof(ReplayMember),
        typeof(AgentRole), typeof(ReplicaRole),
    ];

    private static readonly Type[] GrainClasses =
        [.. typeof(RunGrain).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Grain)))];

    [Fact]
    public void Grain_interfaces_have_string_keys_and_aliases()
    {
        Assert.NotEmpty(GrainMessages.Interfaces);
        Assert.All(GrainMessages.Interfaces, type => Assert.True(type.IsAssignableTo(typeof(IGrainWithStringKey)), type.Name));
        Assert.All(GrainMessages.Interfaces, type => Assert.NotNull(type.GetCustomAttribute<AliasAttribute>()));
        Assert.All(GrainMessages.Interfaces, type => Assert.Single(GrainClasses, grain => grain.IsAssignableTo(type)));
    }

    [Fact]
    public void Grain_methods_have_aliases_and_return_tasks() => Assert.All(GrainMessages.Methods, method =>
    {
        Assert.NotNull(method.GetCustomAttribute<AliasAttribute>());
        Assert.True(method.ReturnType.IsAssignableTo(typeof(Task)), method.Name);
    });

    [Fact]
    public void Messages_are_sealed_immutable_records()
    {
        Assert.Contains(typeof(OpenRequest), GrainMessages.Messages); // Reached through another message.
        Assert.All(GrainMessages.Messages, type =>
        {
            Assert.True(type.IsSealed && type.GetMethod("<Clone>$") is not null, $"{type} is no sealed record");
            Assert.NotNull(type.GetCustomAttribute<GenerateSerializerAttribute>());
            Assert.NotNull(type.GetCustomAttribute<ImmutableAttribute>());
            Assert.NotNull(type.GetCustomAttribute<AliasAttribute>());
            Assert.NotEmpty(GrainMessages.Members(type));
            Assert.All(GrainMessages.Members(type), member =>
            {
                Assert.NotNull(member.GetCustomAttribute<IdAttribute>());
                Assert.Contains(typeof(IsExternalInit), member.SetMethod!.ReturnParameter.GetRequiredCustomModifiers());
            });
            Assert.Empty(type.GetFields(BindingFlags.Public | BindingFlags.Instance));
        });
    }

    [Fact]
    public void Tensors_travel_as_blocks()
    {
        Type[] slow = [typeof(float[]), typeof(double[]), typeof(ReadOnlyMemory<byte>), typeof(Memory<byte>), typeof(byte[])];
        Assert.Empty(GrainMessages.Types.Intersect(slow));
        var carriers = GrainMessages.Messages.Where(type => GrainMessages.Members(type)
            .Any(member => (member.PropertyType.GetElementType() ?? member.PropertyType) is var carried
                && (carried == typeof(Block) || carried.IsAssignableTo(typeof(IPayload)))));
        Assert.NotEmpty(carriers);
        Assert.All(carriers, type => Assert.True(type.IsAssignableTo(typeof(IPayload)), type.Name));
    }

    [Fact]
    public void Bare_parameters_that_are_no_messages_are_immutable() => Assert.All(
        GrainMessages.Methods.SelectMany(method => method.GetParameters())
            .Where(parameter => parameter.ParameterType == typeof(Block)),
        parameter => Assert.NotNull(parameter.GetCustomAttribute<ImmutableAttribute>()));

    [Fact]
    public void Aliases_are_unique()
    {
        var types = GrainMessages.Interfaces.Concat(GrainMessages.Messages).Append(typeof(BlockSurrogate));
        AssertUnique(types.Select(type => type.GetCustomAttribute<AliasAttribute>()!.Alias));
        foreach (var type in GrainMessages.Interfaces)
            AssertUnique(type.GetMethods().Select(method => method.GetCustomAttribute<AliasAttribute>()!.Alias));
        foreach (var type in GrainMessages.Messages)
            AssertUnique(GrainMessages.Members(type).Select(member => member.GetCustomAttribute<IdAttribute>()!.Id));
    }

    [Fact]
    public void Grain_classes_are_sealed_and_share_nothing()
    {
        Assert.NotEmpty(GrainClasses);
        Assert.All(GrainClasses, type => Assert.True(type.IsSealed, type.Name));
        var shared = typeof(RunGrain).Assembly.GetTypes()
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Where(type => !type.FullName!.StartsWith("OrleansCodeGen", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(AnyStatic))
            .Where(field => field is { IsInitOnly: false, IsLiteral: false } && !field.Name.StartsWith('<'));
        Assert.Empty(shared);
        Assert.DoesNotContain(GrainClasses.SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic)),
            field => field.FieldType == typeof(Lock) || field.FieldType == typeof(SemaphoreSlim));
    }

    [Fact]
    public void Grain_classes_hold_no_protocol_state_of_their_own()
    {
        // What a run depends on is in the protocol classes, which the simulator runs too: a grain holds one of those, what was
        // injected into it, and handles of Orleans.
        var fields = GrainClasses.SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly));
        Assert.All(fields, field => Assert.True(
            MayBeHeld(field.FieldType), $"{field.DeclaringType!.Name}.{field.Name} is a {field.FieldType.Name}: keep it in a class of Madrl.Protocols"));
        Assert.All(GrainClasses, type => Assert.Contains(
            type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic), field => Adapted.Contains(field.FieldType)));
    }

    [Theory]
    [InlineData(typeof(long))]
    [InlineData(typeof(bool))]
    [InlineData(typeof(string))]
    [InlineData(typeof(Task))]
    [InlineData(typeof(Dictionary<string, long>))]
    [InlineData(typeof(IDictionary<string, long>))]
    [InlineData(typeof(Fence))]
    [InlineData(typeof(Ticket))]
    [InlineData(typeof(RunState))]
    [InlineData(typeof(Checkpoint))]
    public void A_field_of_protocol_state_would_be_found(Type state) => Assert.False(MayBeHeld(state));

    private static bool MayBeHeld(Type type) =>
        Adapted.Contains(type)
        || ((Type[])[typeof(TimeProvider), typeof(CallCounter), typeof(RunReminders), typeof(CancellationTokenSource)]).Contains(type)
        || (type.IsInterface && !type.FullName!.StartsWith("System.", StringComparison.Ordinal));

    [Fact]
    public void Persistent_states_are_plain_classes_with_settable_properties()
    {
        var states = GrainClasses.SelectMany(type => type.GetConstructors())
            .SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>() is not null)
            .Select(parameter => parameter.ParameterType.GetGenericArguments()[0])
            .ToArray();
        Assert.NotEmpty(states);
        Assert.All(states, type =>
        {
            Assert.True(type.IsSealed && type.GetConstructor([]) is not null, type.Name);
            Assert.All(type.GetProperties(),
                property => Assert.True(property is { CanRead: true, CanWrite: true }, property.Name));
        });
    }

    private static void AssertUnique<T>(IEnumerable<T> values)
    {
        T[] all = [.. values];
        Assert.Equal(all.Distinct().Count(), all.Length);
    }
}
