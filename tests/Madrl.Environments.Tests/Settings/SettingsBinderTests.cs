using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Madrl.Environments.Settings;

namespace Madrl.Environments.Tests.Settings;

public class SettingsBinderTests
{
    [Fact]
    public void Values_are_bound_by_their_kebab_names()
    {
        var bound = Bind(("hidden-size", "32"), ("learning-rate", "1e-3"), ("shared", "false"), ("shape", "long-and-thin"), ("file", "a b=c.json"));
        Assert.Equal(new Sample { HiddenSize = 32, LearningRate = 0.001, Shared = false, Shape = Shape.LongAndThin, File = "a b=c.json" }, bound);
    }

    [Fact]
    public void What_is_not_named_keeps_the_given_default()
    {
        var defaults = new Sample { HiddenSize = 8, Shape = Shape.LongAndThin };
        Assert.Equal(defaults, SettingsBinder.Bind(defaults, new Dictionary<string, string>()));
    }

    [Fact]
    public void Names_of_other_types_are_left_alone() => Assert.Equal(new Sample(), Bind(("agents", "many")));

    [Theory]
    [InlineData("hidden-size", "0", "a whole number from 1 to 64")]
    [InlineData("hidden-size", "3.5", "a whole number from 1 to 64")]
    [InlineData("hidden-size", "", "a whole number from 1 to 64")]
    [InlineData("learning-rate", "NaN", "a number")]
    [InlineData("learning-rate", "fast", "a number")]
    [InlineData("learning-rate", "1,5", "a number")]
    [InlineData("shared", "yes", "true or false")]
    [InlineData("shape", "1", "round or long-and-thin")]
    [InlineData("shape", "Round", "round or long-and-thin")]
    [InlineData("file", "", "a text that is not empty")]
    public void A_bad_value_is_named_with_its_setting_and_the_valid_ones(string name, string value, string allowed)
    {
        var error = Assert.Throws<ArgumentException>(() => Bind((name, value)));
        Assert.Equal($"'{value}' is not a value of {name}: it takes {allowed}.", error.Message);
    }

    [Fact]
    public void Options_made_in_code_are_checked_like_texts()
    {
        SettingsBinder.Check(new Sample());
        foreach (var (bad, message) in ((Sample, string)[])
        [
            (new Sample { HiddenSize = 65 }, "'65' is not a value of hidden-size: it takes a whole number from 1 to 64."),
            (new Sample { LearningRate = double.NaN }, "'NaN' is not a value of learning-rate: it takes a number."),
            (new Sample { Shape = (Shape)7 }, "'7' is not a value of shape: it takes round or long-and-thin."),
            (new Sample { File = "" }, "'' is not a value of file: it takes a text that is not empty."),
        ])
        {
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => SettingsBinder.Check(bad)).Message);
        }
    }

    [Fact]
    public void Limits_that_are_whole_numbers_limit_other_numbers_exactly()
    {
        Assert.Equal(0.4, SettingsBinder.Bind(new Share(), new Dictionary<string, string> { ["value"] = "0.4" }).Value);
        Assert.Throws<ArgumentException>(() => SettingsBinder.Bind(new Share(), new Dictionary<string, string> { ["value"] = "1.4" }));
    }

    [Theory]
    [InlineData(typeof(WithFloat), "WithFloat.Rate is a Single: make it an int, double, bool, string or enumeration.")]
    [InlineData(typeof(WithoutDefault), "WithoutDefault.Name is null: give it a default.")]
    public void An_option_that_nobody_could_set_is_named(Type options, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => SettingsBinder.Describe(options)).Message);

    [Fact]
    public void Recorded_values_bind_to_the_same_options()
    {
        var options = new Sample { HiddenSize = 7, LearningRate = 0.1, Shared = false, Shape = Shape.LongAndThin, File = "x.json" };
        Assert.Equal(options, SettingsBinder.Bind(new Sample(), SettingsBinder.Values(options)));
    }

    [Fact]
    public void Settings_are_described_with_default_and_limits()
    {
        var size = SettingsBinder.Describe(typeof(Sample)).Single(setting => setting.Name == "hidden-size");
        Assert.Equal(new SettingDescription("hidden-size", "16", "a whole number from 1 to 64", "units of a layer"), size);
    }

    private static Sample Bind(params (string Name, string Value)[] values) =>
        SettingsBinder.Bind(new Sample(), values.ToDictionary(pair => pair.Name, pair => pair.Value));

    private sealed record Share
    {
        [Range(0, 1)]
        public double Value { get; init; }
    }

    private sealed record WithFloat
    {
        public float Rate { get; init; }
    }

    private sealed record WithoutDefault
    {
        public string? Name { get; init; }
    }

    private enum Shape
    {
        Round,
        LongAndThin,
    }

    private sealed record Sample
    {
        [Range(1, 64), Description("units of a layer")]
        public int HiddenSize { get; init; } = 16;

        public double LearningRate { get; init; } = 0.5;

        public bool Shared { get; init; } = true;

        public Shape Shape { get; init; }

        public string File { get; init; } = "none";
    }
}
