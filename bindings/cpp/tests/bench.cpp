/* What a small GET costs through crux.hpp and through the C functions: a line a turn, for bindings/bench.sh. Each request
 * can be ended by crux_cancel, and a member of its JSON is read. */
#include <crux.hpp>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>

namespace {

const std::string base = std::getenv("CRUX_BASE"), path = std::getenv("CRUX_PATH");

crux::client connect()
{
    crux::options options;
    options.set("service", "custom").set("token", "tok-7d1c").set("base_url", base);
    return crux::client(options);
}

void by_header(const crux::client &client)
{
    if (client.call("GET", path).send().json("/name").as_text().empty()) std::abort();
}

void by_hand(const crux_client *client)
{
    crux_call *call = crux_call_new(client, "GET", path.c_str());
    crux_response *response = crux_call_send(call);
    crux_free(call);
    if (crux_code(response) != CRUX_OK || std::string(crux_json_text(response, "/name")).empty()) std::abort();
    crux_free(response);
}

/* Microseconds of CPU of one of so many. */
template <class Get> double cost(int count, Get get)
{
    std::clock_t before = std::clock();
    for (int i = 0; i < count; ++i) get();
    return double(std::clock() - before) * 1e6 / CLOCKS_PER_SEC / count;
}

/* In MiB, once so many requests have been sent. */
double memory_after(int count, const crux::client &client)
{
    for (int i = 0; i < count; ++i) by_header(client);
    long size, resident;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return double(resident) * 4096 / (1 << 20);
}

} // namespace

int main()
{
    crux::client client = connect();
    if (std::getenv("CRUX_LONG")) {
        double early = memory_after(10000, client), late = memory_after(90000, client);
        std::printf("memory: %.1f MiB after 10000 requests, %.1f after 100000\n", early, late);
        return 0;
    }
    auto ours = [&] { by_header(client); };
    auto theirs = [&] { by_hand(client.get()); };
    cost(1000, ours), cost(1000, theirs);
    for (int turn = 0; turn < 7; ++turn) {
        double own = cost(2000, ours);
        std::printf("one at a time: %.2f against %.2f of the C functions\n", own, cost(2000, theirs));
    }
}
