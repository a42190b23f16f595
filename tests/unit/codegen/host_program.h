// Generated C on the host: many networks in one program, held against the evaluators.
#pragma once

#include <string>
#include <vector>

#include "networks.h"

namespace thimble::codegen {

inline constexpr unsigned kInputSeed = 7;  // of the inputs that networks run on: random_inputs

extern const std::vector<std::string> kWarnings;  // compiler flags; each warning is an error

// What a program prints. A test failure if it fails or says anything on stderr.
std::string run_quietly(const std::vector<std::string> &command, const std::string &input = {});

// An output that is the same everywhere (floats: within 1e-3): equality with it proves nothing.
bool is_constant(const ops::Tensor &tensor);

// Of the networks random(seed), random(seed + 1), ... the first whose output on
// random_inputs(graph, kInputSeed) is not constant, as `prepare` leaves it; `seed` is then the next
// one's.
ir::Graph next_telling(Network (*random)(unsigned seed), unsigned &seed, const Variant &variant);

// cc, every warning of which is an error; or tcc, where there is one: no warnings, and the bits in
// a twentieth of the time.
enum class HostCompiler { kStrict, kQuick };

// Every fourth of many batches goes through the strict one.
HostCompiler compiler_in_turn(int batch);

// Compiles `all` with `flags`, runs each one's selftest and then each on random inputs. Integers
// must be equal bit for bit, floats within 1e-5 of the range; a constant output is a test failure.
void expect_what_the_evaluators_say(const std::vector<Built> &all,
                                    const std::vector<std::string> &flags,
                                    HostCompiler compiler = HostCompiler::kStrict);

}  // namespace thimble::codegen
