/* The cases of bindings/cases.json that each language writes by hand. */
#include "harness.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>
#include <type_traits>
#include <vector>

#ifdef _WIN32
#include <process.h>
#else
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using clock_of = std::chrono::steady_clock;

struct stop {};

fs::path fresh(const char *name)
{
    fs::path path = fs::temp_directory_path() / (std::string("crux-own-") + name + "-" + std::to_string(getpid()));
    fs::remove_all(path);
    return path;
}

void from_env()
{
    set_variable("CRUX_API", base.c_str());
    set_variable("CRUX_TOKEN", "tok-7d1c");
    crux::client client = crux::from_env({}, crux::options().set("service", "custom"));
    set_variable("CRUX_API", nullptr);
    set_variable("CRUX_TOKEN", nullptr);
    EXPECT(client.get("things/0/").status() == 200);
}

void token_source()
{
    std::vector<std::string> asked;
    auto source = [&](std::string_view refused) {
        asked.emplace_back(refused);
        return std::string(refused.empty() ? "stale" : "tok-7d1c");
    };
    crux::client client = crux::anonymous("custom", base, crux::options().on_token(source));
    EXPECT(client.get("things/0/").status() == 200);
    crux::response started = client.call("GET", "things/1/").start();
    EXPECT(started.wait() && started.check().status() == 200);
    EXPECT((asked == std::vector<std::string>{"", "stale"}));
}

void token_source_throws()
{
    for (bool late : {false, true}) {
        auto source = [&](std::string_view refused) -> std::string {
            if (late && refused.empty()) return "stale";
            throw stop();
        };
        crux::client client = crux::anonymous("custom", base, crux::options().on_token(source));
        thrown<stop>([&] { client.get("things/0/"); });
        thrown<stop>([&] { client.get("things/0/"); });
    }
}

template <class Error> constexpr bool is_error = std::is_base_of_v<crux::error, Error> && std::is_base_of_v<std::runtime_error, Error>;

void error_tree()
{
    static_assert(is_error<crux::argument_error> && is_error<crux::resolve_error> && is_error<crux::connect_error> &&
                  is_error<crux::tls_error> && is_error<crux::io_error> && is_error<crux::protocol_error> &&
                  is_error<crux::timeout_error> && is_error<crux::cancelled_error> && is_error<crux::auth_error> &&
                  is_error<crux::http_error> && is_error<crux::too_large_error> && is_error<crux::job_error> &&
                  is_error<crux::file_error> && is_error<crux::internal_error>);
    crux::client client = login();
    EXPECT(thrown<crux::error>([&] { client.get("things/999/"); }).status() == 404);
    EXPECT(std::string(thrown<std::exception>([&] { client.get("things/999/"); }).what()) != "");
}

void errors_hide_secrets()
{
    std::string all;
    std::mutex guard;
    auto log = [&](std::int32_t, std::string_view line) {
        std::lock_guard<std::mutex> lock(guard);
        all.append(line).append("\n");
    };
    crux::client client = login(crux::options().on_log(CRUX_LOG_TRACE, log));
    all += thrown<crux::error>([&] { client.get("things/999/"); }).what();
    answer({{"path", "/mirror/"}, {"status", 400}, {"body", {{"detail", "You sent tok-7d1c and " + password}}}});
    crux::error error = thrown<crux::error>([&] { client.get("mirror/"); });
    all += error.what() + error.server_message() + client.facts() + client.message();
    EXPECT(all.find("tok-7d1c") == std::string::npos);
    EXPECT(all.find("пароль") == std::string::npos);
}

std::int64_t requests(const crux::client &client) { return client.number("requests"); }

void pages_left_early()
{
    crux::client client = login();
    const auto before = requests(client);
    for (const crux::response &page : client.call("GET", "things/").query("limit", 3).pages()) {
        EXPECT(page.status() == 200);
        break;
    }
    EXPECT(requests(client) == before + 1);
}

void wait_later()
{
    crux::client client = login();
    crux::response accepted = client.post("jobs/", "{}");
    EXPECT(accepted.status() == 202);
    EXPECT(client.await(accepted).json("/value/progress").as_int() == 100);
}

void upload_file()
{
    const fs::path file = fresh("up");
    std::ofstream(file, std::ios::binary) << std::string(3 << 20, 'x');
    crux::response sent = login().upload(file.u8string(), "upload/", "file").send();
    fs::remove(file);
    EXPECT(sent.json("/size").as_int() == 3 << 20);
    EXPECT(sent.json("/name").as_text() == file.filename().u8string());
}

void upload_missing_file()
{
    thrown<crux::file_error>([] { login().upload(fresh("none").u8string(), "upload/", "file").send(); });
}

void download_into_no_folder()
{
    const std::string target = (fresh("folder") / "out.bin").u8string();
    thrown<crux::file_error>([&] { login().call("GET", "files/out.bin").save(target).send(); });
}

void stream_left_early()
{
    crux::client client = login();
    {
        crux::response stream = client.call("GET", "drip/100000000").stream();
        char buffer[100];
        EXPECT(stream.read(buffer, sizeof buffer).value() > 0);
    }
    EXPECT(client.number("under_way") == 0);
    EXPECT(client.get("things/0/").status() == 200);
}

void stream_up()
{
    int pieces = 3;
    auto read = [&](char *buffer, std::size_t) -> std::size_t {
        if (pieces-- == 0) return 0;
        std::memcpy(buffer, "piece", 5);
        return 5;
    };
    crux::response echo = login().call("POST", "echo/").source(read, -1, "text/plain").send();
    EXPECT(echo.json("/body").as_text() == "piecepiecepiece");
    EXPECT(!echo.json("/headers/content-length"));
}

/* Runs what never ends by itself, cancels it from here as soon as it is under way, and returns how it ended. */
void cancelled(const crux::client &client, std::function<void()> run)
{
    auto ended = std::async(std::launch::async, [&] { thrown<crux::cancelled_error>(run); });
    while (client.number("under_way") == 0 && ended.wait_for(1ms) != std::future_status::ready) {}
    const auto start = clock_of::now();
    client.cancel();
    ended.get();
    EXPECT(clock_of::now() - start < 300ms);
}

void cancel_request()
{
    crux::client client = login();
    cancelled(client, [&] { client.get("slow/"); });
}

/* A login that waits gives no handle to cancel it by: its tick does. */
void cancel_login()
{
    answer({{"path", "/login"}, {"status", 200}, {"body", {{"token", "x"}}}, {"delay_ms", 5000}});
    const auto start = clock_of::now();
    auto tick = [&](crux::phase, std::int64_t, std::int64_t) { return clock_of::now() - start < 100ms; };
    thrown<crux::cancelled_error>([&] { login(crux::options().on_tick(tick)); });
    EXPECT(clock_of::now() - start < 400ms);
}

void cancel_job()
{
    answer({{"path", "/endless/"}, {"status", 202}, {"body", {{"value", "/endless/progress/"}}}});
    answer({{"path", "/endless/progress/"}, {"status", 200}, {"body", {{"value", {{"progress", 10}, {"message", "working"}}}}}});
    crux::client client = login();
    cancelled(client, [&] { client.call("POST", "endless/").put_json("", "{}").wait().send(); });
}

void cancel_page()
{
    answer({{"path", "/list/"}, {"status", 200}, {"body", {{"results", {1}}, {"next", "/slow/"}}}});
    crux::client client = login();
    int pages = 0;
    cancelled(client, [&] {
        for (const crux::response &page : client.call("GET", "list/").pages()) pages += page.status() == 200;
    });
    EXPECT(pages <= 1);
}

void cancel_download()
{
    const fs::path target = fresh("drip");
    crux::client client = login();
    cancelled(client, [&] { client.call("GET", "drip/100000000").save(target.u8string()).send(); });
    EXPECT(!fs::exists(target));
}

void progress_throws()
{
    thrown<stop>([] {
        login().call("GET", "files/out.bin").save(fresh("throws").u8string()).on_progress([](crux::phase, std::int64_t, std::int64_t) -> bool {
            throw stop();
        }).send();
    });
}

void log_lines()
{
    std::atomic<int> lines = 0, loud = 0;
    auto log = [&](std::int32_t level, std::string_view) { ++lines, loud += level > CRUX_LOG_INFO; };
    login(crux::options().on_log(CRUX_LOG_INFO, log));
    EXPECT(lines > 0);
    EXPECT(loud == 0);
}

/* In C++ what a hook throws is thrown again where C has returned, and the call itself is not hurt. */
void log_throws()
{
    thrown<stop>([] { login(crux::options().on_log(CRUX_LOG_TRACE, [](std::int32_t, std::string_view) { throw stop(); })); });
    EXPECT(login().get("things/0/").status() == 200);
}

void closed()
{
    crux::client client = login();
    crux::client other = std::move(client);
    thrown<crux::argument_error>([&] { client.get("things/0/"); });
    EXPECT(other.get("things/0/").status() == 200);
}

void answer_outlives_client()
{
    std::optional<crux::response> kept;
    kept.emplace(login().get("things/0/"));
    EXPECT(kept->json("/id").as_int() == 0);
    EXPECT(kept->follow("../1/").send().json("/id").as_int() == 1);
}

void finalizers()
{
    auto client = std::make_unique<crux::client>(login());
    auto call = std::make_unique<crux::call>(client->call("GET", "things/0/"));
    auto response = std::make_unique<crux::response>(call->start());
    auto stream = std::make_unique<crux::response>(client->call("GET", "files/out.bin").stream());
    client.reset();
    call.reset();
    stream.reset();
    EXPECT(response->wait());
    EXPECT(response->check().status() == 200);
}

template <class Value, class = void> constexpr bool is_taken = false;
template <class Value>
constexpr bool is_taken<Value, std::void_t<decltype(std::declval<crux::call &>().query("name", std::declval<Value>()))>> = true;

void wrong_types()
{
    static_assert(is_taken<int> && is_taken<const char *> && is_taken<std::string> && is_taken<bool>);
    static_assert(!is_taken<double *> && !is_taken<std::vector<int>> && !is_taken<wchar_t>);
}

void broken_text()
{
    crux::client client = login();
    thrown<crux::argument_error>([&] { client.call("GET", "things/\xff/"); });
    thrown<crux::argument_error>([&] { client.call("GET", "things/").query("q", "\xc3"); });
    thrown<crux::argument_error>([&] { client.call("GET", std::string("things\0/", 8)); });
}

void threads()
{
    crux::client client = login();
    auto slow = std::async(std::launch::async, [&] { thrown<crux::cancelled_error>([&] { client.get("slow/"); }); });
    for (int i = 0; i < 20; ++i) EXPECT(client.get("things/0/").status() == 200);
    EXPECT(slow.wait_for(0ms) != std::future_status::ready);
    client.cancel();
    slow.get();
}

void hundred_at_once()
{
    crux::client client = login();
    std::vector<crux::response> all;
    for (int i = 0; i < 100; ++i) all.push_back(client.call("GET", "things/" + std::to_string(i % 7) + "/").start());
    for (int i = 0; i < 100; ++i) EXPECT(client.next_finished(10s) != nullptr);
    for (int i = 0; i < 100; ++i) EXPECT(all[static_cast<std::size_t>(i)].check().json("/id").as_int() == i % 7);
}

#ifdef _WIN32
const own_case fork_case = {nullptr, "Windows has no fork"};
#else
void fork_of_client()
{
    crux::client client = login();
    client.get("things/0/");
    pid_t child = fork();
    if (child == 0) {
        int code = 1;
        try {
            code = client.get("things/1/").json("/id").as_int() == 1 ? 0 : 2;
        } catch (...) {
        }
        _exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT(client.get("things/0/").status() == 200);
}

const own_case fork_case = {fork_of_client, ""};
#endif

} // namespace

const std::map<std::string, own_case> &own_cases()
{
    const char *linked = "a program in C++ is linked with the library: the loader finds it, or says what is missing";
    static const std::map<std::string, own_case> all = {
        {"token_source", {token_source, ""}}, {"token_source_throws", {token_source_throws, ""}},
        {"from_env", {from_env, ""}}, {"error_tree", {error_tree, ""}}, {"errors_hide_secrets", {errors_hide_secrets, ""}},
        {"pages_left_early", {pages_left_early, ""}}, {"wait_later", {wait_later, ""}}, {"upload_file", {upload_file, ""}},
        {"upload_missing_file", {upload_missing_file, ""}}, {"download_into_no_folder", {download_into_no_folder, ""}},
        {"stream_left_early", {stream_left_early, ""}}, {"stream_up", {stream_up, ""}}, {"cancel_request", {cancel_request, ""}},
        {"cancel_login", {cancel_login, ""}}, {"cancel_job", {cancel_job, ""}}, {"cancel_page", {cancel_page, ""}},
        {"cancel_download", {cancel_download, ""}}, {"progress_throws", {progress_throws, ""}}, {"log", {log_lines, ""}},
        {"log_throws", {log_throws, ""}}, {"closed", {closed, ""}}, {"answer_outlives_client", {answer_outlives_client, ""}},
        {"finalizers", {finalizers, ""}}, {"wrong_types", {wrong_types, ""}}, {"broken_text", {broken_text, ""}},
        {"threads", {threads, ""}}, {"hundred_at_once", {hundred_at_once, ""}}, {"fork", fork_case},
        {"library_missing", {nullptr, linked}},
        {"library_too_old", {nullptr, linked}},
    };
    return all;
}
