// Does one thing until it is killed, and says on standard output what is done: the tests of crashes, locks and full disks
// need a process of their own.
using System.Globalization;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Hosting.Tests.Child;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

switch (args)
{
    case ["write-state", var path]:
        await WriteStates(path);
        break;
    case ["write-file", var path]:
        WriteFiles(path);
        break;
    case ["lock", var path]:
        using (RunLock.Acquire(RunFolder.Open(path, ".")))
        {
            Console.WriteLine("locked");
            Console.ReadLine();
        }

        break;
    case ["fill-state", var path, var limit]:
        FileSizeLimit.Set(ulong.Parse(limit, CultureInfo.InvariantCulture));
        await WriteStates(path);
        break;
    case ["fill-file", var path, var limit]:
        FileSizeLimit.Set(ulong.Parse(limit, CultureInfo.InvariantCulture));
        AtomicFile.Write(path, new byte[2 * int.Parse(limit, CultureInfo.InvariantCulture)]);
        break;
    case ["silo", var path]:
        using (var runs = new RunDirectory(Path.GetDirectoryName(path)!))
        {
            runs.Open(RunFolder.Open(path, "."));
            await using var silo = await EmbeddedSilo.StartAsync(runs);
            Console.WriteLine("started");
            Console.ReadLine();
        }

        break;
    default:
        Console.Error.WriteLine(
            "usage: write-state PATH | write-file PATH | lock FOLDER | fill-state PATH BYTES "
            + "| fill-file PATH BYTES | silo FOLDER");
        return 2;
}

return 0;

static async Task WriteStates(string path)
{
    var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    using var storage = new SqliteGrainStorage(path, services.GetRequiredService<IActivatorProvider>(), TimeProvider.System);
    var state = new GrainState<WrittenState>();
    var grain = GrainId.Create("child", "writer");
    await storage.ReadStateAsync("state", grain, state);
    try
    {
        while (true)
        {
            state.State = new WrittenState { Number = state.State!.Number + 1, Padding = new string('x', 5000) };
            await storage.WriteStateAsync("state", grain, state);
            Console.WriteLine(state.State.Number);
            // A growing file is what meets a limit: every state stays, under a grain of its own.
            await storage.WriteStateAsync(
                "state", GrainId.Create("child", state.State.Number.ToString(CultureInfo.InvariantCulture)),
                new GrainState<WrittenState>(state.State));
        }
    }
    catch (StorageException error)
    {
        Console.WriteLine(error.Message);
    }
}

static void WriteFiles(string path)
{
    var number = File.Exists(path) ? File.ReadAllBytes(path)[0] : (byte)0;
    while (true)
    {
        AtomicFile.Write(path, Enumerable.Repeat(++number, 300_000).ToArray());
        Console.WriteLine(number);
    }
}
