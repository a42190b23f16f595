// Text to graph, by recursive descent. A statement with an error is reported with its line and
// skipped up to the next line that starts with a word, so that one reading finds every error.
// Inside a statement an error unwinds as a SyntaxError, which never leaves this file.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

#include "ir/text.h"
#include "ir/verify.h"

namespace thimble::ir {
namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 26;  // of one constant
constexpr std::size_t kMaxErrors = 50;

struct SyntaxError {
  std::string what, why;
};

// Characters, and what a statement is made of. Spaces, line ends and `#` comments separate.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // Of the next character, and of the last that was not blank.
  int line() const { return line_; }
  int last_line() const { return at_ == blanks_end_ ? last_line_ : line_; }

  bool at_end() {
    skip_blanks();
    return at_ == text_.size();
  }

  bool accept(std::string_view symbol) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(symbol)) return false;
    at_ += symbol.size();
    return true;
  }

  void expect(std::string_view symbol) {
    if (!accept(symbol)) fail("'" + std::string(symbol) + "'");
  }

  bool accept_word(std::string_view word) {
    skip_blanks();
    const auto rest = text_.substr(at_);
    if (!rest.starts_with(word) || (rest.size() > word.size() && is_inner(rest[word.size()]))) {
      return false;
    }
    at_ += word.size();
    return true;
  }

  // A bare word or a quoted string.
  std::string name() {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '"') return quoted();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_inner(text_[at_])) ++at_;
    if (start == at_ || std::isdigit(static_cast<unsigned char>(text_[start]))) {
      at_ = start;
      fail("a name");
    }
    return std::string(text_.substr(start, at_ - start));
  }

  std::string quoted() {
    expect("\"");
    std::string result;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
      result += text_[at_] == '\\' ? escape() : text_[at_++];
    }
    if (at_ == text_.size() || text_[at_] != '"') fail("a closing '\"'");
    ++at_;
    return result;
  }

  template <class T>
  T number(const char *what) {
    skip_blanks();
    T value{};
    const auto [end, code] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (code == std::errc::result_out_of_range) throw SyntaxError{"number out of range", {}};
    if (code != std::errc()) fail(what);
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  // Whether the number that follows is written as a real: a point, an exponent, inf or nan.
  bool real_follows() {
    skip_blanks();
    std::size_t end = at_;
    while (end < text_.size() && (is_inner(text_[end]) || text_[end] == '-' || text_[end] == '+')) {
      ++end;
    }
    return text_.substr(at_, end - at_).find_first_of(".en") != std::string_view::npos;
  }

  bool next_is(char c) {
    skip_blanks();
    return at_ < text_.size() && text_[at_] == c;
  }

  // To the next line that starts with a letter, unless the scanner stands at one, past
  // `start_line`.
  void skip_statement(int start_line) {
    if (line_ > start_line && at_ == blanks_end_ && at_ > 0 && text_[at_ - 1] == '\n') return;
    while (at_ < text_.size()) {
      const bool line_ended = text_[at_] == '\n';
      advance();
      if (line_ended && at_ < text_.size() &&
          std::isalpha(static_cast<unsigned char>(text_[at_]))) {
        return;
      }
    }
  }

  [[noreturn]] void fail(const std::string &expected) {
    skip_blanks();
    const std::string found =
        at_ == text_.size() ? "the end" : "'" + std::string(text_.substr(at_, 1)) + "'";
    throw SyntaxError{"expected " + expected + ", found " + found, {}};
  }

 private:
  static bool is_inner(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '/';
  }

  void advance() {
    if (text_[at_++] == '\n') ++line_;
  }

  void skip_blanks() {
    if (at_ != blanks_end_) last_line_ = line_;
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (std::isspace(static_cast<unsigned char>(text_[at_]))) {
        advance();
      } else {
        break;
      }
    }
    blanks_end_ = at_;
  }

  char escape() {
    ++at_;
    if (at_ < text_.size() && text_[at_] != 'x') return text_[at_++];
    int byte = 0;
    const char *digits = text_.data() + at_ + 1;
    if (at_ + 3 > text_.size() || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
      throw SyntaxError{"a '\\x' escape needs two digits", {}};
    }
    at_ += 3;
    return static_cast<char>(byte);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t blanks_end_ = 0;  // where the last run of blanks ended
  int line_ = 1, last_line_ = 1;
};

// Numbers of `random(seed, ...)`: splitmix64, the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  double between_minus_one_and_one() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return static_cast<double>(z >> 40) * 0x1p-23 - 1;
  }

 private:
  std::uint64_t state_;
};

class Parser {
 public:
  Parser(std::string_view text, std::string file) : scan_(text), file_(std::move(file)) {}

  Result<Graph> run() {
    while (!scan_.at_end()) {
      line_ = scan_.line();
      try {
        statement();
      } catch (const SyntaxError &error) {
        report(scan_.last_line(), error.what, error.why);
        scan_.skip_statement(line_);
      }
      if (errors_.size() >= kMaxErrors || too_large()) return errors_;
    }
    for (Pending &pending : nodes_) finish(pending);
    if (!errors_.empty()) return errors_;
    return std::move(graph_);
  }

 private:
  struct Pending {  // a node whose constants may stand further down
    Node node;
    std::vector<std::string> constants;
    int line;
  };

  bool too_large() {
    const std::size_t most = std::max({values_.size(), nodes_.size(), constants_.size()});
    if (most > kMaxItems)
      report(line_, "the graph has more than " + std::to_string(kMaxItems) + " items");
    return most > kMaxItems;
  }

  void report(int line, std::string what, std::string why = {}) {
    Diagnostic diagnostic = model_error(std::move(what), std::move(why));
    diagnostic.file = file_ + ":" + std::to_string(line);
    errors_.push_back(std::move(diagnostic));
  }

  void statement() {
    if (scan_.accept_word("graph")) {
      graph_.name = scan_.name();
      if (scan_.accept_word("requant")) graph_.requant = scan_.name();
    } else if (scan_.accept_word("input")) {
      input();
    } else if (scan_.accept_word("output")) {
      output();
    } else if (scan_.accept_word("const")) {
      constant();
    } else if (scan_.accept_word("node")) {
      node();
    } else {
      scan_.fail("graph, input, output, const or node");
    }
  }

  void input() {
    const ValueId value = new_value();
    if (graph_.value(value).type.shape.rows == 0) {
      throw SyntaxError{"input '" + graph_.value(value).name + "' has no type", {}};
    }
    const std::vector<int> dims = port_dims(graph_.value(value).type.shape);
    graph_.add_input(value, dims, port_axes());
  }

  void output() {
    const ValueId value = known_value(scan_.name());
    const std::vector<int> dims = port_dims(graph_.value(value).type.shape);
    graph_.add_output(value, dims, port_axes());
  }

  AxisOrder port_axes() {
    return scan_.accept_word("channels_last") ? AxisOrder::kChannelsLast
                                              : AxisOrder::kChannelsFirst;
  }

  // Written, or those that PyTorch would use.
  std::vector<int> port_dims(const Shape &shape) {
    if (scan_.accept_word("dims")) return list<int>();
    if (shape.rows == 1 && shape.cols == 1) return {1, shape.channels};
    return {1, shape.channels, shape.rows, shape.cols};
  }

  void node() {
    Pending pending;
    pending.line = line_;
    pending.node.name = scan_.name();
    if (!node_names_.insert({pending.node.name, line_}).second) {
      throw SyntaxError{"node '" + pending.node.name + "' is there already", {}};
    }
    scan_.expect(":");
    pending.node.op = scan_.name();
    operands(pending);
    if (scan_.accept("{")) attributes(pending.node.attributes);
    scan_.expect("->");
    do {
      pending.node.outputs.push_back(new_value());
    } while (scan_.accept(","));
    nodes_.push_back(std::move(pending));
  }

  // "(x, y; weight, bias)"
  void operands(Pending &pending) {
    scan_.expect("(");
    if (!scan_.next_is(')') && !scan_.next_is(';')) {
      do {
        pending.node.inputs.push_back(known_value(scan_.name()));
      } while (scan_.accept(","));
    }
    if (scan_.accept(";")) {
      do {
        pending.constants.push_back(scan_.name());
      } while (scan_.accept(","));
    }
    scan_.expect(")");
  }

  void attributes(Attributes &attributes) {
    if (scan_.accept("}")) return;
    do {
      const std::string key = scan_.name();
      scan_.expect("=");
      attributes[key] = attribute();
    } while (scan_.accept(","));
    scan_.expect("}");
  }

  Attribute attribute() {
    if (scan_.next_is('"')) return scan_.quoted();
    if (scan_.next_is('[')) return list<std::int64_t>();
    if (scan_.real_follows()) return scan_.number<double>("a number");
    return scan_.number<std::int64_t>("a number, a string or a list of integers");
  }

  void constant() {
    Constant item;
    item.name = scan_.name();
    scan_.expect(":");
    const DType dtype = parse_dtype();
    item.dims = list<int>();
    if (scan_.accept_word("scales")) item.scales = list<float>();
    if (scan_.accept_word("multiples")) item.multiples = list<std::int32_t>();
    scan_.expect("=");
    if (scan_.accept("...")) {
      throw SyntaxError{"the weights of '" + item.name + "' were left out",
                        "printed for reading only"};
    }
    const std::int64_t count = element_count(item);
    if (dtype == DType::kF32) item.data = elements<float>(count);
    if (dtype == DType::kI8) item.data = elements<std::int8_t>(count);
    if (dtype == DType::kI32) item.data = elements<std::int32_t>(count);
    const std::string name = item.name;
    if (constants_.contains(name))
      throw SyntaxError{"constant '" + name + "' is there already", {}};
    constants_[name] = graph_.add_constant(std::move(item));
  }

  std::int64_t element_count(const Constant &item) {
    std::int64_t count = 1;
    for (int dim : item.dims) {
      if (dim < 1 || count > kMaxElements / dim) {
        throw SyntaxError{"constant '" + item.name + "' has dimensions out of range", {}};
      }
      count *= dim;
    }
    return count;
  }

  template <class T>
  std::vector<T> elements(std::int64_t count) {
    std::vector<T> data;
    if (scan_.accept_word("random")) {
      data = random<T>(count);
    } else if (scan_.accept_word("fill")) {
      scan_.expect("(");
      data.assign(static_cast<std::size_t>(count), scan_.number<T>("a number"));
      scan_.expect(")");
    } else {
      data = list<T>();
    }
    if (static_cast<std::int64_t>(data.size()) == count) return data;
    throw SyntaxError{
        std::to_string(data.size()) + " elements for " + std::to_string(count) + " places", {}};
  }

  // "(seed, scale)" or "(seed, scale, centre)": evenly from [centre - scale, centre + scale).
  template <class T>
  std::vector<T> random(std::int64_t count) {
    scan_.expect("(");
    Random generator(scan_.number<std::uint64_t>("a seed"));
    scan_.expect(",");
    const double scale = scan_.number<double>("a scale");
    const double centre = scan_.accept(",") ? scan_.number<double>("a centre") : 0;
    scan_.expect(")");
    std::vector<T> data;
    for (std::int64_t i = 0; i < count; ++i) {
      const double value = centre + scale * generator.between_minus_one_and_one();
      data.push_back(to_element<T>(value));
    }
    return data;
  }

  template <class T>
  T to_element(double value) {
    if constexpr (std::is_integral_v<T>) {
      value = std::round(value);
      if (!(value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max())) {
        throw SyntaxError{"random numbers out of the type's range", {}};
      }
    }
    return static_cast<T>(value);
  }

  DType parse_dtype() {
    for (DType dtype : {DType::kF32, DType::kI8, DType::kI32}) {
      if (scan_.accept_word(to_string(dtype))) return dtype;
    }
    scan_.fail("f32, i8 or i32");
  }

  // "NAME: TYPE", or "NAME" alone for a type to be inferred.
  ValueId new_value() {
    const std::string name = scan_.name();
    Type type;
    type.shape = {0, 0, 0};
    if (scan_.accept(":")) type = parse_type();
    if (values_.contains(name)) throw SyntaxError{"value '" + name + "' is there already", {}};
    return values_[name] = graph_.add_value(name, type);
  }

  Type parse_type() {
    Type type;
    type.dtype = parse_dtype();
    scan_.expect("[");
    type.shape.rows = extent();
    scan_.expect("x");
    type.shape.cols = extent();
    scan_.expect("x");
    type.shape.channels = extent();
    scan_.expect("]");
    if (scan_.accept_word("scale")) {
      Quant quant;
      quant.scale = scan_.number<float>("a scale");
      if (!scan_.accept_word("zero")) scan_.fail("zero");
      quant.zero_point = scan_.number<int>("a zero point");
      type.quant = quant;
    }
    return type;
  }

  int extent() {
    const int value = scan_.number<int>("a size");
    if (value < 1) throw SyntaxError{"a size is at least 1", {}};
    return value;
  }

  ValueId known_value(const std::string &name) {
    const auto at = values_.find(name);
    if (at == values_.end())
      throw SyntaxError{"unknown value '" + name + "'", "values stand above their readers"};
    return at->second;
  }

  template <class T>
  std::vector<T> list() {
    std::vector<T> items;
    scan_.expect("[");
    if (scan_.accept("]")) return items;
    do {
      items.push_back(scan_.number<T>("a number"));
      if (static_cast<std::int64_t>(items.size()) > kMaxElements)
        throw SyntaxError{"list too long", {}};
    } while (scan_.accept(","));
    scan_.expect("]");
    return items;
  }
  void finish(Pending &pending) {
    for (const std::string &name : pending.constants) {
      const auto at = constants_.find(name);
      if (at == constants_.end()) {
        report(pending.line,
               "node '" + pending.node.name + "' names unknown constant '" + name + "'");
      } else {
        pending.node.constants.push_back(at->second);
      }
    }
    graph_.add_node(std::move(pending.node));
  }

  Scanner scan_;
  std::string file_;
  int line_ = 1;  // where the statement starts
  Graph graph_;
  std::vector<Pending> nodes_;
  std::map<std::string, ValueId> values_;
  std::map<std::string, ConstantId> constants_;
  std::map<std::string, int> node_names_;
  Diagnostics errors_;
};

}  // namespace

Result<Graph> parse(std::string_view text, const std::string &file) {
  return Parser(text, file).run();
}

}  // namespace thimble::ir
