// Baking: sizes move from the argument list to `const` lines, the body stays.
#include "codegen/kernel_text.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "ctext/c_writer.h"
#include "support/check.h"
#include "support/files.h"

namespace thimble::codegen {
namespace {

constexpr const char *kText = R"(#include <math.h>

#include "dot_i8.c"
#include "thimble_kernel.h"

// Not this comment.

// Copies things.
// specialise: stride
THIMBLE_KERNEL void demo(int8_t *out, const int8_t *in0,
                         int count, int stride) {
  for (int i = 0; i < count; i += stride) {
    out[i] = in0[i];
  }
}
)";

TEST(KernelText, ReadsThePrototype) {
  const KernelText kernel = parse_kernel(kText);
  EXPECT_EQ(kernel.name, "demo");
  EXPECT_EQ(kernel.return_type, "void");
  EXPECT_EQ(
      kernel.parameters,
      (std::vector<KernelParameter>{
          {"int8_t *", "out"}, {"const int8_t *", "in0"}, {"int", "count"}, {"int", "stride"}}));
  EXPECT_EQ(kernel.comment, "Copies things.\n");
  EXPECT_EQ(kernel.specialise, std::vector<std::string>{"stride"});
  EXPECT_EQ(kernel.kernel_includes, std::vector<std::string>{"dot_i8"});
  EXPECT_EQ(kernel.system_includes, std::vector<std::string>{"<math.h>"});
}

TEST(KernelText, BakedParametersBecomeConstLines) {
  ctext::CWriter writer;
  print_kernel(writer, parse_kernel(kText), "demo_2", {{"stride", "2"}, {"in0", "table"}});
  EXPECT_EQ(writer.take(),
            "// Copies things.\n"
            "static void demo_2(int8_t *out, int count) {\n"
            "  const int8_t *in0 = table;\n"
            "  const int stride = 2;\n"
            "  for (int i = 0; i < count; i += stride) {\n"
            "    out[i] = in0[i];\n"
            "  }\n"
            "  THIMBLE_WROTE();\n"
            "}\n");
}

TEST(KernelText, AFunctionWithEverythingBakedTakesNothing) {
  ctext::CWriter writer;
  print_kernel(writer, parse_kernel(kText), "demo",
               {{"stride", "1"}, {"in0", "a"}, {"out", "b"}, {"count", "4"}});
  EXPECT_NE(writer.take().find("static void demo(void) {"), std::string::npos);
}

// Whatever calls outputs_i8 can be rescaled on a line: nothing of shifts and limits is left.
TEST(KernelText, KernelsThatMakeOutputsFromSumsHaveALineForm) {
  for (const char *name : {"conv2d_i8", "depthwise2d_i8", "linear_i8"}) {
    EXPECT_EQ(find_kernel(name + std::string("_line")), nullptr) << "makes each by output_i8";
    const KernelText *line = find_kernel(name + std::string("_line"), "blocks");
    ASSERT_NE(line, nullptr) << name;
    EXPECT_EQ(line->name, name + std::string("_line"));
    EXPECT_NE(line->body.find("outputs_i8_line("), std::string::npos);
    for (const char *gone : {"outputs_i8(", "shift +", "act_min", "act_max", "output_i8("})
      EXPECT_EQ(line->body.find(gone), std::string::npos) << name << ": " << gone;
    const KernelText *doubled = find_kernel(name + std::string("_doubled"), "blocks");
    ASSERT_NE(doubled, nullptr) << name;
    EXPECT_NE(doubled->body.find("outputs_i8_doubled("), std::string::npos);
    const KernelText *tensor = find_kernel(name + std::string("_line_tensor"), "blocks");
    ASSERT_NE(tensor, nullptr) << name;
    EXPECT_EQ(tensor->name, name + std::string("_line_tensor"));
    EXPECT_EQ(tensor->body.find("multiplier +"), std::string::npos) << "all channels have one";
    for (const KernelParameter &parameter : line->parameters) {
      EXPECT_NE(parameter.type, "const thimble_multiplier *") << name;
      if (parameter.name == "shift") {
        EXPECT_EQ(parameter.type, "int");
      }
    }
  }
}

// Of a code, too: its table says which weights it holds.
TEST(KernelText, WideKernelsHaveALineForm) {
  for (const char *name : {"conv2d_z8", "linear_i8", "conv2d_windows_i8", "conv2d_points_i8"})
    EXPECT_NE(find_kernel(name + std::string("_line"), "wide"), nullptr) << name;
  EXPECT_NE(find_kernel("depthwise2d_windows_i8_doubled"), nullptr);
}

TEST(KernelText, EveryKernelFileIsNamedAfterItsFunction) {
  for (const char *name : {"conv2d_i8",     "conv2d_f32",      "conv_transpose2d_i8",
                           "linear_i8",     "linear_begin_i8", "linear_fold_f32",
                           "linear_end_i8", "max_pool2d_i8",   "batch_norm_i8",
                           "unary_f32",     "lookup_i8",       "ternary_f32",
                           "softmax_i8",    "log_softmax_f32", "resize_nearest_i8",
                           "binary_i8",     "copy_f32",        "as_strided_i8",
                           "dot_i8",        "sum_outside_i8",  "output_i8"}) {
    const KernelText *kernel = find_kernel(name);
    ASSERT_NE(kernel, nullptr) << name;
    EXPECT_EQ(kernel->name, name);
  }
  EXPECT_EQ(find_kernel("no_such_kernel"), nullptr);
}

// A formatter that fills comments may draw the line into the one above, and break it.
TEST(KernelText, WhatSpecialisesHasALineOfItsOwn) {
  const std::string text = kText, line = "// specialise: stride\n";
  const auto with = [&](const std::string &lines) {
    return std::string(text).replace(text.find(line), line.size(), lines);
  };
  EXPECT_THROW(parse_kernel(with("// Not here. specialise: stride\n")), InternalError);
  EXPECT_THROW(parse_kernel(with("// specialise: strides\n")), InternalError);
  EXPECT_EQ(parse_kernel(with("//\n" + line)).comment, "Copies things.\n\n");
}

TEST(KernelText, EveryKernelFileIsSound) {
  int files = 0;
  for (const auto &entry :
       std::filesystem::directory_iterator(THIMBLE_SOURCE_DIR "/src/codegen/kernels")) {
    if (entry.path().extension() != ".c") continue;
    SCOPED_TRACE(entry.path());
    const auto text = read_text(entry.path());
    ASSERT_TRUE(text.ok());
    const KernelText kernel = parse_kernel(*text);
    EXPECT_EQ(kernel.specialise.empty(), text->find("specialise:") == std::string::npos);
    ++files;
  }
  EXPECT_GT(files, 100);
}

TEST(KernelText, CodesOfAKindShareAFile) {
  const std::pair<const char *, const char *> lanes[] = {
      {"w4", "2"}, {"w2", "4"}, {"wt", "5"}, {"w1", "8"}};
  for (const auto &[code, count] : lanes) {
    const KernelText *kernel = find_kernel(std::string("conv2d_") + code);
    ASSERT_NE(kernel, nullptr) << code;
    EXPECT_EQ(kernel->name, std::string("conv2d_") + code);
    EXPECT_EQ(kernel->kernel_includes.front(), std::string("dot_") + code);
    EXPECT_NE(kernel->body.find(std::string("c += ") + count), std::string::npos) << code;
    EXPECT_EQ(kernel->body.find("THIMBLE_LANES"), std::string::npos) << code;
  }
  for (const char *code : {"z4", "z8", "m4", "m8"}) {
    const KernelText *kernel = find_kernel(std::string("linear_") + code);
    ASSERT_NE(kernel, nullptr) << code;
    EXPECT_NE(kernel->body.find(std::string("dot_") + code + "("), std::string::npos) << code;
    EXPECT_NE(find_kernel(std::string("dot_") + code), nullptr) << code;
  }
}

TEST(KernelText, InnerLoopsOfATargetArePreferred) {
  const KernelText *plain = find_kernel("dot_w4"), *loops = find_kernel("dot_w4", "armv6m");
  ASSERT_TRUE(plain && loops);
  EXPECT_EQ(loops->name, plain->name);
  EXPECT_EQ(loops->parameters, plain->parameters);
  EXPECT_EQ(plain->body.find("__asm__"), std::string::npos);
  EXPECT_NE(loops->body.find("__asm__"), std::string::npos);
  EXPECT_NE(find_kernel("conv2d_w4", "armv6m")->body.find("c += 4"), std::string::npos);
  EXPECT_NE(find_kernel("conv2d_w2", "armv6m")->body.find("c += 4"), std::string::npos);
  EXPECT_EQ(find_kernel("output_i8", "armv6m")->body, find_kernel("output_i8")->body);
}

TEST(KernelText, OfSeveralWordsTheFirstWithAFileCounts) {
  EXPECT_NE(find_kernel("add_p2", "rv32 no_mul")->body.find("(2)"), std::string::npos);
  EXPECT_EQ(find_kernel("add_p2", "no_mul")->body, find_kernel("add_p2")->body);
  EXPECT_EQ(find_kernel("dot_w2", "rv32 no_mul")->body, find_kernel("dot_w2", "no_mul")->body);
  EXPECT_EQ(find_kernel("linear_w4", "rv32")->body, find_kernel("linear_w4")->body);
  EXPECT_NE(find_kernel("outputs_i8", "avr_mul_m16 avr_mul")->body.find("__asm__"),
            std::string::npos);
  EXPECT_EQ(find_kernel("outputs_i8", "avr_mul_q31 avr_mul")->body.find("__asm__"),
            std::string::npos);
}

TEST(KernelText, AnExpressionTakesThePlaceOfTheOpenFunction) {
  ops::Kernel kernel;
  kernel.file = "unary_f32";
  kernel.name = "half_cut_f32";
  kernel.expression = "clamp_f32(alpha * tanhf(u), 0.0f, beta)";
  kernel.reals = {{"alpha", 0.5f}, {"beta", 3.0f}, {"gamma", 1.0f}};
  const KernelText *text = find_kernel(kernel);
  ASSERT_NE(text, nullptr);
  EXPECT_EQ(text->name, "half_cut_f32");
  EXPECT_NE(text->body.find("out[c] = clamp_f32(alpha * tanhf(u), 0.0f, beta);"),
            std::string::npos);
  EXPECT_EQ(text->kernel_includes, std::vector<std::string>{"clamp_f32"});
  EXPECT_EQ(text->system_includes, std::vector<std::string>{"<math.h>"});
  const std::size_t count = text->parameters.size();
  EXPECT_EQ(text->parameters[count - 2], (KernelParameter{"float", "alpha"}));
  EXPECT_EQ(text->parameters[count - 1], (KernelParameter{"float", "beta"}));
  EXPECT_EQ(find_kernel(kernel), text);
}

}  // namespace
}  // namespace thimble::codegen
