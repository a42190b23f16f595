// Layers as a list: only those whose rows all come in turn, and whose functions are told the rest.
#include "codegen/layers.h"

#include <gtest/gtest.h>

namespace thimble::codegen {
namespace {

constexpr int kLayers = 6, kRows = 4;

// A function of six layers, told by structs.
KernelText kernel_of_layers() {
  return parse_kernel(R"(#include "thimble_kernel.h"
THIMBLE_KERNEL void demo(int y, int a, int b, int c, int d) {
  (void)y;
}
)");
}

struct Network {
  KernelText kernel = kernel_of_layers();
  plan::Program program;
  Functions functions{"", [] {
                        targets::Level level;
                        level.tell_in_flash = true;
                        return level;
                      }()};
  Groups groups;

  Network() {
    program.groups.resize(kLayers);
    groups.list.resize(kLayers);
    for (int n = 0; n < kLayers; ++n) {
      KernelCall call{&kernel, "conv" + std::to_string(n), {}, false};
      call.arguments["y"] = {"y", false};
      for (const char *name : {"a", "b", "c", "d"})
        call.arguments[name] = {std::to_string(n + 1) + std::string(name[0] - 'a' + 1, '0')};
      GroupCode &code = groups.list[n];
      code.function = "row_conv" + std::to_string(n);
      code.counter = "y_conv" + std::to_string(n);
      code.takes_row = true;
      code.sink_call = functions.add(call);
    }
    ctext::Names names;
    functions.settle(names);
  }

  void run(int group) {
    for (int row = 0; row < kRows; ++row) program.steps.push_back({group, row});
  }
};

TEST(Layers, RowsInTurnAreAnEntryEach) {
  Network network;
  for (int n = 0; n < kLayers; ++n) network.run(n);
  const Layers layers = find_layers(network.program, network.functions, network.groups);
  ASSERT_EQ(layers.list.size(), 6u);
  EXPECT_EQ(layers.list[2].group, 2);
  EXPECT_EQ(layers.list[2].rows, kRows);
  EXPECT_EQ(layers.functions, std::vector<std::string>{"demo"});
  EXPECT_EQ(layers.bytes(), 6 * 8);
  EXPECT_EQ(network.groups.list[5].layer, 5);
  EXPECT_TRUE(network.groups.list[5].counter.empty());
}

TEST(Layers, RowsBetweenOthersStaySteps) {
  Network network;
  network.run(0);
  for (int n = 0; n < kLayers; ++n) network.run(n);
  network.groups.list[0].row_step = 0;
  for (int n = 1; n < kLayers; ++n) network.program.steps.push_back({0, n});
  const Layers layers = find_layers(network.program, network.functions, network.groups);
  ASSERT_EQ(layers.list.size(), 5u);
  EXPECT_EQ(layers.list[0].group, 1);
  EXPECT_EQ(network.groups.list[0].layer, -1);
}

TEST(Layers, FewAreNoGain) {
  Network network;
  for (int n = 0; n < 4; ++n) network.run(n);
  EXPECT_TRUE(find_layers(network.program, network.functions, network.groups).list.empty());
}

}  // namespace
}  // namespace thimble::codegen
