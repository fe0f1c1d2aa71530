using Madrl.Learning.Native;

namespace Madrl.Learning.Tests;

/// <summary>The change that lets an older libstdc++ load TorchSharp's bridge touches two bytes, and only where it is safe.</summary>
public class ElfVersionRequirementTests
{
    private static string Find(string name) => ((string)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES")!).Split(Path.PathSeparator)
        .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
        .Select(directory => Path.Combine(directory, name)).First(File.Exists);

    [Fact]
    public void Only_the_flag_of_one_requirement_changes()
    {
        var before = File.ReadAllBytes(Find("libLibTorchSharp.so"));
        var after = (byte[])before.Clone();
        ElfVersionRequirement.MakeWeak(after);
        var changed = Enumerable.Range(0, before.Length).Where(index => before[index] != after[index]).ToArray();
        Assert.Equal(2, after[Assert.Single(changed)]);
    }

    [Fact]
    public void A_library_without_the_requirement_is_refused()
    {
        var other = File.ReadAllBytes(Find("libc10.so"));
        Assert.Contains(ElfVersionRequirement.OptionalVersion, Assert.Throws<BadImageFormatException>(() => ElfVersionRequirement.MakeWeak(other)).Message);
    }

    [Fact]
    public void What_is_no_library_is_refused() =>
        Assert.Throws<BadImageFormatException>(() => ElfVersionRequirement.MakeWeak("This is a text file, and by no means a library of any kind at all."u8.ToArray()));

    [Fact]
    public void A_truncated_library_is_refused_whatever_is_missing()
    {
        var whole = File.ReadAllBytes(Find("libLibTorchSharp.so"));
        for (var length = 0; length < 1_000_000; length += 9_973)
            Assert.Throws<BadImageFormatException>(() => ElfVersionRequirement.MakeWeak(whole.AsSpan(0, length).ToArray()));
    }
}
