using Madrl.Learning.Native;
using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests;

/// <summary>
/// Names of devices, and where learners are made. There is no GPU here: libtorch's <c>meta</c> device, which has shapes without
/// numbers, stands in for the place where things lie. Not for an update: libtorch without Python has no <c>meta</c> form of many
/// operations, and lets tensors of other devices meet it.
/// </summary>
public class DeviceTests
{
    public static TheoryData<string> Kinds => new(TestLearners.Kinds);

    [Theory]
    [InlineData("cpu", DeviceType.CPU, -1, 0)]
    [InlineData("cpu:0", DeviceType.CPU, -1, 0)]
    [InlineData("cuda:0", DeviceType.CUDA, 0, 1)]
    [InlineData("cuda:3", DeviceType.CUDA, 3, 4)]
    public void A_device_that_is_there_is_found(string name, DeviceType type, int index, int count)
    {
        var device = TorchDevice.Find(name, () => new CudaPresence(true, count > 0, count));
        Assert.Equal((type, index), (device.type, device.index));
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 0")]
    [InlineData("cuda:0x1")]
    [InlineData("cuda:99999999999")]
    [InlineData("CUDA:0")]
    [InlineData("gpu:0")]
    [InlineData("cpu:1")]
    [InlineData("")]
    public void A_malformed_name_is_refused(string name)
    {
        var error = Assert.Throws<DeviceException>(() => TorchDevice.Find(name, () => new CudaPresence(true, true, 8)));
        Assert.Equal($"'{name}' is not a device: it is cpu, or cuda:N such as cuda:0.", error.Message);
    }

    [Theory]
    [InlineData("cuda:0", false, false, 0, "this build carries libtorch for the CPU only (build with -p:MadrlDevice=cuda)")]
    [InlineData("cuda:0", true, false, 0, "the machine shows no CUDA device (torch.cuda.is_available() is false)")]
    [InlineData("cuda:1", true, true, 1, "the machine has cuda:0 only")]
    [InlineData("cuda:7", true, true, 4, "the machine has cuda:0 to cuda:3 only")]
    public void A_device_that_is_not_there_is_refused(string name, bool built, bool available, int count, string why)
    {
        var error = Assert.Throws<DeviceException>(() => TorchDevice.Find(name, () => new CudaPresence(built, available, count)));
        Assert.Equal($"{name} is not available: {why}.", error.Message);
    }

    [Fact]
    public void The_usual_build_has_no_cuda()
    {
        Assert.SkipWhen(TorchRuntime.Cuda.Built, "This build carries libtorch for CUDA.");
        var error = Assert.Throws<DeviceException>(() => TestLearners.Create("ppo", device: "cuda:0"));
        Assert.StartsWith("cuda:0 is not available: this build carries libtorch for the CPU only", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_learner_is_made_of_lies_on_the_device_in_use(string kind)
    {
        using var used = TorchDevice.Use(META);
        using var learner = TestLearners.CreateHere(kind);
        foreach (var (name, tensor) in learner.StateTensors())
        {
            // Counters of calls stay where they are read.
            var expected = name is "target.last" or "target.calls" ? DeviceType.CPU : DeviceType.META;
            Assert.True(tensor.device_type == expected, name);
        }
    }

    [Fact]
    public void A_batch_and_noise_go_to_a_device_and_stay_where_they_are_on_the_same()
    {
        using var scope = NewDisposeScope();
        var batch = TrainingBatch.From([TestLearners.Play(0)]);
        Assert.Same(batch, batch.To(CPU));
        var there = batch.To(META);
        foreach (var (name, tensor) in there.Named.Append(("mask", there.Mask)).Append(("terminated", there.Terminated)))
            Assert.True(tensor.device_type == DeviceType.META, name);
        Assert.Same(there, there.To(META));
        Assert.Equal(DeviceType.META, GumbelSoftmax.Noise(1, 0, 2, 3, 4, 5, META).device_type);
    }

    [Fact]
    public void What_is_made_elsewhere_stays_on_the_processor()
    {
        using (TorchDevice.Use(META)) Assert.Equal(DeviceType.META, TorchDevice.Current.type);
        Assert.Equal(DeviceType.CPU, TorchDevice.Current.type);
    }
}
