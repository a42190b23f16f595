// The Python extension thimble._thimble: <thimble/thimble.h> as it is, with NumPy arrays for arrays
// and an exception for errors. What is made for Python's users is in thimble/__init__.py.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <thimble/thimble.h>

#include <cstring>

namespace nb = nanobind;
using namespace nb::literals;

namespace {

// Errors as Python meets them: thimble/__init__.py makes a thimble.Error of it.
struct Failure : std::exception {
  explicit Failure(thimble::Diagnostics all) : diagnostics(std::move(all)) {}
  const char *what() const noexcept override { return "thimble::Failure"; }
  thimble::Diagnostics diagnostics;
};

template <class T>
T value_of(thimble::Result<T> result) {
  if (!result.ok()) throw Failure(result.diagnostics());
  return *std::move(result);
}

// Names come from model files and need not be UTF-8.
nb::str text(const std::string &bytes) {
  PyObject *decoded =
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace");
  if (!decoded) throw nb::python_error();
  return nb::steal<nb::str>(decoded);
}

using Floats = nb::ndarray<const float, nb::c_contig, nb::device::cpu>;
using Bytes = nb::ndarray<const std::int8_t, nb::c_contig, nb::device::cpu>;

template <class Given>
thimble::Array array_of(const Given &given) {
  using Element = std::remove_const_t<typename Given::Scalar>;
  thimble::Array array;
  for (std::size_t i = 0; i < given.ndim(); ++i)
    array.shape.push_back(static_cast<std::int64_t>(given.shape(i)));
  array.elements = std::vector<Element>(given.data(), given.data() + given.size());
  return array;
}

// float32 or int8, in C order: __init__.py sees to it.
std::vector<thimble::Array> arrays_of(const nb::list &list) {
  std::vector<thimble::Array> arrays;
  for (const nb::handle item : list) {
    Floats floats;
    arrays.push_back(nb::try_cast(item, floats) ? array_of(floats)
                                                : array_of(nb::cast<Bytes>(item)));
  }
  return arrays;
}

template <class Element>
nb::object numpy_of(const std::vector<std::int64_t> &shape, const std::vector<Element> &elements) {
  auto *owned = new std::vector<Element>(elements);
  const nb::capsule owner(owned,
                          [](void *p) noexcept { delete static_cast<std::vector<Element> *>(p); });
  const std::vector<std::size_t> dims(shape.begin(), shape.end());
  return nb::cast(nb::ndarray<nb::numpy, Element>(owned->data(), dims.size(), dims.data(), owner));
}

nb::list to_numpy(const std::vector<thimble::Array> &arrays) {
  nb::list list;
  for (const thimble::Array &array : arrays)
    list.append(std::visit([&](const auto &elements) { return numpy_of(array.shape, elements); },
                           array.elements));
  return list;
}

thimble::On reading_of(const std::string &on) {
  if (on == "float") return thimble::On::kFloat;
  if (on == "int") return thimble::On::kInteger;
  if (on == "host") return thimble::On::kHost;
  if (on == "target") return thimble::On::kTarget;
  throw Failure({thimble::usage_error("on='" + on + "' is no reading of a network", {},
                                      "'float', 'int' (evaluators), 'host' (compiled C) or "
                                      "'target' (its emulator)")});
}

// Work of seconds lets other Python threads run.
template <class Work>
auto released(Work work) {
  const nb::gil_scoped_release release;
  return work();
}

void bind_diagnostics(nb::module_ &module) {
  using thimble::Diagnostic;
  nb::class_<Diagnostic>(module, "Diagnostic", "What is off, why, and what to do about it.")
      .def(
          "__init__",
          [](Diagnostic *at, std::string file, std::string what, std::string why, std::string fix) {
            new (at)
                Diagnostic(thimble::model_error(std::move(what), std::move(why), std::move(fix)));
            at->file = std::move(file);
          })
      .def_prop_ro("severity",
                   [](const Diagnostic &d) {
                     return d.severity == thimble::Severity::kError     ? "error"
                            : d.severity == thimble::Severity::kWarning ? "warning"
                                                                        : "note";
                   })
      .def_prop_ro(
          "code", [](const Diagnostic &d) { return static_cast<int>(d.error_class); },
          "The exit code that the command line gives.")
      .def_prop_ro("file", [](const Diagnostic &d) { return text(d.file); })
      .def_prop_ro("node", [](const Diagnostic &d) { return text(d.node); })
      .def_prop_ro("op", [](const Diagnostic &d) { return text(d.op); })
      .def_prop_ro("what", [](const Diagnostic &d) { return text(d.what); })
      .def_prop_ro("why", [](const Diagnostic &d) { return text(d.why); })
      .def_prop_ro("fix", [](const Diagnostic &d) { return text(d.fix); })
      .def("__str__", [](const Diagnostic &d) { return text(thimble::to_string(d)); });
}

// `Error` is a class of Python's, set once by __init__.py: raised with a list of Diagnostics.
void bind_errors(nb::module_ &module) {
  module.attr("error_class") = nb::none();
  nb::register_exception_translator(
      [](const std::exception_ptr &pointer, void *payload) {
        try {
          std::rethrow_exception(pointer);
        } catch (const Failure &failure) {
          const nb::handle self(static_cast<PyObject *>(payload));
          nb::list list;
          for (const thimble::Diagnostic &diagnostic : failure.diagnostics)
            list.append(nb::cast(diagnostic));
          const nb::object type = self.attr("error_class");
          PyErr_SetObject(type.ptr(), nb::make_tuple(list).ptr());
        }
      },
      module.ptr());
}

void bind_options(nb::module_ &module) {
  using thimble::Options;
  nb::class_<Options>(module, "Options")
      .def(nb::init<>())
      .def_rw("target", &Options::target)
      .def_rw("numbers", &Options::numbers)
      .def_rw("optimize", &Options::optimize)
      .def_rw("ram", &Options::ram, nb::arg().none())
      .def_rw("flash", &Options::flash, nb::arg().none())
      .def_rw("requant", &Options::requant)
      .def_rw("weights", &Options::weights)
      .def_rw("residency", &Options::residency)
      .def_rw("strips", &Options::strips)
      .def_rw("keep_columns", &Options::keep_columns)
      .def_rw("name", &Options::name)
      .def_rw("stream_in", &Options::stream_in)
      .def_rw("stream_out", &Options::stream_out)
      .def_rw("keep_input", &Options::keep_input)
      .def_rw("borrow_input", &Options::borrow_input);
}

void bind_analysis(nb::module_ &module) {
  using thimble::Analysis;
  nb::class_<thimble::Layer>(module, "Layer")
      .def_prop_ro("name", [](const thimble::Layer &l) { return text(l.name); })
      .def_ro("op", &thimble::Layer::op)
      .def_ro("shape", &thimble::Layer::shape, "Rows, columns, channels of its output.")
      .def_ro("macs", &thimble::Layer::macs)
      .def_ro("weight_bytes", &thimble::Layer::weight_bytes)
      .def_ro("residency", &thimble::Layer::residency)
      .def("__repr__", [](const thimble::Layer &l) {
        return text("<Layer " + l.name + ": " + l.op + ", " + std::to_string(l.macs) + " MACs, " +
                    std::to_string(l.weight_bytes) + " B>");
      });
  nb::class_<thimble::Buffer>(module, "Buffer")
      .def_prop_ro("tensor", [](const thimble::Buffer &b) { return text(b.tensor); })
      .def_ro("offset", &thimble::Buffer::offset)
      .def_ro("bytes", &thimble::Buffer::bytes)
      .def_ro("first", &thimble::Buffer::first)
      .def_ro("last", &thimble::Buffer::last);
  nb::class_<Analysis>(module, "Analysis",
                       "What `thimble analyze` says: print it, or show it in a notebook.")
      .def_prop_ro("model", [](const Analysis &a) { return text(a.model); })
      .def_ro("target", &Analysis::target)
      .def_ro("numbers", &Analysis::numbers)
      .def_ro("fits", &Analysis::fits)
      .def_ro("objections", &Analysis::objections, "Why it does not fit, and what would.")
      .def_ro("parameters", &Analysis::parameters)
      .def_ro("macs", &Analysis::macs)
      .def_ro("flash_weights", &Analysis::flash_weights)
      .def_ro("flash_constants", &Analysis::flash_constants)
      .def_ro("arena_bytes", &Analysis::arena_bytes)
      .def_ro("arena_lower_bound", &Analysis::arena_lower_bound)
      .def_ro("placement_proven", &Analysis::placement_proven)
      .def_ro("schedule_proven", &Analysis::schedule_proven)
      .def_ro("layers", &Analysis::layers)
      .def_ro("buffers", &Analysis::buffers)
      .def_prop_ro("json", [](const Analysis &a) { return text(a.json); })
      .def("__str__", [](const Analysis &a) { return text(a.text); })
      .def("__repr__", [](const Analysis &a) { return text(a.text); })
      .def("_repr_html_", [](const Analysis &a) { return text(a.html); });
  using thimble::Bench;
  nb::class_<Bench>(module, "Bench", "What the target's emulator measured.")
      .def_ro("flash_weights", &Bench::flash_weights)
      .def_ro("flash_constants", &Bench::flash_constants)
      .def_ro("flash_code", &Bench::flash_code)
      .def_ro("flash_total", &Bench::flash_total)
      .def_ro("ram_arena", &Bench::ram_arena)
      .def_ro("ram_static", &Bench::ram_static)
      .def_ro("ram_stack", &Bench::ram_stack)
      .def_ro("ram_total", &Bench::ram_total)
      .def_ro("count", &Bench::count, "Of `unit`, one inference.")
      .def_ro("unit", &Bench::unit)
      .def("__repr__", [](const Bench &b) {
        return "<Bench: flash " + std::to_string(b.flash_total) + " B, RAM " +
               std::to_string(b.ram_total) + " B, " + std::to_string(b.count) + " " + b.unit + ">";
      });
}

void bind_networks(nb::module_ &module) {
  using thimble::Compiled;
  using thimble::Model;
  nb::class_<thimble::Port>(module, "Port")
      .def_prop_ro("name", [](const thimble::Port &p) { return text(p.name); })
      .def_ro("shape", &thimble::Port::shape);
  nb::class_<Model>(module, "Model")
      .def_prop_ro("path", [](const Model &m) { return text(m.path()); })
      .def_prop_ro("is_quantized", &Model::is_quantized)
      .def_prop_ro("inputs", &Model::inputs)
      .def_prop_ro("outputs", &Model::outputs)
      .def_prop_ro("warnings", &Model::warnings);
  nb::class_<Compiled>(module, "Compiled")
      .def_prop_ro("files",
                   [](const Compiled &c) {
                     nb::dict files;
                     for (const thimble::File &file : c.files())
                       files[text(file.name)] = text(file.text);
                     return files;
                   })
      .def_prop_ro("warnings", &Compiled::warnings)
      .def_prop_ro("analysis", &Compiled::analysis)
      .def("write",
           [](const Compiled &c, const std::string &folder) {
             value_of(released([&] { return c.write(folder); }));
           })
      .def("run",
           [](const Compiled &c, const nb::list &inputs, const std::string &on, bool raw) {
             const auto arrays = arrays_of(inputs);
             const auto reading = reading_of(on);
             return to_numpy(value_of(released([&] { return c.run(arrays, reading, raw); })));
           })
      .def("bench",
           [](const Compiled &c) { return value_of(released([&] { return c.bench(); })); });
}

void bind_functions(nb::module_ &module) {
  module.def("version", &thimble::version);
  module.def("load", [](const std::string &path, const std::vector<std::string> &dims,
                        const std::string &called) {
    return value_of(released([&] { return thimble::load(path, dims, called); }));
  });
  module.def("compile", [](const thimble::Model &model, const nb::list &samples, int random_count,
                           const thimble::Options &options) {
    const thimble::Samples given{arrays_of(samples), random_count};
    return value_of(released([&] { return thimble::compile(model, given, options); }));
  });
  module.def("analyze",
             [](const thimble::Model &model, const thimble::Options &options, bool explain) {
               return value_of(released([&] { return thimble::analyze(model, options, explain); }));
             });
  module.def("targets", [] {
    nb::dict targets;
    for (const thimble::Chip &chip : value_of(thimble::chips())) {
      nb::dict entry;
      entry["description"] = text(chip.description);
      entry["flash_bytes"] = chip.flash_bytes;
      entry["ram_bytes"] = chip.ram_bytes;
      targets[text(chip.name)] = entry;
    }
    return targets;
  });
}

}  // namespace

NB_MODULE(_thimble, module) {
  bind_diagnostics(module);
  bind_errors(module);
  bind_options(module);
  bind_analysis(module);
  bind_networks(module);
  bind_functions(module);
}
