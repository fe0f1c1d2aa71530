// Tests measure allocations, tensors and counters of the whole process, so they take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
