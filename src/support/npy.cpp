// One NumPy array: the format's header (a Python dict literal) and raw elements. Every number of
// the header is checked against the bytes that are there; elements are widened to the four kept
// types.
#include "support/npy.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <string_view>

namespace thimble {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::uint64_t kMaxElements = std::uint64_t{1} << 31;

struct Header {
  std::string descr;  // "<f4"
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t data_offset = 0;  // of the first element, in the file
};

Diagnostic npy_error(const std::string &file, std::string what, std::string why = {}) {
  Diagnostic diagnostic =
      model_error(std::move(what), std::move(why), "write it with numpy.save or numpy.savez");
  diagnostic.file = file;
  return diagnostic;
}

// The text after `'key':` in the header's dict.
std::optional<std::string_view> entry(std::string_view dict, std::string_view key) {
  const std::string quoted = "'" + std::string(key) + "'";
  const auto at = dict.find(quoted);
  if (at == std::string_view::npos) return std::nullopt;
  const auto start = dict.find_first_not_of(" :", at + quoted.size());
  if (start == std::string_view::npos) return std::nullopt;
  return dict.substr(start);
}

// "(3, 4)" or "(3,)" or "()".
std::optional<std::vector<std::int64_t>> parse_shape(std::string_view text) {
  const auto end = text.find(')');
  if (text.empty() || text.front() != '(' || end == std::string_view::npos) return std::nullopt;
  std::vector<std::int64_t> shape;
  const char *at = text.data() + 1, *last = text.data() + end;
  while (at != last) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    std::int64_t dim = 0;
    const auto [next, code] = std::from_chars(at, last, dim);
    if (code != std::errc() || dim < 0) return std::nullopt;
    shape.push_back(dim);
    at = next;
  }
  return shape;
}

std::optional<Header> parse_dict(std::string_view dict) {
  const auto descr = entry(dict, "descr"), order = entry(dict, "fortran_order"),
             shape = entry(dict, "shape");
  if (!descr || !order || !shape || descr->front() != '\'') return std::nullopt;
  const auto close = descr->find('\'', 1);
  auto dims = parse_shape(*shape);
  if (close == std::string_view::npos || !dims) return std::nullopt;
  Header header;
  header.descr = descr->substr(1, close - 1);
  header.fortran_order = order->starts_with("True");
  header.shape = std::move(*dims);
  return header;
}

Result<Header> parse_header(const Bytes &bytes, const std::string &file) {
  const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  if (!text.starts_with(kMagic)) return npy_error(file, "is not a NumPy array");
  if (bytes.size() < 12) return npy_error(file, "ends within its header");
  const int version = bytes[6];
  if (version < 1 || version > 3) return npy_error(file, "has an unknown .npy version");
  const std::size_t start = version == 1 ? 10 : 12;
  std::size_t size = bytes[8] | bytes[9] << 8;
  if (version > 1) size |= std::size_t{bytes[10]} << 16 | std::size_t{bytes[11]} << 24;
  if (size > text.size() - start) return npy_error(file, "ends within its header");
  auto header = parse_dict(text.substr(start, size));
  if (!header) return npy_error(file, "has a malformed .npy header");
  header->data_offset = start + size;
  return *std::move(header);
}

std::optional<std::uint64_t> product(const std::vector<std::int64_t> &shape) {
  std::uint64_t count = 1;
  for (std::int64_t dim : shape) {
    if (dim > 0 && count > kMaxElements / static_cast<std::uint64_t>(dim)) return std::nullopt;
    count *= static_cast<std::uint64_t>(dim);
  }
  return count;
}

template <class T>
T load(const std::uint8_t *bytes, bool swap) {
  std::uint8_t buffer[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i) buffer[i] = bytes[swap ? sizeof(T) - 1 - i : i];
  T value;
  std::memcpy(&value, buffer, sizeof(T));
  return value;
}

float half_to_float(std::uint16_t half) {
  const int exponent = half >> 10 & 31, mantissa = half & 1023;
  float magnitude = exponent == 31 ? (mantissa ? std::numeric_limits<float>::quiet_NaN()
                                               : std::numeric_limits<float>::infinity())
                    : exponent     ? std::ldexp(1024.f + mantissa, exponent - 25)
                                   : std::ldexp(static_cast<float>(mantissa), -24);
  return half & 0x8000 ? -magnitude : magnitude;
}

struct Source {
  const std::uint8_t *bytes;
  std::size_t count;
  bool swap;
};

template <class From, class To>
std::vector<To> convert(const Source &source) {
  std::vector<To> result(source.count);
  for (std::size_t i = 0; i < source.count; ++i) {
    result[i] = static_cast<To>(load<From>(source.bytes + i * sizeof(From), source.swap));
  }
  return result;
}

std::vector<float> convert_halves(const Source &source) {
  std::vector<float> result(source.count);
  for (std::size_t i = 0; i < source.count; ++i) {
    result[i] = half_to_float(load<std::uint16_t>(source.bytes + 2 * i, source.swap));
  }
  return result;
}

struct ElementKind {
  std::string_view code;  // descr without the byte order
  int bytes;
  decltype(NpyArray::data) (*convert)(const Source &);
};

template <class From, class To>
decltype(NpyArray::data) converted(const Source &source) {
  return convert<From, To>(source);
}

constexpr ElementKind kElementKinds[] = {
    {"f4", 4, converted<float, float>},
    {"f8", 8, converted<double, float>},
    {"f2", 2, [](const Source &s) -> decltype(NpyArray::data) { return convert_halves(s); }},
    {"i1", 1, converted<std::int8_t, std::int8_t>},
    {"u1", 1, converted<std::uint8_t, std::int32_t>},
    {"b1", 1, converted<std::uint8_t, std::int32_t>},
    {"i2", 2, converted<std::int16_t, std::int32_t>},
    {"u2", 2, converted<std::uint16_t, std::int32_t>},
    {"i4", 4, converted<std::int32_t, std::int32_t>},
    {"u4", 4, converted<std::uint32_t, std::int64_t>},
    {"i8", 8, converted<std::int64_t, std::int64_t>},
    {"u8", 8, converted<std::uint64_t, std::int64_t>},
};

const ElementKind *find_kind(std::string_view descr) {
  if (descr.size() != 3 || std::string_view("<>|=").find(descr[0]) == std::string_view::npos) {
    return nullptr;
  }
  for (const ElementKind &kind : kElementKinds) {
    if (kind.code == descr.substr(1)) return &kind;
  }
  return nullptr;
}

// Column-major elements to row-major ones.
template <class T>
std::vector<T> to_c_order(const std::vector<T> &data, const std::vector<std::int64_t> &shape) {
  std::vector<T> result(data.size());
  std::vector<std::int64_t> index(shape.size(), 0);
  for (T &element : result) {
    std::int64_t at = 0;
    for (std::size_t axis = shape.size(); axis-- > 0;) at = at * shape[axis] + index[axis];
    element = data[at];
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return result;
}

std::string descr_of(const NpyArray &array) {
  constexpr const char *kDescr[] = {"<f4", "|i1", "<i4", "<i8"};
  return kDescr[array.data.index()];
}

std::string shape_text(const std::vector<std::int64_t> &shape) {
  std::string text = "(";
  for (std::int64_t dim : shape) text += std::to_string(dim) + (shape.size() == 1 ? "," : ", ");
  if (shape.size() > 1) text.resize(text.size() - 2);
  return text + ")";
}

}  // namespace

std::int64_t NpyArray::element_count() const {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::vector<float> NpyArray::as_float() const {
  return std::visit([](const auto &v) { return std::vector<float>(v.begin(), v.end()); }, data);
}

Result<NpyArray> parse_npy(const Bytes &bytes, const std::string &file) {
  TRY(const Header header, parse_header(bytes, file));
  const ElementKind *kind = find_kind(header.descr);
  if (!kind) {
    return npy_error(file, "holds elements of type '" + header.descr + "'",
                     "arrays of numbers are read: float16 to float64, integers, bool");
  }
  const auto count = product(header.shape);
  const std::size_t available = bytes.size() - header.data_offset;
  if (!count || *count > available / kind->bytes) {
    return npy_error(file, "is shorter than its shape " + shape_text(header.shape) + " says");
  }
  const bool big_endian = header.descr[0] == '>';
  const Source source{bytes.data() + header.data_offset, static_cast<std::size_t>(*count),
                      big_endian != (std::endian::native == std::endian::big)};
  NpyArray array{header.shape, kind->convert(source)};
  if (header.fortran_order) {
    std::visit([&](auto &data) { data = to_c_order(data, header.shape); }, array.data);
  }
  return array;
}

Result<NpyArray> read_npy(const std::filesystem::path &path) {
  TRY(const Bytes bytes, read_file(path));
  return parse_npy(bytes, path.string());
}

Bytes format_npy(const NpyArray &array) {
  std::string header = "{'descr': '" + descr_of(array) +
                       "', 'fortran_order': False, 'shape': " + shape_text(array.shape) + ", }";
  // The format wants the elements to start at a multiple of 64 bytes.
  header.append(63 - (kMagic.size() + 4 + header.size()) % 64, ' ');
  header += '\n';
  Bytes bytes(kMagic.begin(), kMagic.end());
  bytes.insert(bytes.end(), {1, 0, static_cast<std::uint8_t>(header.size() & 255),
                             static_cast<std::uint8_t>(header.size() >> 8)});
  bytes.insert(bytes.end(), header.begin(), header.end());
  std::visit(
      [&](const auto &data) {
        const auto *first = reinterpret_cast<const std::uint8_t *>(data.data());
        bytes.insert(bytes.end(), first, first + data.size() * sizeof(data[0]));
      },
      array.data);
  return bytes;
}

Status write_npy(const std::filesystem::path &path, const NpyArray &array) {
  return write_file(path, format_npy(array));
}

}  // namespace thimble
