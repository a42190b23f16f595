"""Small networks that together use every operator of step 1, with the parameters and corners that
exporters write differently. Each entry of NETWORKS is a function that returns a module in eval mode and
the shapes of its inputs, batch first."""

import torch
from torch import nn
from torch.nn import functional as F


class Calls(nn.Module):
    """A module of parts and a function of (parts, inputs...): less to write than a class each."""

    def __init__(self, forward, **parts):
        super().__init__()
        self.parts = nn.ModuleDict(parts)
        self.function = forward

    def forward(self, *inputs):
        return self.function(self.parts, *inputs)


def sequence(*layers):
    return nn.Sequential(*layers).eval()


def with_statistics(module):
    """BatchNorms that change something: fresh ones are the identity."""
    for layer in module.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            if layer.affine:
                nn.init.uniform_(layer.weight, 0.5, 1.5)
                nn.init.uniform_(layer.bias, -0.5, 0.5)
            nn.init.uniform_(layer.running_mean, -0.5, 0.5)
            nn.init.uniform_(layer.running_var, 0.5, 2.0)
    return module.eval()


def conv_plain():
    return sequence(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 3, 1, bias=False)), [(1, 1, 8, 7)]


def conv_strides():
    return sequence(nn.Conv2d(2, 5, (3, 2), stride=(2, 1), padding=(1, 0)), nn.ReLU(),
                    nn.Conv2d(5, 2, 5, stride=3, padding=2)), [(1, 2, 11, 9)]


def conv_same():
    return sequence(nn.Conv2d(2, 3, 3, padding="same"), nn.Sigmoid(),
                    nn.Conv2d(3, 2, 3, padding="valid")), [(1, 2, 6, 6)]


def conv_transposed():
    return sequence(nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1), nn.ReLU(),
                    nn.ConvTranspose2d(4, 2, 4, stride=2, padding=1), nn.ReLU(),
                    nn.ConvTranspose2d(2, 1, 3, padding=1), nn.Sigmoid()), [(1, 3, 4, 3)]


def conv_transposed_gaps():
    return sequence(nn.ConvTranspose2d(2, 3, 2, stride=3, output_padding=(1, 0)), nn.ReLU(),
                    nn.ConvTranspose2d(3, 2, 2, stride=2, bias=False)), [(1, 2, 3, 4)]


def linear_stack():
    return sequence(nn.Linear(9, 12), nn.ReLU(), nn.Linear(12, 7, bias=False), nn.Sigmoid(),
                    nn.Linear(7, 5), nn.LogSoftmax(1)), [(1, 9)]


def hard_swish():
    return sequence(nn.Conv2d(1, 3, 3, padding=1), nn.Hardswish(), nn.Flatten(),
                    nn.Linear(75, 6), nn.Hardswish(inplace=True)), [(1, 1, 5, 5)]


def activations():
    """Each activation of torch.nn on a slice of its own, so that an error is seen."""
    layers = [nn.Tanh(), nn.Hardsigmoid(), nn.SiLU(), nn.Mish(), nn.ELU(0.7), nn.SELU(), nn.CELU(1.3),
              nn.GELU(), nn.GELU("tanh"), nn.LeakyReLU(0.2), nn.PReLU(), nn.Softplus(), nn.Softsign(),
              nn.ReLU6(), nn.Hardtanh(-0.5, 0.8), nn.Softshrink(), nn.Hardshrink(), nn.Sigmoid()]

    def forward(parts, x):
        return torch.cat([parts[str(i)](x + 0.1 * i) for i in range(len(layers))], 1)
    return Calls(forward, **{str(i): layer for i, layer in enumerate(layers)}).eval(), [(1, 2, 3, 4)]


def prelu_channels():
    return sequence(nn.Conv2d(1, 4, 3), nn.PReLU(4, 0.3), nn.Conv2d(4, 2, 1)), [(1, 1, 6, 5)]


def arithmetic():
    """Values with values, numbers, one constant a channel, and constants of the whole shape."""
    def forward(parts, x, y):
        a = parts["a"](x) * torch.tensor([[[1.5]], [[-0.5]], [[2.0]]]) - 0.25
        b = torch.maximum(a, y) / (1.5 + torch.abs(y)) + torch.linspace(-1, 1, 20).view(1, 1, 4, 5)
        return parts["b"](torch.minimum(b, 2 - a) * b) - torch.sub(a, y, alpha=2) * 0.5
    return Calls(forward, a=nn.Conv2d(2, 3, 1), b=nn.Conv2d(3, 3, 1)).eval(), [(1, 2, 4, 5), (1, 3, 4, 5)]


def unary_functions():
    def forward(parts, x):
        y = x.abs() + 0.5
        return torch.cat([y.log(), y.sqrt(), y.rsqrt(), y.reciprocal(), x.exp(), x.sin(), x.cos(), x.erf(),
                          x.tanh(), x.atan(), x.sign(), x.neg(), x.floor(), x.ceil(), x.square(),
                          y.pow(1.5), x.clamp(-0.5, 0.9), x.clamp(min=0.1), 2 ** x, 1 / y], 1)
    return Calls(forward).eval(), [(1, 3)]


def broadcasts():
    """Operands of other ranks, and a batch of which the network makes two."""
    def forward(parts, x, y):
        outer = x.unsqueeze(2) * y.unsqueeze(1)
        return outer + x.unsqueeze(-1) - torch.linspace(0, 1, 5)
    return Calls(forward).eval(), [(1, 4), (1, 5)]


def choices():
    def forward(parts, x):
        positive = x > 0.1
        chosen = torch.where(positive & (x < 1), x * 2, -x)
        return chosen + (x <= 0).float() + positive.to(torch.float32) * 0.5
    return Calls(forward).eval(), [(1, 6)]


def pools():
    return sequence(nn.Conv2d(1, 3, 3, padding=1), nn.MaxPool2d(2), nn.MaxPool2d(3, 1, 1),
                    nn.MaxPool2d((2, 3), (1, 2)), nn.Flatten(), nn.Linear(18, 4),
                    nn.Softmax(-1)), [(1, 1, 8, 10)]


def pool_negative():
    """All values negative: padding must not win a maximum."""
    return sequence(nn.Sigmoid(), nn.Conv2d(1, 2, 1), nn.MaxPool2d(3, 2, 1)), [(1, 1, 7, 7)]


def batch_norms():
    return with_statistics(sequence(
        nn.BatchNorm2d(2), nn.Conv2d(2, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
        nn.MaxPool2d(2), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 6), nn.BatchNorm1d(6),
        nn.ReLU(), nn.BatchNorm1d(6, affine=False))), [(1, 2, 6, 6)]


def softmax_over_channels():
    return sequence(nn.Conv2d(2, 5, 3), nn.Softmax(1)), [(1, 2, 5, 6)]


def log_softmax_over_channels():
    return sequence(nn.Conv2d(2, 5, 3), nn.LogSoftmax(-3)), [(1, 2, 5, 6)]


def concat_inputs():
    def forward(parts, latent, one_hot):
        hidden = F.relu(parts["fc"](torch.cat([latent, one_hot], 1)))
        return torch.sigmoid(parts["conv"](hidden.view(-1, 3, 2, 4)))
    return Calls(forward, fc=nn.Linear(8, 24), conv=nn.Conv2d(3, 1, 3, padding=1)).eval(), [(1, 2), (1, 6)]


def concat_branches():
    def forward(parts, x):
        a, b = parts["a"](x), F.relu(parts["b"](x))
        return parts["c"](torch.cat([a, b, x], dim=1))
    return Calls(forward, a=nn.Conv2d(2, 3, 3, padding=1), b=nn.Conv2d(2, 2, 1),
                 c=nn.Conv2d(7, 2, 3)).eval(), [(1, 2, 6, 5)]


def residual():
    def forward(parts, x):
        first = F.relu(parts["a"](x))
        second = F.relu(parts["b"](first) + first)
        return parts["c"](second) + x
    return Calls(forward, a=nn.Conv2d(3, 3, 3, padding=1), b=nn.Conv2d(3, 3, 3, padding=1),
                 c=nn.Conv2d(3, 3, 1)).eval(), [(1, 3, 6, 6)]


def residual_in_place():
    """The sum reads a value that relu_ has overwritten."""
    def forward(parts, x):
        hidden = parts["a"](x)
        return parts["relu"](hidden) + parts["b"](hidden)
    return Calls(forward, a=nn.Conv2d(1, 3, 3, padding=1), relu=nn.ReLU(inplace=True),
                 b=nn.Conv2d(3, 3, 1)).eval(), [(1, 1, 6, 6)]


def resizes():
    return sequence(nn.Conv2d(1, 3, 3, padding=1), nn.Upsample(scale_factor=2), nn.ReLU(),
                    nn.Conv2d(3, 2, 3), nn.Upsample(scale_factor=(3, 1)),
                    nn.Upsample(size=(36, 12))), [(1, 1, 4, 4)]


def interpolations():
    return sequence(nn.Conv2d(1, 3, 3, padding=1), nn.Upsample(size=(9, 7), mode="bilinear"),
                    nn.Conv2d(3, 2, 3), nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
                    nn.Conv2d(2, 2, 3), nn.Upsample(size=(5, 11), mode="bicubic"),
                    nn.Upsample(size=(7, 6))), [(1, 1, 6, 5)]


def reshapes():
    def forward(parts, x):
        hidden = parts["a"](x).flatten(1)
        hidden = parts["b"](hidden).reshape(hidden.shape[0], 2, 3, 4)
        return parts["c"](hidden).view(hidden.size(0), -1)
    return Calls(forward, a=nn.Conv2d(1, 2, 3), b=nn.Linear(24, 24),
                 c=nn.Conv2d(2, 3, 2)).eval(), [(1, 1, 5, 6)]


def two_outputs():
    def forward(parts, x):
        hidden = F.relu(parts["a"](x))
        return torch.sigmoid(parts["b"](hidden)), F.log_softmax(parts["c"](hidden.flatten(1)), 1)
    return Calls(forward, a=nn.Conv2d(1, 3, 3), b=nn.Conv2d(3, 1, 1),
                 c=nn.Linear(48, 4)).eval(), [(1, 1, 6, 6)]


class TiedWeights(nn.Module):
    """One matrix read three times: as it is, transposed by the network, and as its transposed view."""

    def __init__(self):
        super().__init__()
        self.encode = nn.Linear(6, 4)
        self.again = nn.Linear(6, 4)
        self.again.weight = self.encode.weight
        self.view = nn.Parameter(self.encode.weight.detach().t())

    def forward(self, x):
        hidden = F.relu(self.encode(x)) + self.again(x)
        back = F.linear(hidden, self.encode.weight.t())
        return back + F.linear(F.relu(hidden), self.view)


def tied_weights():
    return TiedWeights().eval(), [(1, 6)]


class BufferView(nn.Module):
    """Buffers that are windows of larger storages, persistent and not, and a lifted constant."""

    def __init__(self):
        super().__init__()
        store = torch.linspace(-1, 1, 60)
        self.register_buffer("matrix", store[10:50].view(8, 5)[::2].t())
        self.register_buffer("bias", store[3:13:2], persistent=False)
        self.scale = torch.tensor([2.0, -1.0, 0.5, 1.0, 3.0])

    def forward(self, x):
        return F.linear(x, self.matrix, self.bias * self.scale)


def buffer_view():
    return BufferView().eval(), [(1, 4)]


class QuantizedWeights(nn.Module):
    """Weights rounded in forward(), as in quantization-aware training: all of it constant."""

    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(*shape))

    def forward(self, x):
        scale = self.weight.abs().mean().clamp(min=1e-5)
        ternary = (self.weight / scale).round().clamp(-1, 1) * scale
        return F.linear(x, self.weight + (ternary - self.weight).detach())


def weight_expressions():
    """One matrix large enough (64x256) that the exporter leaves its expression in the graph."""
    return sequence(QuantizedWeights(64, 256), nn.ReLU(), QuantizedWeights(5, 64)), [(1, 256)]


def moved_pictures():
    def forward(parts, x):
        y = parts["a"](x)
        return (y.permute(0, 2, 3, 1), y[:, 1:5:2, ::2, 1:], y.flip(2, 3),
                F.pixel_shuffle(y[:, :4], 2), F.pixel_unshuffle(y, 2), y.repeat(1, 2, 1, 2),
                y[:, :1].expand(-1, 3, -1, -1), y.transpose(1, 3).reshape(1, 6, 24))
    return Calls(forward, a=nn.Conv2d(2, 6, 3, padding=1)).eval(), [(1, 2, 4, 6)]


def moved_ranks():
    """Rank 5 and a batch of two."""
    def forward(parts, x):
        y = F.relu(x)
        return (y.transpose(1, 3), x[1], x[:, :, 1:3], y.reshape(6, 40), y.unbind(2)[1],
                x.flatten(1).t(), y.permute(4, 2, 0, 3, 1), x.unsqueeze(0)[:, :, 1],
                y[:, :, :1].expand(2, 3, 6, 5, 2), x.flip(0, 4))
    return Calls(forward).eval(), [(2, 3, 4, 5, 2)]


def split_apart():
    def forward(parts, x, z):
        a, b = x.chunk(2, 1)
        c, d, e = torch.split(z, [1, 2, 4], 1)
        f, g, h = z.split(3, dim=1)
        return parts["l"](torch.cat([e, c], 1)), F.relu(a) + b, h, x.narrow(2, 1, 2), d, x.select(3, -1)
    return Calls(forward, l=nn.Linear(5, 4)).eval(), [(1, 4, 3, 5), (1, 7)]


def padded():
    def forward(parts, x, z):
        y = parts["a"](F.pad(x, (1, 1, 2, 0)))
        return (F.pad(y, (2, 1, 1, 2), mode="reflect"), F.pad(y, (3, 0, 1, 1), mode="replicate"),
                F.pad(y, (-1, 2, 1, -2), value=0.5), F.pad(y, (0, 0, 0, 0, 1, 2)),
                F.pad(z, (2, 1, 0, 0, 1, 0), value=-1.0), F.pad(z[0, 0], (1, 1), mode="reflect"))
    return Calls(forward, a=nn.Conv2d(2, 3, 3)).eval(), [(1, 2, 5, 6), (2, 2, 3, 3)]


class Picks(nn.Module):
    """Rows and channels at fixed positions, and a table of positions."""

    def __init__(self):
        super().__init__()
        self.register_buffer("channels", torch.tensor([2, 0, 3, 3]))
        self.register_buffer("words", torch.tensor([[1, 4, 0, 2]]))
        self.embedding = nn.Embedding(5, 3)

    def forward(self, x, z):
        return (torch.index_select(x, 1, self.channels), torch.index_select(z, 0, self.channels),
                torch.index_select(x, 3, self.channels), z + self.embedding(self.words)[0])


def picked():
    return Picks().eval(), [(1, 4, 3, 5), (4, 3)]


class Joins(nn.Module):
    """Concatenations along every axis, with constants among the parts and as outputs' operands."""

    def __init__(self):
        super().__init__()
        self.register_buffer("row", torch.randn(1, 2, 1, 4))
        self.register_buffer("offset", torch.randn(1, 2, 3, 4))

    def forward(self, x, z):
        y = F.relu(x) + self.offset
        return (torch.cat([y, self.row], 2), torch.cat([y, self.row.transpose(2, 3)[:, :, :3]], 3),
                torch.cat([y, x], 0), torch.stack([x, y], 2), torch.cat([z, F.relu(z)], 1),
                torch.cat([z, z, z], 3), torch.cat([z[0], z[1]], -1))


def joined():
    return Joins().eval(), [(1, 2, 3, 4), (2, 2, 2, 3, 2)]


def separable():
    """Depthwise with one and two outputs a channel, groups, dilation."""
    return sequence(nn.Conv2d(4, 4, 3, padding=1, groups=4), nn.ReLU(), nn.Conv2d(4, 8, 3, stride=2, groups=4),
                    nn.ReLU(), nn.Conv2d(8, 6, 1), nn.Conv2d(6, 6, 3, padding=2, dilation=2, groups=2),
                    nn.ReLU(), nn.Conv2d(6, 3, 3, dilation=(1, 2), padding="same")), [(1, 4, 11, 9)]


def grouped_transposed():
    return sequence(nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, groups=2), nn.ReLU(),
                    nn.ConvTranspose2d(6, 2, 2, dilation=2)), [(1, 4, 4, 3)]


def signals():
    return sequence(nn.Conv1d(2, 4, 5, padding=2, stride=2), nn.ReLU(), nn.AvgPool1d(2),
                    nn.Conv1d(4, 4, 3, groups=4, dilation=2), nn.MaxPool1d(2),
                    nn.ConvTranspose1d(4, 3, 3, stride=2)), [(1, 2, 40)]


def averages():
    return sequence(nn.Conv2d(1, 3, 3, padding=1), nn.AvgPool2d(3, 2, 1), nn.ReLU(),
                    nn.AvgPool2d(2, ceil_mode=True, count_include_pad=False),
                    nn.AvgPool2d((2, 1), 1)), [(1, 1, 11, 9)]


def divided_average():
    return sequence(nn.Conv2d(1, 3, 3, padding=1), nn.AvgPool2d((2, 1), 1, divisor_override=3)), [(1, 1, 6, 5)]


def global_average():
    return sequence(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                    nn.Linear(4, 3)), [(1, 1, 9, 8)]


def even_average():
    return sequence(nn.Conv2d(1, 4, 3, padding=1), nn.AdaptiveAvgPool2d((2, 4))), [(1, 1, 8, 8)]


def reductions():
    def forward(parts, x):
        y = parts["a"](x)
        return y.mean((2, 3)), y.sum(1), y.amax(2, keepdim=True), y.amin(3), y.mean(), y.max(1).values
    return Calls(forward, a=nn.Conv2d(2, 5, 3)).eval(), [(1, 2, 6, 7)]


def sequence_layers():
    """A linear layer for each step of a sequence, in a batch of one and of two."""
    return sequence(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3)), [(2, 5, 6)]


def products_of_matrices():
    def forward(parts, x, z):
        a, b = parts["a"](x), parts["b"](z)
        return a @ b.transpose(1, 2), torch.bmm(b.transpose(1, 2), a), a[0] @ b[1].t()
    return Calls(forward, a=nn.Linear(4, 6), b=nn.Linear(3, 6)).eval(), [(2, 5, 4), (2, 5, 3)]


def normalised():
    def forward(parts, x):
        y = parts["instance"](parts["a"](x))
        return parts["group"](y), parts["layer"](y), F.rms_norm(y, (6,)), y.softmax(2)
    return Calls(forward, a=nn.Conv2d(2, 4, 3, padding=1), instance=nn.InstanceNorm2d(4, affine=True),
                 group=nn.GroupNorm(2, 4), layer=nn.LayerNorm((5, 6))).eval(), [(1, 2, 5, 6)]


def attention():
    def forward(parts, x):
        q, k, v = parts["qkv"](x).view(1, 5, 3, 2, 4).permute(2, 0, 3, 1, 4)
        plain = F.scaled_dot_product_attention(q, k, v)
        causal = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return (plain + causal).transpose(1, 2).reshape(1, 5, 8)
    return Calls(forward, qkv=nn.Linear(8, 24)).eval(), [(1, 5, 8)]


NETWORKS = {
    function.__name__: function
    for function in (
        conv_plain, conv_strides, conv_same, conv_transposed, conv_transposed_gaps, linear_stack, hard_swish,
        activations, prelu_channels, arithmetic, unary_functions, broadcasts, choices,
        pools, pool_negative, batch_norms, softmax_over_channels, log_softmax_over_channels,
        concat_inputs, concat_branches, residual, residual_in_place, resizes, interpolations, reshapes, two_outputs,
        tied_weights, buffer_view, weight_expressions, moved_pictures, moved_ranks, split_apart,
        padded, picked, joined, separable, grouped_transposed, signals, averages, divided_average, global_average,
        even_average, reductions, sequence_layers, products_of_matrices, normalised, attention)
}
