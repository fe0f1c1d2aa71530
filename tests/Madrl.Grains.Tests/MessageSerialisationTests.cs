using System.Collections;
using System.Reflection;
using System.Text.Json;
using Madrl.Grains.Abstractions;
using Madrl.Hosting.Storage;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Madrl.Grains.Tests;

/// <summary>Every message, with a value in every member, comes out of the wire as it went in.</summary>
public class MessageSerialisationTests
{
    private static readonly Serializer Serializer =
        new ServiceCollection().AddSerializer().AddMadrlExceptions().BuildServiceProvider().GetRequiredService<Serializer>();

    private int _number;

    public static TheoryData<string> Messages => new(GrainMessages.Messages.Select(type => type.Name));

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_comes_out_as_it_went_in(string name)
    {
        var type = GrainMessages.Messages.Single(message => message.Name == name);
        var sent = Sample(type);
        var received = Serializer.Deserialize<object>(Serializer.SerializeToArray(sent));
        Assert.NotSame(sent, received);
        Assert.IsType(type, received);
        Assert.Equal(JsonSerializer.Serialize(sent, type), JsonSerializer.Serialize(received, type));
    }

    [Fact]
    public void A_block_comes_out_as_it_went_in()
    {
        var block = (Block)Sample(typeof(Block));
        var received = Serializer.Deserialize<Block>(Serializer.SerializeToArray(block))!;
        Assert.Equal(block.Type, received.Type);
        Assert.Equal(block.Data, received.Data);
        Assert.Equal(block.Shape, received.Shape);
    }

    [Fact]
    public void Exceptions_keep_their_type_on_the_wire()
    {
        Exception[] errors =
        [
            new StaleEpochException(1, 2), new WrongVersionException(new Ticket(1, 2), null),
            new CheckpointDamagedException("damaged"),
            new StorageException("disk full", new IOException("inner")), new NotFiniteNumberException("NaN", double.NaN),
        ];
        foreach (var error in errors)
        {
            var received = Serializer.Deserialize<Exception>(Serializer.SerializeToArray(error))!;
            Assert.Equal((error.GetType(), error.Message), (received.GetType(), received.Message));
        }
    }

    /// <summary>A value of a type, different from the default and from the one before.</summary>
    private object Sample(Type type)
    {
        var number = ++_number;
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Sample(underlying);
        if (type == typeof(string)) return $"text {number}";
        if (type == typeof(Block))
            return new Block(ElementType.Float32, [number, 2], [.. Enumerable.Range(number, 8 * number).Select(i => (byte)i)]);
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
        if (type.IsArray) return Fill(Array.CreateInstance(type.GetElementType()!, 2), type.GetElementType()!);
        if (type.IsAssignableTo(typeof(IDictionary)))
            return Fill((IDictionary)Activator.CreateInstance(type)!, type.GetGenericArguments());
        if (type.IsPrimitive) return Convert.ChangeType(number, type, System.Globalization.CultureInfo.InvariantCulture);
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType))]);
    }

    private Array Fill(Array array, Type element)
    {
        for (var index = 0; index < array.Length; index++) array.SetValue(Sample(element), index);
        return array;
    }

    private IDictionary Fill(IDictionary dictionary, Type[] types)
    {
        dictionary.Add(Sample(types[0]), Sample(types[1]));
        return dictionary;
    }
}
