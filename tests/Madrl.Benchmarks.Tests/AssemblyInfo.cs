// The naive forms write numbers next to tensors, which is safe only while no other thread allocates.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
