// Servers and silos are heavy: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
