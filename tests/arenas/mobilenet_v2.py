"""Writes MobileNetV2-0.35 at 144 x 144 as ONNX: widths truncated, weights not trained.

  mobilenet_v2.py MODEL.onnx
"""
import sys
import torch
from torch import nn

def conv(i, o, k=1, s=1, g=1, act=True):
    layers = [nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=False), nn.BatchNorm2d(o)]
    return nn.Sequential(*layers, *([nn.ReLU6()] if act else []))

class Block(nn.Module):
    def __init__(self, i, o, s, t):
        super().__init__()
        h = i * t
        self.body = nn.Sequential(*([conv(i, h)] if t > 1 else []), conv(h, h, 3, s, h), conv(h, o, act=False))
        self.same = s == 1 and i == o
    def forward(self, x):
        return x + self.body(x) if self.same else self.body(x)

class MobileNetV2(nn.Module):
    def __init__(self, width=0.35, classes=1000):
        super().__init__()
        w = lambda c: int(c * width)
        layers, c = [conv(3, w(32), 3, 2)], w(32)
        for t, o, n, s in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
            for i in range(n):
                layers.append(Block(c, w(o), s if i == 0 else 1, t)); c = w(o)
        layers.append(conv(c, 1280))
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(1280, classes)
    def forward(self, x):
        return self.head(self.features(x).mean((2, 3)))

torch.manual_seed(1)
m = MobileNetV2().eval()
for b in m.modules():
    if isinstance(b, nn.BatchNorm2d):
        b.running_mean.normal_(0, .1); b.running_var.uniform_(.5, 1.5)
x = torch.randn(1, 3, 144, 144)
torch.onnx.export(m, (x,), sys.argv[1], input_names=["x"], dynamo=False)
print(m(x).std())
