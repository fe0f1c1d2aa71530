using Madrl.Http.Tests;

// One of the tests measures, and all use two processors at most.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(LiveServer))]
