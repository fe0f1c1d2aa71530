using System.Reflection;
using System.Reflection.Emit;

namespace Madrl.Environments.Tests;

/// <summary>What a catalogue makes of assemblies that are not as they should be.</summary>
public class CatalogTests
{
    [Fact]
    public void What_is_marked_is_found_once_however_often_it_is_added()
    {
        var catalog = Catalog();
        Assert.Equal(["b", "a"], catalog.Add(Thing("b", "a")).OrderDescending(StringComparer.Ordinal));
        var more = Thing("c");
        Assert.Equal(["c"], catalog.Add(more));
        Assert.Equal(["c"], catalog.Add(more));
        Assert.Equal(["a", "b", "c"], catalog.All.Select(thing => thing.Name));
        Assert.Equal("b", catalog.Find("b").Name);
        Assert.Empty(catalog.Add(typeof(string).Assembly));
    }

    [Fact]
    public void A_name_that_is_taken_is_refused_and_nothing_is_added()
    {
        var catalog = Catalog();
        catalog.Add(Thing("a"));
        var error = Assert.Throws<ArgumentException>(() => catalog.Add(Thing("b", "a")));
        Assert.StartsWith("The thing 'a' of ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" is there already: give it another name.", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], catalog.All.Select(thing => thing.Name));
    }

    [Fact]
    public void What_nobody_could_use_is_refused() =>
        Assert.Equal("bad is bad", Assert.Throws<ArgumentException>(() => Catalog().Add(Thing("bad"))).Message);

    [Fact]
    public void A_name_that_nobody_has_is_answered_with_the_nearest_or_with_all()
    {
        var catalog = Catalog();
        catalog.Add(Thing("simple-walk", "other"));
        Assert.Equal(
            "There is no thing 'simple-wlk': did you mean simple-walk?",
            Assert.Throws<ArgumentException>(() => catalog.Find("simple-wlk")).Message);
        Assert.Equal(
            "There is no thing 'zzz': choose one of other, simple-walk. One of your own comes with its assembly (--assembly; where a silo starts, --assemblies).",
            Assert.Throws<ArgumentException>(() => catalog.Find("zzz")).Message);
    }

    [Theory]
    [InlineData("Simple-walk")]
    [InlineData("simple_walk")]
    [InlineData("simple--walk")]
    [InlineData("simple/walk")]
    [InlineData("simple walk")]
    [InlineData("a-name-of-forty-one-letters-that-is-too-lo")]
    public void A_name_that_cannot_be_part_of_a_run_s_id_is_refused(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Catalog().Add(Thing(name)));
        Assert.StartsWith($"'{name}' of ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" cannot be the name of its thing: use small letters, digits and single hyphens between them, at most 40.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(NoThing))]
    [InlineData(typeof(AbstractThing))]
    [InlineData(typeof(HiddenThing))]
    public void What_is_marked_and_cannot_be_made_is_named_with_what_it_must_be(Type marked)
    {
        var assembly = new OneType(marked);
        var error = Assert.Throws<ArgumentException>(() => Catalog().Add(assembly));
        Assert.Equal(
            $"{marked} is marked by [Mark] and must be a Named that is not abstract and has a public constructor without parameters.",
            error.Message);
    }

    [Fact]
    public void What_fails_when_it_is_made_says_why()
    {
        var error = Assert.Throws<ArgumentException>(() => Catalog().Add(new OneType(typeof(FailingThing))));
        Assert.Equal($"{typeof(FailingThing)} cannot be made: no file", error.Message);
    }

    private static Catalog<Named> Catalog() => new("thing", typeof(MarkAttribute), thing => thing.Name, thing =>
    {
        if (thing.Name == "bad") throw new ArgumentException("bad is bad");
    });

    /// <summary>An assembly with a marked class of each name.</summary>
    private static Assembly Thing(params string[] names)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName($"things-{Guid.NewGuid()}"), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule("things");
        Type? last = null;
        foreach (var name in names)
        {
            var type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Class, typeof(Named));
            type.SetCustomAttribute(new CustomAttributeBuilder(typeof(MarkAttribute).GetConstructor([])!, []));
            last = type.CreateType();
        }

        return last!.Assembly;
    }

    /// <summary>Is called like its class.</summary>
    public class Named
    {
        public string Name => GetType().Name;
    }

    [Mark]
    public class NoThing;

    [Mark]
    public abstract class AbstractThing : Named;

    [Mark]
    public class HiddenThing : Named
    {
        protected HiddenThing()
        {
        }
    }

    [Mark]
    public class FailingThing : Named
    {
        public FailingThing() => throw new IOException("no file");
    }

    /// <summary>An assembly that seems to have one type.</summary>
    private sealed class OneType(Type type) : Assembly
    {
        public override Type[] GetTypes() => [type];
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class MarkAttribute : Attribute;
}
