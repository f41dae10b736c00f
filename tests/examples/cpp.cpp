/*
 * crux.hpp as a program uses it. Arguments: the origin of a sandbox, and of a server that breaks each response off.
 * Ends with 0 if all is as promised; otherwise says on stderr what is not.
 */
#include <crux.hpp>

#include <atomic>
#include <cstdio>
#include <iterator>
#include <thread>

using namespace std::chrono_literals;

static int failures = 0;
static std::string sandbox, broken;

static void expect(bool well, int line, const char *what)
{
    if (well) return;
    ++failures;
    std::fprintf(stderr, "line %d: %s\n", line, what);
}
#define EXPECT(what) expect(static_cast<bool>(what), __LINE__, #what)

/* The error of that kind that something throws; none is a failure. */
template <class Error, class Run> static std::optional<Error> thrown(int line, Run run)
{
    try {
        run();
        expect(false, line, "nothing was thrown");
    } catch (const Error &error) {
        return error;
    } catch (const std::exception &error) {
        expect(false, line, error.what());
    }
    return std::nullopt;
}
#define THROWN(error, what) thrown<error>(__LINE__, [&] { what; })

/* What the hooks of this program throw; it is none of crux's. */
struct stop {
    int number;
};
template <class Run> static int stopped_by(Run run)
{
    try {
        run();
    } catch (const stop &what) {
        return what.number;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "instead of a hook's exception: %s\n", error.what());
        return -1;
    }
    return 0;
}

static crux::client crunch(crux::options more = {})
{
    return crux::login("crunch", sandbox + "/api/", "grace@example.com", "battery staple", std::move(more));
}
static crux::client timp()
{
    return crux::login("crux-connect", sandbox + "/timp/", "ada@example.com", "correct horse");
}
static crux::client echo() { return crux::anonymous("custom", sandbox + "/echo/"); }
static void answer(const std::string &json) { crux::anonymous("custom", sandbox).post("/_sandbox/answer", json); }

/* Whether nothing of a client is under way any more, soon after the last response. */
static bool comes_to_rest(const crux::client &me)
{
    for (int i = 0; i < 1000 && me.number("under_way") > 0; i++) std::this_thread::sleep_for(10ms);
    return me.number("under_way") == 0;
}

static bool goes_on(crux::phase, std::int64_t, std::int64_t) { return true; }

static void the_main_job()
{
    EXPECT(crux::version() == std::to_string(CRUX_VERSION_MAJOR) + "." + std::to_string(CRUX_VERSION_MINOR) + "." +
                                  std::to_string(CRUX_VERSION_PATCH));
    crux::client me = crunch();
    EXPECT(me.status() == 200 && me.code() == CRUX_OK && me.info("service") == "crunch" && me.number("logins") == 1);
    EXPECT(me.header("content-type") && !me.headers().empty() && !me.body().empty());
    EXPECT(me.json().type() == CRUX_JSON_OBJECT && me.text().find("battery staple") == std::string::npos);

    crux::response list = me.get("datasets/all/");
    EXPECT(list && list.check().status() == 200 && list.attempts() == 1 && list.json("/index").size() == 40);
    EXPECT(list.facts().find("\"attempts\"") != std::string::npos && me.facts().find("\"service\"") != std::string::npos);
    EXPECT(list.url() == sandbox + "/api/datasets/all/" && !list.info("no such fact") && list.number("no such fact") == -1);

    crux::response root = me.get("");
    EXPECT(root.follow(root.json("/catalogs/datasets").as_text()).send().status() == 200);
    EXPECT(me.logout().send());

    const crux::result const_result = me.call("GET", "nothing/").send_result();
    EXPECT(!const_result && const_result->status() == (*const_result).status() && const_result.code() != CRUX_OK);
    auto nul = THROWN(crux::argument_error, me.get(std::string_view("a\0b", 3)));
    EXPECT(nul && nul->code() == CRUX_ERR_ARGUMENT && !nul->response());
}

static void json_is_walked()
{
    crux::response sent = crux::anonymous("custom", sandbox).post("/echo/x", R"({"a":1})");
    crux::json_value query = sent.json();
    std::vector<std::string> keys;
    int deepest = 0;
    bool saw_post = false;
    EXPECT(query.walk([&](const crux::json_node &node) {
        if (node.depth == 1) keys.emplace_back(node.key.value_or("?"));
        if (node.key == "method") saw_post = node.text == "POST" && node.type == CRUX_JSON_STRING;
        if (node.depth == 0) EXPECT(!node.key && !node.text && node.type == CRUX_JSON_OBJECT);
        deepest = node.depth > deepest ? node.depth : deepest;
        return true;
    }));
    EXPECT(saw_post && deepest == 2 && keys.size() == query.size());
    int visits = 0;
    EXPECT(!query.walk([&](const crux::json_node &) { return ++visits < 3; }) && visits == 3);
    EXPECT(!sent.json("/nowhere").walk([](const crux::json_node &) { return true; }));
    EXPECT(stopped_by([&] { query.walk([](const crux::json_node &) -> bool { throw stop{1}; }); }) == 1);
    EXPECT(query["method"].as_text() == "POST" && query["body_length"].as_int() == 7 && !query["a/b~c"]);
}

static void errors_carry_the_facts()
{
    answer(R"({"method": "POST", "path": "/api/busy/", "status": 503, "body": {"message": "Too busy."},
               "headers": {"retry-after": "7"}})");
    auto is_busy = [](const std::optional<crux::http_error> &error, bool keeps) {
        EXPECT(error && error->code() == CRUX_ERR_HTTP && error->status() == 503 && error->maybe_sent());
        EXPECT(error && error->server_message() == "Too busy." && error->retry_after() == 7s);
        EXPECT(error && static_cast<bool>(error->response()) == keeps);
    };
    crux::client me = crunch();
    auto post = [&] { return me.call("POST", "busy/").body("{}").option("retry.max", 0); };
    auto facts = [](const crux::response &of) { return of.number("retryable") == 1; };
    crux::response started = post().start();
    started.wait();
    auto error = THROWN(crux::http_error, started.check());
    is_busy(error, false);
    EXPECT(error && error->retryable() == facts(started));
    is_busy(THROWN(crux::http_error, post().send()), true);
    is_busy(THROWN(crux::http_error, post().send_result().value()), true);
    is_busy(THROWN(crux::http_error, std::move(started).check()), true);

    auto refused = THROWN(crux::auth_error, crux::login("crux-connect", sandbox + "/timp/", "ada@example.com", "wrong"));
    EXPECT(refused && refused->status() == 401 && !refused->response());
    EXPECT(refused && refused->server_message() == "Unable to log in with provided credentials.");

    crux::client there = crux::anonymous("custom", broken);
    crux::response half = there.call("GET", "x").option("retry.max", 0).stream();
    char buffer[64];
    auto cut = THROWN(crux::error, while (half.read(buffer, sizeof buffer).value_or(0) > 0) {});
    EXPECT(cut && cut->code() == half.code() && cut->status() == 200 && cut->maybe_sent() == (half.number("maybe_sent") == 1));
    crux::response lost = there.call("POST", "x").body("{}").option("retry.max", 0).start();
    lost.wait();
    auto maybe = THROWN(crux::error, lost.check());
    EXPECT(maybe && maybe->maybe_sent() && lost.number("maybe_sent") == 1);

    auto setter = THROWN(crux::argument_error, me.call("GET", "x").option("no.such", 1));
    EXPECT(setter && setter->status() == 0 && !setter->maybe_sent() && !setter->retry_after() && !setter->response());
    EXPECT(THROWN(crux::argument_error, crux::options().set("servce", "x")));
    /* What getenv gives for a variable that is not set. */
    const char *unset = std::getenv("CRUX_TEST_NOT_SET");
    EXPECT(THROWN(crux::argument_error, crux::login("custom", sandbox, unset, unset)));
    EXPECT(THROWN(crux::argument_error, crux::token("custom", unset, sandbox)));
    EXPECT(THROWN(crux::argument_error, crux::anonymous("custom", unset)));
    crux::options moved, taken = std::move(moved);
    EXPECT(THROWN(crux::argument_error, crux::client{moved}));
}

static void what_hooks_throw_ends_what_they_hold()
{
    auto live = std::make_shared<int>(0);
    {
        crux::client me = crunch();
        auto throws = [live](crux::phase, std::int64_t, std::int64_t) -> bool { throw stop{7}; };
        for (int i = 0; i < 3; i++) {
            EXPECT(stopped_by([&] { me.call("GET", "datasets/").on_progress(throws).send(); }) == 7);
            EXPECT(stopped_by([&] { me.call("GET", "datasets/").on_progress(throws).stream(); }) == 7);
            EXPECT(stopped_by([&] { me.call("GET", "datasets/").on_progress(throws).send_result(); }) == 7);
        }
        answer(R"({"path": "/api/late/", "status": 200, "delay_ms": 2000})");
        EXPECT(stopped_by([&] { me.call("GET", "late/").on_progress(throws).start().wait(); }) == 7);
        EXPECT(comes_to_rest(me));
        EXPECT(live.use_count() == 2); // this one and that in `throws`
    }
    EXPECT(live.use_count() == 1);
    std::atomic<bool> on{false};
    {
        crux::options more;
        more.on_log(CRUX_LOG_TRACE, [live, &on](std::int32_t, std::string_view) { if (on) throw stop{8}; });
        crux::client me = crunch(std::move(more));
        on = true;
        EXPECT(stopped_by([&] { me.get("datasets/"); }) == 8);
        on = false;
        EXPECT(live.use_count() == 2);
    }
    EXPECT(live.use_count() == 1);
    auto at_login = [live](crux::phase, std::int64_t, std::int64_t) -> bool { throw stop{9}; };
    EXPECT(stopped_by([&] { crunch(crux::options().on_tick(at_login)); }) == 9);
    EXPECT(live.use_count() == 2); // and that in `at_login`
    // An empty hook is none.
    crux::options none;
    none.on_log(CRUX_LOG_TRACE, nullptr).on_tick(nullptr);
    EXPECT(crunch(std::move(none)).call("GET", "datasets/").on_progress(nullptr).send());
}

static void hooks_throw_on_many_threads()
{
    std::atomic<bool> on{false};
    std::atomic<int> caught{0}, other{0};
    crux::options more;
    more.on_log(CRUX_LOG_TRACE, [&](std::int32_t, std::string_view) { if (on) throw stop{1}; });
    crux::client me = crunch(std::move(more));
    on = true;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++)
        threads.emplace_back([&] {
            for (int k = 0; k < 20; k++) {
                try {
                    me.get("datasets/");
                } catch (const stop &) {
                    ++caught;
                } catch (...) {
                    ++other;
                }
            }
        });
    for (std::thread &one : threads) one.join();
    on = false;
    EXPECT(caught > 0 && other == 0);
}

static void a_call_and_its_client_both_have_hooks()
{
    auto source = [](char *, std::size_t) -> std::size_t { throw stop{2}; };
    bool of_client = false;
    crux::options more;
    more.on_log(CRUX_LOG_TRACE, [&](std::int32_t, std::string_view) { if (of_client) throw stop{3}; }).on_tick(goes_on);
    crux::client me = crunch(std::move(more));
    EXPECT(stopped_by([&] { me.call("POST", "datasets/").source(source).send(); }) == 2);
    EXPECT(stopped_by([&] { me.call("POST", "datasets/").source(source).on_progress(goes_on).send(); }) == 2);
    EXPECT(stopped_by([&] { me.call("POST", "datasets/").on_progress(goes_on).source(source).send(); }) == 2);
    EXPECT(stopped_by([&] { me.call("POST", "datasets/").source(source).start().wait(); }) == 2);
    EXPECT(stopped_by([&] { me.get("datasets/"); }) == 0); // not what an earlier call has thrown
    of_client = true;
    EXPECT(stopped_by([&] { me.call("GET", "datasets/").on_progress(goes_on).send(); }) == 3);
    of_client = false;

    std::string bytes(300000, 'x');
    std::size_t given = 0;
    auto piece = [&](char *buffer, std::size_t capacity) {
        std::size_t length = bytes.copy(buffer, capacity, given);
        given += length;
        return length;
    };
    EXPECT(echo().call("POST", "x").source(piece, -1, std::string("text/plain")).send().json("/body_length").as_int() == 300000);
}

template <class Value, class = void> inline constexpr bool can_put = false;
template <class Value>
inline constexpr bool can_put<Value, std::void_t<decltype(std::declval<crux::call>().put("/a", std::declval<Value>()))>> = true;
template <class Value, class = void> inline constexpr bool can_ask = false;
template <class Value>
inline constexpr bool can_ask<Value, std::void_t<decltype(std::declval<crux::call>().query("a", std::declval<Value>()))>> = true;

static_assert(can_put<int> && can_put<bool> && can_put<char> && can_put<double> && can_put<std::string> && can_put<char *>);
static_assert(!can_put<const wchar_t *> && !can_put<int *> && !can_put<const void *> && !can_put<wchar_t> && !can_put<char16_t>);
static_assert(can_ask<int> && can_ask<char> && can_ask<const char *> && can_ask<std::string_view> && !can_ask<wchar_t>);
static_assert(!can_ask<const wchar_t *> && !can_ask<int *> && !can_ask<double>);
#ifdef __cpp_char8_t
static_assert(!can_put<const char8_t *> && !can_put<char8_t> && !can_ask<const char8_t *> && !can_ask<char8_t>);
#endif
static_assert(!std::is_copy_constructible_v<crux::client> && !std::is_copy_constructible_v<crux::call>);
static_assert(std::is_nothrow_move_constructible_v<crux::client> && std::is_nothrow_move_constructible_v<crux::call>);
static_assert(std::is_same_v<decltype(std::declval<crux::call &>().query("a", 1)), crux::call &>);
static_assert(std::is_same_v<decltype(std::declval<crux::call>().query("a", 1)), crux::call>);

static void each_value_is_sent_as_what_it_is()
{
    crux::client me = echo();
    auto put = [&](auto value) { return me.call("POST", "x").put("/a", value).send().json("/body").as_text(); };
    EXPECT(put(1) == R"({"a":1})" && put(-1ll) == R"({"a":-1})" && put(std::int8_t(-3)) == R"({"a":-3})");
    EXPECT(put(UINT64_MAX) == R"({"a":18446744073709551615})" && put(INT64_MIN) == R"({"a":-9223372036854775808})");
    EXPECT(put(std::uint8_t(65)) == R"({"a":65})" && put(1.5) == R"({"a":1.5})" && put(0.25f) == R"({"a":0.25})");
    EXPECT(put(true) == R"({"a":true})" && put(false) == R"({"a":false})" && put('x') == R"({"a":"x"})");
    EXPECT(put("text") == R"({"a":"text"})" && put(std::string("text")) == R"({"a":"text"})");
    EXPECT(put(static_cast<const char *>(nullptr)) == R"({"a":null})" && put(nullptr) == R"({"a":null})");
    EXPECT(put("") == R"({"a":""})" && put(std::string_view()) == R"({"a":""})");
    auto ask = [&](auto value) { return me.call("GET", "x").query("a", value).send().json("/query").as_text(); };
    EXPECT(ask(0) == "a=0" && ask('x') == "a=x" && ask("x y") == "a=x%20y" && ask(UINT64_MAX) == "a=18446744073709551615");
    EXPECT(ask(static_cast<const char *>(nullptr)) == "a=" && ask(std::string("b")) == "a=b");
    EXPECT(me.call("GET", "{n}/x").fill("n", 0).send().json("/path").as_text() == "/echo/0/x");

    // A call with a name is changed; one without it is never referred to when it is gone.
    auto call = me.call("POST", "x");
    call.query("a", 1).query("b", 2);
    if (failures >= 0) call.put("/deep/list/-", "ü");
    auto &&kept = me.call("POST", "x").query("a", 1).put("/a", 1);
    EXPECT(kept.send().json("/query").as_text() == "a=1");
    crux::call moved = std::move(call).header("X-Kind", "moved");
    crux::response sent = moved.send();
    EXPECT(sent.json("/query").as_text() == "a=1&b=2" && sent.json("/headers/x-kind").as_text() == "moved");
    EXPECT(sent.json("/body").as_text() == R"({"deep":{"list":["ü"]}})");
    EXPECT(THROWN(crux::argument_error, call.send())); // moved from: an outcome, not a crash

    crux::response form = me.call("POST", "x").part("n", 5).part("f", "h ü.txt", "hello").send();
    std::string body = form.json("/body").as_text();
    EXPECT(body.find("\r\n\r\n5\r\n") != std::string::npos && body.find("\r\n\r\nhello\r\n") != std::string::npos);

    // And so it has arrived.
    crux::response recorded = crux::anonymous("custom", sandbox).get("/_sandbox/requests");
    EXPECT(recorded.text().find(R"(18446744073709551615)") != std::string::npos);
}

static void pages_come_as_they_are_reached()
{
    auto first = [](const crux::client &me) { return me.call("GET", "products/items/").query("limit", 150); };
    crux::client me = timp();
    int ticks = 0, at_first = 0, pages = 0;
    auto count = [&](crux::phase, std::int64_t, std::int64_t) { return ++ticks > 0; };
    for (const crux::response &page : first(me).on_progress(count).pages()) {
        if (++pages == 1) at_first = ticks;
        EXPECT(page.status() == 200);
    }
    EXPECT(pages > 1 && at_first > 0 && ticks > at_first);
    const int all = pages;
    pages = 0;
    for (auto &page : timp().call("GET", "products/items/").query("limit", 150).pages()) pages += page ? 1 : 0;
    EXPECT(pages == all);
    pages = 0;
    auto named = first(me);
    for (auto &page : named.pages()) pages += page ? 1 : 0;
    crux::page_range again = named.pages();
    EXPECT(pages == all && std::distance(again.begin(), again.end()) == all);
    // What the hook throws on a later page, too.
    pages = 0;
    auto live = std::make_shared<int>(0);
    auto hook = [&pages, live](crux::phase, std::int64_t, std::int64_t) -> bool { return pages < 1 ? true : throw stop{4}; };
    auto through = [&] { for (auto &page : first(me).on_progress(hook).pages()) pages += page ? 1 : 0; };
    EXPECT(stopped_by(through) == 4 && pages == 1);
    EXPECT(live.use_count() == 2);
    crux::response page = first(me).send();
    auto next = me.next(page);
    EXPECT(next && next->send());
}

static void a_client_lasts_as_long_as_what_it_made()
{
    std::optional<crux::client> me(timp());
    crux::call call = me->call("GET", "products/items/").query("limit", 150);
    crux::client moved = std::move(*me);
    me.reset();
    crux::response page = call.send();
    { crux::client ended = std::move(moved); }
    EXPECT(page.follow(page.url()).send() && call.send());
    crux::response taken = std::move(page);
    EXPECT(taken.status() == 200 && page.status() == 0 && page.code() == CRUX_ERR_ARGUMENT && !page.json("/a"));
    EXPECT(moved.status() == 0); // moved from
    THROWN(crux::argument_error, moved.get("x"));
    call = std::move(call).header("X-Probe", 1);
    EXPECT(call.send());
}

static void streams_and_started_requests()
{
    crux::client me = crunch();
    char buffer[1000];
    std::size_t size = 0, whole = me.get("datasets/all/").body().size();
    crux::response stream = me.call("GET", "datasets/all/").stream();
    while (auto piece = stream.read(buffer, sizeof buffer)) {
        if (*piece == 0) break;
        size += *piece;
    }
    EXPECT(size == whole);
    size = 0;
    crux::response started = me.call("GET", "datasets/all/").option("stream", 1).start();
    for (started.wait();;) {
        auto piece = started.read(buffer, sizeof buffer);
        if (!piece) started.wait();
        else if (*piece == 0) break;
        else size += *piece;
    }
    EXPECT(size == whole);

    crux::client many = crunch();
    std::vector<crux::response> all;
    for (int i = 0; i < 10; i++) all.push_back(many.call("GET", "datasets/").start());
    int finished = 0;
    while (crux_response *next = many.next_finished(20s))
        for (const crux::response &one : all)
            if (one.get() == next) finished += one.check().status() == 200;
    EXPECT(finished == 10 && comes_to_rest(many));

    answer(R"({"path": "/api/slow/", "status": 200, "delay_ms": 5000})");
    EXPECT(THROWN(crux::timeout_error, me.call("GET", "slow/").timeout(100ms).send()));
    auto slow = me.call("GET", "slow/").start();
    EXPECT(!slow.wait(10ms));
    slow.cancel();
    slow.wait();
    EXPECT(THROWN(crux::cancelled_error, slow.check()));
}

static void a_job_is_awaited()
{
    answer(R"({"method": "POST", "path": "/jobs", "status": 202, "body": {"value": "/jobs/1/progress"},
               "headers": {"location": "/jobs/1/result"}})");
    answer(R"({"path": "/jobs/1/result", "status": 200, "body": {}})");
    answer(R"({"method": "GET", "path": "/jobs/1/progress", "status": 200, "body": {"value": {"progress": 50}}, "times": 1})");
    answer(R"({"method": "GET", "path": "/jobs/1/progress", "status": 200, "body": {"value": {"progress": 100}}})");
    crux::client me = crux::anonymous("custom", sandbox);
    crux::response accepted = me.post("/jobs", "{}");
    EXPECT(accepted.status() == 202);
    EXPECT(THROWN(crux::timeout_error, me.await(accepted, 0ms)));
    EXPECT(me.await(accepted, 30s).json("/value/progress").as_int() == 100);
    EXPECT(me.call("POST", "/jobs").put_json("", "{}").wait().send().json("/value/progress").as_int() == 100);
}

static void a_token_comes_from_the_program()
{
    answer(R"({"path": "/vault/first", "status": 401, "body": {"detail": "expired"}, "times": 1})");
    answer(R"({"path": "/vault/*", "status": 200, "body": {}})");
    std::vector<std::string> refused;
    auto live = std::make_shared<int>(0);
    {
        auto vault = crux::options().on_token([&refused, live](std::string_view was) {
            refused.emplace_back(was);
            return "token-" + std::to_string(refused.size());
        });
        crux::client me = crux::anonymous("custom", sandbox + "/vault/", std::move(vault));
        EXPECT(me.get("first") && me.get("second"));
        EXPECT((refused == std::vector<std::string>{"", "token-1"}) && live.use_count() == 2);
    }
    EXPECT(live.use_count() == 1);
    crux::options throws, long_one;
    throws.on_token([](std::string_view) -> std::string { throw stop{5}; });
    EXPECT(stopped_by([&] { crux::anonymous("custom", sandbox + "/vault/", std::move(throws)).get("x"); }) == 5);
    long_one.on_token([](std::string_view) { return std::string(std::size_t(1) << 24, 'x'); });
    EXPECT(THROWN(crux::argument_error, crux::anonymous("custom", sandbox + "/vault/", std::move(long_one)).get("x")));
}

int main(int count, char **arguments)
{
    if (count != 3) return 2;
    sandbox = arguments[1];
    broken = arguments[2];
    try {
        the_main_job();
        json_is_walked();
        errors_carry_the_facts();
        what_hooks_throw_ends_what_they_hold();
        hooks_throw_on_many_threads();
        a_call_and_its_client_both_have_hooks();
        each_value_is_sent_as_what_it_is();
        pages_come_as_they_are_reached();
        a_client_lasts_as_long_as_what_it_made();
        streams_and_started_requests();
        a_job_is_awaited();
        a_token_comes_from_the_program();
    } catch (const std::exception &error) {
        std::fprintf(stderr, "not expected: %s\n", error.what());
        return 1;
    } catch (const stop &what) {
        std::fprintf(stderr, "not expected: the hook's %d\n", what.number);
        return 1;
    }
    return failures == 0 ? 0 : 1;
}
