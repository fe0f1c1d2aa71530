using System.Reflection;
using System.Reflection.Emit;
using Madrl.Environments;
using Madrl.Learning.Algorithms;

namespace Madrl.Learning.Tests;

/// <summary>Algorithms of a user's assembly.</summary>
public class AlgorithmCatalogTests
{
    public AlgorithmCatalogTests() => AlgorithmCatalog.Add(typeof(OwnPpo).Assembly);

    [Fact]
    public void What_is_marked_is_listed_by_its_name_and_found()
    {
        Assert.Equal(["own-ppo"], AlgorithmCatalog.Add(typeof(OwnPpo).Assembly)); // Once, however often it is added.
        var names = AlgorithmCatalog.All.Select(algorithm => algorithm.Name).ToArray();
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        Assert.Contains("mappo", names);
        Assert.Contains("own-ppo", names);
        Assert.All(AlgorithmCatalog.All, algorithm => Assert.Same(algorithm, AlgorithmCatalog.Find(algorithm.Name)));
        Assert.IsType<OwnPpo>(AlgorithmCatalog.Find("own-ppo"));
    }

    [Fact]
    public void What_was_added_learns()
    {
        var (game, settings) = (TestLearners.Game.Spec, new Dictionary<string, string> { ["hidden"] = "8", ["epochs"] = "1" });
        var algorithm = AlgorithmCatalog.Find("own-ppo");
        algorithm.Check(game, settings);
        using var learner = algorithm.CreateLearner(game, settings, TestLearners.Copies, seed: 1, threads: 1);
        var before = learner.ExportPolicies()[0].AsSingles().ToArray();
        learner.Learn([TestLearners.Play(0)], number: 0, progress: 0);
        Assert.NotEqual(before, learner.ExportPolicies()[0].AsSingles().ToArray());
    }

    [Fact]
    public void A_name_that_nobody_has_is_answered_with_the_nearest_or_with_all()
    {
        Assert.Equal("There is no algorithm 'own-pppo': did you mean own-ppo?", Message(() => AlgorithmCatalog.Find("own-pppo")));
        Assert.Equal(
            $"There is no algorithm 'zzzz': choose one of {string.Join(", ", AlgorithmCatalog.All.Select(algorithm => algorithm.Name))}."
            + " One of your own comes with its assembly (--assembly; where a silo starts, --assemblies).",
            Message(() => AlgorithmCatalog.Find("zzzz")));
    }

    [Theory]
    [InlineData(typeof(object), TypeAttributes.Public, MethodAttributes.Public)]
    [InlineData(typeof(Unmarked), TypeAttributes.Public | TypeAttributes.Abstract, MethodAttributes.Public)]
    [InlineData(typeof(Unmarked), TypeAttributes.Public, MethodAttributes.Family)]
    public void What_is_marked_and_cannot_be_made_is_named_with_what_it_must_be(Type parent, TypeAttributes type, MethodAttributes constructor) => AssertRefused(
        Marked(parent, type, marked => marked.DefineDefaultConstructor(constructor)),
        "AlgorithmDefinition that is not abstract and has a public constructor without parameters.");

    [Fact]
    public void A_constructor_with_parameters_is_not_enough() => AssertRefused(
        Marked(typeof(Unmarked), TypeAttributes.Public, marked =>
        {
            var body = marked.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(int)]).GetILGenerator();
            body.Emit(OpCodes.Ldarg_0);
            body.Emit(OpCodes.Call, typeof(Unmarked).GetConstructor([])!);
            body.Emit(OpCodes.Ret);
        }),
        "has a public constructor without parameters.");

    [Fact]
    public void A_name_that_is_taken_is_refused() =>
        AssertRefused(Marked(typeof(OtherMappo)), "The algorithm 'mappo' of own is there already: give it another name.");

    [Fact]
    public void Settings_that_nobody_could_set_are_refused() => AssertRefused(
        Marked(typeof(Unsettable)), "UnsettableOptions.When is a DateTime: make it an int, double, bool, string or enumeration.");

    private static void AssertRefused(Assembly assembly, string message)
    {
        var before = AlgorithmCatalog.All;
        Assert.EndsWith(message, Message(() => AlgorithmCatalog.Add(assembly)), StringComparison.Ordinal);
        Assert.Same(before, AlgorithmCatalog.All);
    }

    private static string Message(Func<object> refused) => Assert.Throws<ArgumentException>(refused).Message;

    /// <summary>An assembly <c>own</c> with a marked class, which this one cannot have beside the good one.</summary>
    private static Assembly Marked(Type parent, TypeAttributes attributes = TypeAttributes.Public, Action<TypeBuilder>? define = null)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("own"), AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule("own").DefineType("Marked", attributes, parent);
        type.SetCustomAttribute(new CustomAttributeBuilder(typeof(AlgorithmAttribute).GetConstructor([])!, []));
        define?.Invoke(type);
        return type.CreateType().Assembly;
    }

    /// <summary>Could be used if it were marked.</summary>
    public class Unmarked : AlgorithmDefinition
    {
        public override string Name => "unmarked";

        public override string Summary => "";

        public override string Source => "";

        public override LearnerOptions Options(IReadOnlyDictionary<string, string> settings) => new PpoOptions();

        public override void Check(GameSpec game, IReadOnlyDictionary<string, string> settings)
        {
        }

        protected override Learner Create(GameSpec game, IReadOnlyDictionary<string, string> settings, int copies, ulong seed, int threads) =>
            throw new NotSupportedException();
    }

    public class OtherMappo : Unmarked
    {
        public override string Name => "mappo";
    }

    public class Unsettable : Unmarked
    {
        public override LearnerOptions Options(IReadOnlyDictionary<string, string> settings) => new UnsettableOptions();
    }

    public sealed record UnsettableOptions : LearnerOptions
    {
        public DateTime When { get; init; }
    }
}
