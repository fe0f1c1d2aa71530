using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests;

/// <summary>The choice of the golden data: a wrong choice would let tests pass that compared nothing.</summary>
public sealed class ReferenceDataTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("madrl-reference-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_named_directory_counts()
    {
        var named = Make("named");
        File.WriteAllText(Path.Combine(named, "README.md"), "data");
        Make("shared/reference");
        Assert.Equal(named, ReferenceData.Choose(named, Repository));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    public void A_named_directory_without_data_fails(string name)
    {
        Make("empty");
        var named = Path.Combine(_folder.FullName, name);
        var error = Assert.Throws<InvalidOperationException>(() => ReferenceData.Choose(named, Repository));
        Assert.Contains("MADRL_REFERENCE", error.Message);
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void The_shared_data_replace_the_subset()
    {
        Assert.Equal(Path.Combine(Repository, "tests", "data", "reference"), ReferenceData.Choose(null, Repository));
        var shared = Make("shared/reference");
        Assert.Equal(shared, ReferenceData.Choose("", Repository));
    }

    [Fact]
    public void A_pattern_without_files_fails() =>
        Assert.Throws<InvalidOperationException>(() => ReferenceData.Files("mpe", "no-such-task.*.json"));

    private string Repository => Path.Combine(_folder.FullName, "repository");

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;
}
