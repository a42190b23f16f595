"""What the panel shows of a picture: 32x32 levels, enlarged to 64x64 and dithered to single bits.

Written after src/die/firmware/picture.c says in words, apart from its code: bilinear by 3/4 and 1/4, down
first, then across, each rounded to a byte; then Bayer's matrix of 8x8 (1973), 64 levels.
"""
import numpy


def bayer(order):
    if order == 0:
        return numpy.zeros((1, 1), int)
    half = 4 * bayer(order - 1)
    return numpy.block([[half, half + 2], [half + 3, half + 1]])


def enlarged(levels, axis):
    """Twice as many along `axis`: each 3/4 of its own and 1/4 of the neighbour it lies towards."""
    levels = numpy.moveaxis(levels, axis, 0)
    before = numpy.concatenate([levels[:1], levels[:-1]])
    after = numpy.concatenate([levels[1:], levels[-1:]])
    pairs = [(3 * levels + neighbour + 2) >> 2 for neighbour in (before, after)]
    result = numpy.stack(pairs, axis=1).reshape(2 * levels.shape[0], *levels.shape[1:])
    return numpy.moveaxis(result, 0, axis)


def dithered(levels):
    """Levels -128 to 127 of 32x32 -> 64x64, True where lit."""
    large = enlarged(enlarged(levels.astype(int) + 128, axis=0), axis=1)
    thresholds = numpy.tile(4 * bayer(3) + 2, (8, 8))
    return large > thresholds
