using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Madrl.Environments.Settings;

namespace Madrl.Environments.Tests;

public class GameCatalogTests
{
    [Fact]
    public void Every_game_is_found_by_its_name()
    {
        Assert.Contains(GameCatalog.All, game => game.Task == "simple-spread");
        Assert.All(GameCatalog.All, game => Assert.Same(game, GameCatalog.Find(game.Task)));
        var names = GameCatalog.All.Select(game => game.Task).ToArray();
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void No_game_of_this_assembly_is_forgotten() => Assert.Equal(
        typeof(GameDefinition).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(GameDefinition)) && !type.IsAbstract).ToHashSet(),
        GameCatalog.All.Select(game => game.GetType()).ToHashSet());

    [Fact]
    public void Every_game_can_be_made_by_each_of_its_rules()
    {
        foreach (var game in GameCatalog.All)
        {
            Assert.NotEmpty(game.Summary);
            foreach (var rules in game.Rules)
            {
                var batch = game.Create(2, rules, new Dictionary<string, string>());
                Assert.Equal((2, game.Task, rules), (batch.Copies, batch.Spec.Task, batch.Spec.Rules));
            }
        }
    }

    [Theory]
    [InlineData("simple_spread")]
    [InlineData("Simple-Spread")]
    [InlineData("spread")]
    public void A_mistyped_name_is_answered_with_the_nearest(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => GameCatalog.Find(name));
        Assert.Equal($"There is no task '{name}': did you mean simple-spread?", error.Message);
    }

    [Fact]
    public void A_batch_has_at_least_one_copy()
    {
        foreach (var game in GameCatalog.All)
        {
            foreach (var copies in (int[])[0, -1])
            {
                Assert.Throws<ArgumentOutOfRangeException>(
                    "copies", () => game.Create(copies, game.Rules[0], new Dictionary<string, string>()));
            }
        }
    }

    /// <summary>
    /// Every number, just below its least value and just above its greatest; those that need not be whole also as NaN and infinite.
    /// </summary>
    [Fact]
    public void No_game_takes_options_that_are_out_of_range()
    {
        foreach (var game in GameCatalog.All)
        {
            var create = game.GetType().GetMethod("Create", [typeof(int), game.OptionsType, typeof(string)])!;
            foreach (var (property, value) in game.OptionsType.GetProperties().SelectMany(BadValues))
            {
                var options = Activator.CreateInstance(game.OptionsType)!;
                property.SetValue(options, value);
                var error = Assert.Throws<TargetInvocationException>(() => create.Invoke(game, [1, options, null]));
                Assert.Contains(
                    $"is not a value of {SettingsBinder.Kebab(property.Name)}: it takes",
                    Assert.IsType<ArgumentException>(error.InnerException).Message, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<(PropertyInfo Property, object Value)> BadValues(PropertyInfo property)
    {
        if (property.PropertyType != typeof(int) && property.PropertyType != typeof(double)) return [];
        var range = Assert.IsType<RangeAttribute>(Attribute.GetCustomAttribute(property, typeof(RangeAttribute)));
        object[] values = range is { Minimum: int least, Maximum: int most } && property.PropertyType == typeof(int)
            ? [least - 1, most + 1]
            :
            [
                Math.BitDecrement((double)range.Minimum), Math.BitIncrement((double)range.Maximum),
                double.NaN, double.NegativeInfinity, double.PositiveInfinity,
            ];
        return values.Select(value => (property, value));
    }
}
