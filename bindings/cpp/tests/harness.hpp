/* What the cases of bindings/cases.json have in common: the world they run in, and how one fails. */
#ifndef HARNESS_HPP
#define HARNESS_HPP

#include <crux.hpp>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

using json = nlohmann::json;

/* A variable of the environment, in UTF-8. */
std::string variable(const char *name);
void set_variable(const char *name, const char *value);
std::string sha256(std::string_view bytes);

inline const std::string base = variable("CRUX_BASE"), user = variable("CRUX_USER"), password = variable("CRUX_PASSWORD");

inline crux::client login(crux::options more = {}) { return crux::login("custom", base, user, password, std::move(more)); }

/* Fails the case that runs. */
inline void expect(bool well, const std::string &what)
{
    if (!well) throw std::runtime_error(what);
}
#define EXPECT(what) expect(static_cast<bool>(what), #what)

/* The error of that kind that `run` throws. */
template <class Error, class Run> Error thrown(Run run)
{
    try {
        run();
    } catch (const Error &error) {
        return error;
    }
    throw std::runtime_error("nothing was thrown");
}

/* Sets an answer of the sandbox; see bindings/README.md. */
inline void answer(const json &given) { crux::anonymous("custom", base).post("_sandbox/answer", given.dump()); }
inline void forget() { crux::anonymous("custom", base).post("_sandbox/forget", "{}"); }

/* Cases that are written by hand, by name; where the reason is not empty, the case cannot be had here. */
struct own_case {
    std::function<void()> run;
    std::string reason;
};
const std::map<std::string, own_case> &own_cases();

/* Runs a case that is data. */
void run_data(const json &data);

#endif
