// One line an operator: "@name" is a tensor, "@name*" a list of them, "name=value" an attribute
// with its default, "name" one that is required or None.
#include "frontends/pt2/schemas.h"

#include <charconv>
#include <map>
#include <sstream>
#include <utility>

#include "support/check.h"

namespace thimble::frontends::pt2 {
namespace {

constexpr std::pair<std::string_view, std::string_view> kSchemas[] = {
    // Convolutions and matrices
    {"conv1d.default", "@input @weight @bias stride=[1] padding=[0] dilation=[1] groups=1"},
    {"conv1d.padding", "@input @weight @bias stride=[1] padding=valid dilation=[1] groups=1"},
    {"conv2d.default", "@input @weight @bias stride=[1,1] padding=[0,0] dilation=[1,1] groups=1"},
    {"conv2d.padding", "@input @weight @bias stride=[1,1] padding=valid dilation=[1,1] groups=1"},
    {"conv_transpose1d.default",
     "@input @weight @bias stride=[1] padding=[0] output_padding=[0] groups=1 dilation=[1]"},
    {"conv_transpose2d.input",
     "@input @weight @bias stride=[1,1] padding=[0,0] output_padding=[0,0] groups=1 "
     "dilation=[1,1]"},
    {"convolution.default",
     "@input @weight @bias stride padding dilation transposed output_padding groups"},
    {"linear.default", "@input @weight @bias"},
    {"scaled_dot_product_attention.default",
     "@query @key @value @attn_mask dropout_p=0 is_causal=0 scale enable_gqa=0"},
    {"addmm.default", "@self @mat1 @mat2 beta=1 alpha=1"},
    {"mm.default", "@self @mat2"},
    {"matmul.default", "@self @other"},
    // Recurrent layers
    {"lstm.input",
     "@input @hx* @params* has_biases num_layers dropout train bidirectional batch_first"},
    {"gru.input",
     "@input @hx @params* has_biases num_layers dropout train bidirectional batch_first"},
    {"rnn_tanh.input",
     "@input @hx @params* has_biases num_layers dropout train bidirectional batch_first"},
    {"rnn_relu.input",
     "@input @hx @params* has_biases num_layers dropout train bidirectional batch_first"},
    // Pooling, sampling
    {"max_pool1d.default", "@self kernel_size stride=[] padding=[0] dilation=[1] ceil_mode=0"},
    {"max_pool2d.default", "@self kernel_size stride=[] padding=[0,0] dilation=[1,1] ceil_mode=0"},
    {"max_pool2d_with_indices.default",
     "@self kernel_size stride=[] padding=[0,0] dilation=[1,1] ceil_mode=0"},
    {"avg_pool1d.default",
     "@self kernel_size stride=[] padding=[0] ceil_mode=0 count_include_pad=1"},
    {"avg_pool2d.default",
     "@self kernel_size stride=[] padding=[0,0] ceil_mode=0 count_include_pad=1 divisor_override"},
    {"bmm.default", "@self @mat2"},
    {"adaptive_avg_pool1d.default", "@self output_size"},
    {"adaptive_avg_pool2d.default", "@self output_size"},
    {"upsample_nearest1d.vec", "@input output_size scale_factors"},
    {"upsample_nearest1d.default", "@self output_size scales"},
    {"upsample_nearest2d.vec", "@input output_size scale_factors"},
    {"upsample_nearest2d.default", "@self output_size scales_h scales_w"},
    {"_upsample_nearest_exact2d.vec", "@input output_size scale_factors"},
    {"_upsample_nearest_exact2d.default", "@self output_size scales_h scales_w"},
    {"upsample_linear1d.vec", "@input output_size align_corners scale_factors"},
    {"upsample_linear1d.default", "@self output_size align_corners scales"},
    {"upsample_bilinear2d.vec", "@input output_size align_corners scale_factors"},
    {"upsample_bilinear2d.default", "@self output_size align_corners scales_h scales_w"},
    {"upsample_bicubic2d.vec", "@input output_size align_corners scale_factors"},
    {"upsample_bicubic2d.default", "@self output_size align_corners scales_h scales_w"},
    // Normalisation, activations
    {"batch_norm.default",
     "@input @weight @bias @running_mean @running_var training momentum eps cudnn_enabled"},
    {"_native_batch_norm_legit_no_training.default",
     "@input @weight @bias @running_mean @running_var momentum eps"},
    {"layer_norm.default", "@input normalized_shape @weight @bias eps=1e-05 cudnn_enable=1"},
    {"rms_norm.default", "@input normalized_shape @weight eps"},
    {"group_norm.default", "@input num_groups @weight @bias eps=1e-05 cudnn_enabled=1"},
    {"instance_norm.default",
     "@input @weight @bias @running_mean @running_var use_input_stats momentum eps cudnn_enabled"},
    {"dropout.default", "@input p train"},
    {"feature_dropout.default", "@input p train"},
    {"native_dropout.default", "@input p train"},
    {"relu.default", "@self"},
    {"sigmoid.default", "@self"},
    {"tanh.default", "@self"},
    {"hardswish.default", "@self"},
    {"hardsigmoid.default", "@self"},
    {"hardtanh.default", "@self min_val=-1 max_val=1"},
    {"relu6.default", "@self"},
    {"mish.default", "@self"},
    {"selu.default", "@self"},
    {"celu.default", "@self alpha=1"},
    {"softplus.default", "@self beta=1 threshold=20"},
    {"softshrink.default", "@self lambd=0.5"},
    {"hardshrink.default", "@self lambd=0.5"},
    {"threshold.default", "@self threshold value"},
    {"prelu.default", "@self @weight"},
    {"leaky_relu.default", "@self negative_slope=0.01"},
    {"elu.default", "@self alpha=1 scale=1 input_scale=1"},
    {"gelu.default", "@self approximate=none"},
    {"silu.default", "@self"},
    {"softmax.int", "@self dim dtype"},
    {"_softmax.default", "@self dim half_to_float"},
    {"log_softmax.int", "@self dim dtype"},
    {"_log_softmax.default", "@self dim half_to_float"},
    // Arithmetic
    {"add.Tensor", "@self @other alpha=1"},
    {"add.Scalar", "@self @other alpha=1"},
    {"sub.Tensor", "@self @other alpha=1"},
    {"sub.Scalar", "@self @other alpha=1"},
    {"rsub.Tensor", "@self @other alpha=1"},
    {"rsub.Scalar", "@self @other alpha=1"},
    {"mul.Tensor", "@self @other"},
    {"mul.Scalar", "@self @other"},
    {"div.Tensor", "@self @other"},
    {"div.Scalar", "@self @other"},
    {"div.Tensor_mode", "@self @other rounding_mode"},
    {"floor_divide.default", "@self @other"},
    {"fmod.Tensor", "@self @other"},
    {"fmod.Scalar", "@self @other"},
    {"remainder.Tensor", "@self @other"},
    {"remainder.Scalar", "@self @other"},
    {"atan2.default", "@self @other"},
    {"pow.Scalar", "@self @exponent"},
    {"pow.Tensor_Scalar", "@self @exponent"},
    {"pow.Tensor_Tensor", "@self @exponent"},
    {"minimum.default", "@self @other"},
    {"maximum.default", "@self @other"},
    {"min.other", "@self @other"},
    {"max.other", "@self @other"},
    {"eq.Tensor", "@self @other"},
    {"eq.Scalar", "@self @other"},
    {"ne.Tensor", "@self @other"},
    {"ne.Scalar", "@self @other"},
    {"lt.Tensor", "@self @other"},
    {"lt.Scalar", "@self @other"},
    {"le.Tensor", "@self @other"},
    {"le.Scalar", "@self @other"},
    {"gt.Tensor", "@self @other"},
    {"gt.Scalar", "@self @other"},
    {"ge.Tensor", "@self @other"},
    {"ge.Scalar", "@self @other"},
    {"logical_and.default", "@self @other"},
    {"__and__.Tensor", "@self @other"},
    {"__or__.Tensor", "@self @other"},
    {"__xor__.Tensor", "@self @other"},
    {"bitwise_and.Tensor", "@self @other"},
    {"bitwise_or.Tensor", "@self @other"},
    {"bitwise_xor.Tensor", "@self @other"},
    {"logical_or.default", "@self @other"},
    {"logical_xor.default", "@self @other"},
    {"logical_not.default", "@self"},
    {"where.self", "@condition @self @other"},
    {"where.ScalarSelf", "@condition @self @other"},
    {"where.ScalarOther", "@condition @self @other"},
    {"where.Scalar", "@condition @self @other"},
    {"clamp.default", "@self min max"},
    {"clamp.Tensor", "@self @min @max"},
    {"clamp_min.default", "@self min"},
    {"clamp_max.default", "@self max"},
    {"square.default", "@self"},
    {"abs.default", "@self"},
    {"neg.default", "@self"},
    {"sign.default", "@self"},
    {"exp.default", "@self"},
    {"log.default", "@self"},
    {"sqrt.default", "@self"},
    {"rsqrt.default", "@self"},
    {"reciprocal.default", "@self"},
    {"round.default", "@self"},
    {"floor.default", "@self"},
    {"trunc.default", "@self"},
    {"exp2.default", "@self"},
    {"log2.default", "@self"},
    {"log10.default", "@self"},
    {"erf.default", "@self"},
    {"sin.default", "@self"},
    {"cos.default", "@self"},
    {"tan.default", "@self"},
    {"asin.default", "@self"},
    {"acos.default", "@self"},
    {"atan.default", "@self"},
    {"sinh.default", "@self"},
    {"cosh.default", "@self"},
    {"asinh.default", "@self"},
    {"acosh.default", "@self"},
    {"atanh.default", "@self"},
    {"isnan.default", "@self"},
    {"isinf.default", "@self"},
    {"ceil.default", "@self"},
    {"sum.default", "@self dtype"},
    {"sum.dim_IntList", "@self dim keepdim=0 dtype"},
    {"mean.default", "@self dtype"},
    {"mean.dim", "@self dim keepdim=0 dtype"},
    {"amax.default", "@self dim=[] keepdim=0"},
    {"amin.default", "@self dim=[] keepdim=0"},
    {"max.default", "@self"},
    {"min.default", "@self"},
    {"max.dim", "@self dim keepdim=0"},
    {"min.dim", "@self dim keepdim=0"},
    {"argmax.default", "@self dim keepdim=0"},
    {"argmin.default", "@self dim keepdim=0"},
    {"logsumexp.default", "@self dim keepdim=0"},
    {"prod.default", "@self dtype"},
    {"prod.dim_int", "@self dim keepdim=0 dtype"},
    // Shapes
    {"cat.default", "@tensors* dim=0"},
    {"concat.default", "@tensors* dim=0"},
    {"view.default", "@self size"},
    {"_unsafe_view.default", "@self size"},
    {"reshape.default", "@self shape"},
    {"flatten.using_ints", "@self start_dim=0 end_dim=-1"},
    {"squeeze.default", "@self"},
    {"squeeze.dim", "@self dim"},
    {"squeeze.dims", "@self dim"},
    {"unsqueeze.default", "@self dim"},
    {"permute.default", "@self dims"},
    {"transpose.int", "@self dim0 dim1"},
    {"t.default", "@self"},
    {"numpy_T.default", "@self"},
    {"unflatten.int", "@self dim sizes"},
    {"expand.default", "@self size implicit=0"},
    {"expand_as.default", "@self @other"},
    {"broadcast_to.default", "@self size"},
    {"repeat.default", "@self repeats"},
    {"tile.default", "@self dims"},
    {"flip.default", "@self dims"},
    {"narrow.default", "@self dim start length"},
    {"pixel_shuffle.default", "@self upscale_factor"},
    {"pixel_unshuffle.default", "@self downscale_factor"},
    {"stack.default", "@tensors* dim=0"},
    {"index_select.default", "@self dim @index"},
    {"embedding.default", "@weight @indices padding_idx=-1 scale_grad_by_freq=0 sparse=0"},
    {"slice.Tensor", "@self dim=0 start end step=1"},
    {"select.int", "@self dim index"},
    {"split.Tensor", "@self split_size dim=0"},
    {"split.sizes", "@self split_sizes dim=0"},
    {"unbind.int", "@self dim=0"},
    {"split_with_sizes.default", "@self split_sizes dim=0"},
    {"chunk.default", "@self chunks dim=0"},
    {"constant_pad_nd.default", "@self pad value=0"},
    {"pad.default", "@self pad mode=constant value"},
    {"reflection_pad1d.default", "@self padding"},
    {"reflection_pad2d.default", "@self padding"},
    {"reflection_pad3d.default", "@self padding"},
    {"replication_pad1d.default", "@self padding"},
    {"replication_pad2d.default", "@self padding"},
    {"replication_pad3d.default", "@self padding"},
    // Copies and constants
    {"alias.default", "@self"},
    {"clone.default", "@self memory_format"},
    {"contiguous.default", "@self memory_format=0"},
    {"detach.default", "@self"},
    {"detach_.default", "@self"},
    {"lift_fresh_copy.default", "@self"},
    {"to.dtype", "@self dtype non_blocking=0 copy=0 memory_format"},
    {"_to_copy.default", "@self dtype layout device pin_memory non_blocking=0 memory_format"},
    {"arange.default", "end dtype layout device pin_memory"},
    {"arange.start", "start end dtype layout device pin_memory"},
    {"arange.start_step", "start end step dtype layout device pin_memory"},
    {"linspace.default", "start end steps dtype layout device pin_memory"},
    {"full.default", "size fill_value dtype layout device pin_memory"},
    {"scalar_tensor.default", "s dtype layout device pin_memory"},
    {"zeros.default", "size dtype layout device pin_memory"},
    {"ones.default", "size dtype layout device pin_memory"},
    {"zeros_like.default", "@self dtype layout device pin_memory memory_format"},
    {"ones_like.default", "@self dtype layout device pin_memory memory_format"},
};

template <class T>
bool parse_whole(std::string_view text, T &value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::vector<std::int64_t> parse_list(std::string_view text) {  // "[1,1]"
  std::vector<std::int64_t> values;
  std::istringstream items{std::string(text.substr(1, text.size() - 2))};
  for (std::string item; std::getline(items, item, ',');) {
    CHECK(parse_whole(item, values.emplace_back()), item);
  }
  return values;
}

ops::ForeignAttribute parse_default(std::string_view text) {
  std::int64_t integer = 0;
  double real = 0;
  if (text.front() == '[') return parse_list(text);
  if (parse_whole(text, integer)) return integer;
  if (parse_whole(text, real)) return real;
  return std::string(text);
}

Parameter parse_parameter(std::string_view word) {
  using Kind = Parameter::Kind;
  if (word.front() == '@') {
    const bool list = word.back() == '*';
    return {list ? Kind::kTensorList : Kind::kTensor,
            std::string(word.substr(1, word.size() - (list ? 2 : 1))), ops::ForeignNone{}};
  }
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos)
    return {Kind::kAttribute, std::string(word), ops::ForeignNone{}};
  return {Kind::kAttribute, std::string(word.substr(0, equals)),
          parse_default(word.substr(equals + 1))};
}

std::map<std::string_view, Schema> parse_schemas() {
  std::map<std::string_view, Schema> schemas;
  for (const auto &[op, line] : kSchemas) {
    std::istringstream words{std::string(line)};
    for (std::string word; words >> word;) schemas[op].push_back(parse_parameter(word));
  }
  return schemas;
}

}  // namespace

const Schema *find_schema(std::string_view op) {
  static const std::map<std::string_view, Schema> schemas = parse_schemas();
  auto found = schemas.find(op);
  const std::size_t mark = op.find("_.");  // of an in-place form, whose arguments are the same
  if (found == schemas.end() && mark != std::string_view::npos)
    found = schemas.find(std::string(op.substr(0, mark)) + std::string(op.substr(mark + 1)));
  return found == schemas.end() ? nullptr : &found->second;
}

}  // namespace thimble::frontends::pt2
