using System.Reflection;
using System.Runtime.Loader;
using Madrl.Environments;
using Madrl.Learning.Algorithms;

namespace Madrl.Hosting;

/// <summary>An assembly of a user cannot be used; the message is one line that says what to do.</summary>
public sealed class UserAssemblyException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Assemblies of a user, whose games and algorithms can then be chosen by name like those of this program.</summary>
public static class UserAssembly
{
    /// <summary>Loads an assembly for the rest of this process. What it refers to is looked for beside it.</summary>
    /// <param name="path">Path of the assembly.</param>
    /// <exception cref="UserAssemblyException">It cannot be loaded, or has nothing that is marked and can be used.</exception>
    public static void Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path)) throw new UserAssemblyException($"There is no assembly '{path}': name a .dll file, built with this version.");
        try
        {
            var assembly = Read(Path.GetFullPath(path));
            if (GameCatalog.Add(assembly).Count + AlgorithmCatalog.Add(assembly).Count == 0)
                throw new UserAssemblyException($"'{path}' has no game and no algorithm: mark their definitions by [Game] or [Algorithm].");
        }
        catch (ArgumentException error)
        {
            throw new UserAssemblyException($"'{path}': {Line(error)}.", error);
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException)
        {
            throw new UserAssemblyException($"'{path}' is no .NET assembly that can be loaded here: {Line(error)}.", error);
        }
        catch (Exception error) when (error is ReflectionTypeLoadException or TypeLoadException or FileNotFoundException
            or MissingMemberException or InvalidOperationException)
        {
            var reason = error is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } ? first : error;
            throw new UserAssemblyException($"'{path}' does not fit this program ({Line(reason)}): build it against this version.", error);
        }
    }

    private static Assembly Read(string path)
    {
        var assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        var resolver = new AssemblyDependencyResolver(path);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            resolver.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
        return assembly;
    }

    private static string Line(Exception error) => error.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
