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

    /// <summary>Every whole number and number with limits, just outside of them; every other number as NaN.</summary>
    [Fact]
    public void No_game_takes_options_that_are_out_of_range()
    {
        foreach (var game in GameCatalog.All)
        {
            var create = game.GetType().GetMethod("Create", [typeof(int), game.OptionsType, typeof(string)])!;
            foreach (var property in game.OptionsType.GetProperties().Where(property => property.PropertyType == typeof(int) || property.PropertyType == typeof(double)))
            {
                var options = Activator.CreateInstance(game.OptionsType)!;
                var range = (RangeAttribute)Attribute.GetCustomAttribute(property, typeof(RangeAttribute))!;
                property.SetValue(options, property.PropertyType == typeof(int) ? (object)((int)range.Maximum + 1) : double.NaN);
                var error = Assert.Throws<TargetInvocationException>(() => create.Invoke(game, [1, options, null]));
                Assert.Contains($"is not a value of {SettingsBinder.Kebab(property.Name)}: it takes", Assert.IsType<ArgumentException>(error.InnerException).Message, StringComparison.Ordinal);
            }
        }
    }
}
