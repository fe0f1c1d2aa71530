using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// Arithmetic between tensors and numbers. TorchSharp makes a <see cref="Scalar"/> for every number that meets a tensor, and
/// for the invisible factor 1 of every sum, and does not keep it alive over the native call: when the
/// garbage collector runs in that moment (seen under load with 0.107), libtorch reads freed memory. So here, and
/// here alone, scalars are made, and each outlives its call; a test finds any other use. Differences, products and
/// quotients of two tensors carry no scalar and stay operators. Layers and losses outside this project need it as much.
/// </summary>
public static class Arithmetic
{
    private static readonly Scalar One = 1.0.ToScalar();

    extension(Tensor x)
    {
        /// <summary>x + y.</summary>
        public Tensor Plus(Tensor y) => x.add(y, One);

        /// <summary>x + number.</summary>
        public Tensor Plus(double number)
        {
            using var scalar = number.ToScalar();
            return x.add(scalar, One);
        }

        /// <summary>x times number.</summary>
        public Tensor Times(double number)
        {
            using var scalar = number.ToScalar();
            return x.mul(scalar);
        }

        /// <summary>x / number.</summary>
        public Tensor Over(double number)
        {
            using var scalar = number.ToScalar();
            return x.div(scalar);
        }

        /// <summary>1 - x.</summary>
        public Tensor Complement() => x.neg().add(One, One);

        /// <summary>x².</summary>
        public Tensor Squared() => x * x;

        /// <summary>x limited to [low, high].</summary>
        public Tensor Clamped(double low, double high)
        {
            using var lowest = low.ToScalar();
            using var highest = high.ToScalar();
            return x.clamp(lowest, highest);
        }

        /// <summary>The smaller of x and number.</summary>
        public Tensor AtMost(double number)
        {
            using var scalar = number.ToScalar();
            return x.clamp_max(scalar);
        }

        /// <summary>x where positive, slope times x elsewhere.</summary>
        public Tensor LeakyRelu(double slope)
        {
            using var scalar = slope.ToScalar();
            return x.leaky_relu(scalar);
        }

        /// <summary>x where it is positive, elsewhere exp(x) - 1.</summary>
        public Tensor Elu() => x.elu(One, One, One);

        /// <summary>x, with number where the mask is true.</summary>
        public Tensor Filled(Tensor mask, double number)
        {
            using var scalar = number.ToScalar();
            return x.masked_fill(mask, scalar);
        }

        /// <summary>x += factor * y, in place.</summary>
        public Tensor PlusInPlace(Tensor y, double factor = 1)
        {
            using var scalar = factor.ToScalar();
            return x.add_(y, scalar);
        }

        /// <summary>x += number, in place.</summary>
        public Tensor PlusInPlace(double number)
        {
            using var scalar = number.ToScalar();
            return x.add_(scalar, One);
        }

        /// <summary>x *= number, in place.</summary>
        public Tensor TimesInPlace(double number)
        {
            using var scalar = number.ToScalar();
            return x.mul_(scalar);
        }

        /// <summary>x = (1 - rate) x + rate y, in place.</summary>
        public void FollowInPlace(Tensor y, double rate)
        {
            if (!Tensors.IsPlain(x) || !Tensors.IsPlain(y) || x.NumberOfElements != y.NumberOfElements)
            {
                x.TimesInPlace(1 - rate).PlusInPlace(y, rate);
                return;
            }

            unsafe
            {
                Fused.FlatKernel.Follow(Tensors.Data(x), Tensors.Data(y), (nint)x.NumberOfElements, (float)(1 - rate), (float)rate);
            }

            GC.KeepAlive(x);
            GC.KeepAlive(y);
        }

        /// <summary>x += factor * y * z, in place.</summary>
        public Tensor PlusProductInPlace(Tensor y, Tensor z, double factor)
        {
            using var scalar = factor.ToScalar();
            return x.addcmul_(y, z, scalar);
        }

        /// <summary>x += factor * y / z, in place.</summary>
        public Tensor PlusQuotientInPlace(Tensor y, Tensor z, double factor)
        {
            using var scalar = factor.ToScalar();
            return x.addcdiv_(y, z, scalar);
        }
    }
}
