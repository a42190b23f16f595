"""How far Thimble's floats may be from onnxruntime's, as a share of the output's range: one figure an operator. A graph
may be as far off as the sum over its nodes."""

SUM = 2e-6        # sums in another order
FUNCTION = 4e-6   # another library's exp, erf, tanh
EXACT = 0.0       # elements move, or one is chosen

TOLERANCES = {
    "Conv": SUM, "ConvTranspose": SUM, "AveragePool": SUM, "GlobalAveragePool": SUM, "MatMul": SUM, "Resize": SUM,
    "ReduceMean": SUM, "Gemm": SUM, "Add": SUM, "Sub": SUM, "Mul": SUM, "BatchNormalization": SUM,
    "LayerNormalization": FUNCTION, "Softmax": FUNCTION, "Sigmoid": FUNCTION, "Tanh": FUNCTION, "Elu": FUNCTION,
    "HardSwish": FUNCTION, "Erf": FUNCTION, "Softplus": FUNCTION,
    "MaxPool": EXACT, "Relu": EXACT, "LeakyRelu": SUM, "Clip": EXACT, "Abs": EXACT, "Max": EXACT, "Min": EXACT,
    "Concat": EXACT, "Slice": EXACT, "Pad": EXACT, "Transpose": EXACT, "Reshape": EXACT, "Flatten": EXACT,
    "Split": EXACT,
}


def of_graph(graph):
    return 1e-6 + sum(TOLERANCES[node.op_type] for node in graph.node)
