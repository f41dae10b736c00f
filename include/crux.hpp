/*
 * libcrux for C++17 and later: header only, exceptions by default, nothing but the standard library.
 *
 *     #include <crux.hpp>
 *     #include <iostream>
 *
 *     int main()
 *     {
 *         crux::client me = crux::login("crunch", "", "ada@example.com", "password");
 *         std::cout << me.get("datasets/").text() << '\n';
 *     }
 *
 * Each object owns its handle, moves, and ends it once. What fails throws a crux::error of its kind, which keeps
 * the response; send_result() and its kin return a crux::result instead and throw nothing of their own.
 * A std::string_view that an object returns is good until that object ends.
 *
 * Threads: a client may be used by many at once, anything else by one at a time; cancel() by any, always.
 */
#ifndef CRUX_HPP
#define CRUX_HPP

#include <crux.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace crux {

class response;
class call;
class client;

/* What a call does while it waits; see CRUX_PHASE_... */
enum class phase : std::int32_t {
    login = CRUX_PHASE_LOGIN,
    connect = CRUX_PHASE_CONNECT,
    send = CRUX_PHASE_SEND,
    wait = CRUX_PHASE_WAIT,
    receive = CRUX_PHASE_RECEIVE,
    pause = CRUX_PHASE_PAUSE,
    job = CRUX_PHASE_JOB
};

/* Called while something waits: phase, how much of how much (-1 = unknown); false ends the request. */
using tick = std::function<bool(phase, std::int64_t done, std::int64_t total)>;
/* Takes the log: one of CRUX_LOG_..., and a line. */
using log = std::function<void(std::int32_t level, std::string_view line)>;

namespace detail {

/* Text for C: without a NUL inside, which C would take for the end. */
inline std::string text(std::string_view given)
{
    if (given.find('\0') != std::string_view::npos) throw std::invalid_argument("a text for libcrux holds a NUL");
    return std::string(given);
}

struct end {
    void operator()(void *object) const noexcept { crux_free(object); }
};

template <class Object> using handle = std::unique_ptr<Object, end>;

/* A hook, and what it threw: that must not cross C, so it is thrown again where C has returned. */
struct hook {
    tick on_tick;
    log on_log;
    std::exception_ptr thrown;

    static std::int32_t ticked(void *context, std::int32_t now, std::int64_t done, std::int64_t total)
    {
        auto &self = **static_cast<std::shared_ptr<hook> *>(context);
        try {
            return self.on_tick(static_cast<phase>(now), done, total) ? 0 : 1;
        } catch (...) {
            self.thrown = std::current_exception();
            return 1;
        }
    }

    static void logged(void *context, std::int32_t level, const char *line)
    {
        auto &self = **static_cast<std::shared_ptr<hook> *>(context);
        try {
            self.on_log(level, line);
        } catch (...) {
            self.thrown = std::current_exception();
        }
    }

    static void released(void *context) { delete static_cast<std::shared_ptr<hook> *>(context); }
};

inline void rethrow(const std::shared_ptr<hook> &hook)
{
    if (hook && hook->thrown) std::rethrow_exception(std::exchange(hook->thrown, nullptr));
}

} // namespace detail

/* What stands at an RFC 6901 pointer of a JSON body; good until the response ends. */
class json_value {
public:
    json_value(const crux_response *response, std::string pointer) : response_(response), pointer_(std::move(pointer)) {}

    /* One of CRUX_JSON_...; CRUX_JSON_NONE if nothing stands there. */
    std::int32_t type() const { return crux_json_type(response_, pointer_.c_str()); }
    explicit operator bool() const { return type() != CRUX_JSON_NONE; }
    /* The text of a string, else the JSON as it stands; empty if there is none. */
    std::string as_text() const
    {
        std::string what = "json:" + pointer_, text(crux_copy(response_, what.c_str(), nullptr, 0), '\0');
        if (!text.empty()) crux_copy(response_, what.c_str(), &text[0], text.size());
        return text;
    }
    std::int64_t as_int(std::int64_t fallback = 0) const { return crux_json_int(response_, pointer_.c_str(), fallback); }
    double as_double(double fallback = 0) const { return crux_json_double(response_, pointer_.c_str(), fallback); }
    bool as_bool() const { return type() == CRUX_JSON_BOOL && as_text() == "true"; }
    /* Members of an object, elements of an array. */
    std::size_t size() const { return crux_json_count(response_, pointer_.c_str()); }
    std::string key(std::size_t index) const
    {
        const char *key = crux_json_key(response_, pointer_.c_str(), index);
        return key ? key : "";
    }
    json_value operator[](std::size_t index) const { return {response_, pointer_ + "/" + std::to_string(index)}; }
    json_value operator[](std::string_view name) const
    {
        std::string longer = pointer_ + "/";
        for (char c : detail::text(name)) longer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        return {response_, std::move(longer)};
    }

private:
    const crux_response *response_;
    std::string pointer_;
};

/* What came of a call. */
class response {
public:
    explicit response(crux_response *handle, std::shared_ptr<detail::hook> hook = nullptr,
                      const crux_client *client = nullptr)
        : handle_(handle), hook_(std::move(hook)), client_(client)
    {
    }

    /* One of CRUX_OK, CRUX_PENDING, CRUX_ERR_... */
    std::int32_t code() const { return crux_code(handle_.get()); }
    explicit operator bool() const { return code() == CRUX_OK; }
    std::string message() const { return crux_message(handle_.get()); }
    int status() const { return crux_status(handle_.get()); }
    std::string_view body() const
    {
        std::size_t size = 0;
        const char *bytes = crux_body(handle_.get(), &size);
        return {bytes, size};
    }
    std::string text() const { return std::string(body()); }
    json_value json(std::string_view pointer = {}) const { return {handle_.get(), detail::text(pointer)}; }
    std::optional<std::string> header(std::string_view name, std::size_t nth = 0) const
    {
        return or_none(crux_header(handle_.get(), detail::text(name).c_str(), nth));
    }
    std::vector<std::pair<std::string, std::string>> headers() const
    {
        std::vector<std::pair<std::string, std::string>> all;
        const char *name, *value;
        while (crux_header_at(handle_.get(), all.size(), &name, &value)) all.emplace_back(name, value);
        return all;
    }
    /* Facts; docs/binding.md and crux_fact_at list them. */
    std::optional<std::string> info(std::string_view name) const
    {
        return or_none(crux_info(handle_.get(), detail::text(name).c_str()));
    }
    std::int64_t number(std::string_view name) const { return crux_number(handle_.get(), detail::text(name).c_str()); }
    std::string url() const { return info("url").value_or(""); }
    std::string location() const { return info("location").value_or(""); }
    std::string result() const { return info("result").value_or(""); }
    std::string warning() const { return info("warning").value_or(""); }
    std::string server_message() const { return info("server_message").value_or(""); }
    std::int64_t attempts() const { return number("attempts"); }

    /* A call to a link as it stands in this response. */
    call follow(std::string_view link, std::string_view method = "GET") const;

    /* Waits for a started request, or for more of a started stream; true if so. A negative time has no end. */
    bool wait(std::chrono::milliseconds limit = std::chrono::milliseconds(-1)) const
    {
        bool done = crux_wait(handle_.get(), to_ms(limit)) != 0;
        detail::rethrow(hook_);
        return done;
    }
    /* Reads a piece of a stream: the bytes, 0 at the end; std::nullopt if a started stream has nothing yet. */
    std::optional<std::size_t> read(void *buffer, std::size_t capacity);
    /* Something to wait for in an event loop. */
    std::ptrdiff_t event() const { return crux_event(handle_.get()); }
    void cancel() const { crux_cancel(handle_.get()); }
    /* Throws if it has failed. */
    const response &check() const &;
    response check() &&;

    crux_response *get() const { return handle_.get(); }

    static std::int32_t to_ms(std::chrono::milliseconds limit)
    {
        return limit.count() < 0 ? -1 : limit.count() > INT32_MAX ? INT32_MAX : static_cast<std::int32_t>(limit.count());
    }

private:
    static std::optional<std::string> or_none(const char *text)
    {
        return text ? std::optional<std::string>(text) : std::nullopt;
    }

    detail::handle<crux_response> handle_;
    std::shared_ptr<detail::hook> hook_;
    /* Refused, not undefined, if the client has ended meanwhile. */
    const crux_client *client_;
};

/* What failed. Its kind is its class, its words are what(); the response is kept. */
class error : public std::runtime_error {
public:
    error(std::int32_t code, const std::string &message, std::shared_ptr<const response> from = nullptr, int status = 0)
        : std::runtime_error(message), code_(code), status_(status), response_(std::move(from))
    {
        if (response_) status_ = response_->status();
    }

    std::int32_t code() const { return code_; }
    int status() const { return status_; }
    std::string server_message() const { return response_ ? response_->server_message() : ""; }
    bool retryable() const { return response_ && response_->number("retryable") == 1; }
    bool maybe_sent() const { return response_ && response_->number("maybe_sent") == 1; }
    std::optional<std::chrono::milliseconds> retry_after() const
    {
        std::int64_t ms = response_ ? response_->number("retry_after_ms") : -1;
        return ms < 0 ? std::nullopt : std::optional<std::chrono::milliseconds>(ms);
    }
    /* Absent if there never was one, as for a login. */
    const std::shared_ptr<const crux::response> &response() const { return response_; }

private:
    std::int32_t code_;
    int status_;
    std::shared_ptr<const crux::response> response_;
};

#define CRUX_ERROR_CLASS(name)                                                                                       \
    class name : public error {                                                                                      \
        using error::error;                                                                                          \
    }
CRUX_ERROR_CLASS(argument_error);
CRUX_ERROR_CLASS(resolve_error);
CRUX_ERROR_CLASS(connect_error);
CRUX_ERROR_CLASS(tls_error);
CRUX_ERROR_CLASS(io_error);
CRUX_ERROR_CLASS(protocol_error);
CRUX_ERROR_CLASS(timeout_error);
CRUX_ERROR_CLASS(cancelled_error);
CRUX_ERROR_CLASS(auth_error);
CRUX_ERROR_CLASS(http_error);
CRUX_ERROR_CLASS(too_large_error);
CRUX_ERROR_CLASS(job_error);
CRUX_ERROR_CLASS(file_error);
CRUX_ERROR_CLASS(internal_error);
#undef CRUX_ERROR_CLASS

namespace detail {

[[noreturn]] inline void fail(std::int32_t code, const std::string &message, std::shared_ptr<const response> from = nullptr,
                              int status = 0)
{
    switch (code) {
    case CRUX_ERR_ARGUMENT: throw argument_error(code, message, std::move(from), status);
    case CRUX_ERR_RESOLVE: throw resolve_error(code, message, std::move(from), status);
    case CRUX_ERR_CONNECT: throw connect_error(code, message, std::move(from), status);
    case CRUX_ERR_TLS: throw tls_error(code, message, std::move(from), status);
    case CRUX_ERR_IO: throw io_error(code, message, std::move(from), status);
    case CRUX_ERR_PROTOCOL: throw protocol_error(code, message, std::move(from), status);
    case CRUX_ERR_TIMEOUT: throw timeout_error(code, message, std::move(from), status);
    case CRUX_ERR_CANCELLED: throw cancelled_error(code, message, std::move(from), status);
    case CRUX_ERR_AUTH: throw auth_error(code, message, std::move(from), status);
    case CRUX_ERR_HTTP: throw http_error(code, message, std::move(from), status);
    case CRUX_ERR_TOO_LARGE: throw too_large_error(code, message, std::move(from), status);
    case CRUX_ERR_JOB: throw job_error(code, message, std::move(from), status);
    case CRUX_ERR_FILE: throw file_error(code, message, std::move(from), status);
    case CRUX_ERR_INTERNAL: throw internal_error(code, message, std::move(from), status);
    default: throw error(code, message, std::move(from), status);
    }
}

inline void check(const void *object)
{
    if (std::int32_t code = crux_code(object); code != CRUX_OK) fail(code, crux_message(object), nullptr);
}

} // namespace detail

inline const response &response::check() const &
{
    detail::rethrow(hook_);
    if (std::int32_t now = code(); now != CRUX_OK && now != CRUX_PENDING)
        detail::fail(now, message(), nullptr, status());
    return *this;
}

inline response response::check() &&
{
    detail::rethrow(hook_);
    std::int32_t now = code();
    if (now == CRUX_OK || now == CRUX_PENDING) return std::move(*this);
    std::string words = message();
    detail::fail(now, words, std::make_shared<const response>(std::move(*this)));
}

inline std::optional<std::size_t> response::read(void *buffer, std::size_t capacity)
{
    std::ptrdiff_t amount = crux_read(handle_.get(), buffer, capacity);
    detail::rethrow(hook_);
    if (amount == -2) return std::nullopt;
    if (amount < 0) detail::fail(code(), message(), nullptr, status());
    return static_cast<std::size_t>(amount);
}

/* A response, or what went wrong, by value: for code without exceptions. */
class result {
public:
    explicit result(response made) : response_(std::move(made)) {}
    explicit operator bool() const { return static_cast<bool>(response_); }
    std::int32_t code() const { return response_.code(); }
    std::string message() const { return response_.message(); }
    /* What came, whatever it is. */
    response &operator*() { return response_; }
    response *operator->() { return &response_; }
    /* What came, if it is well; throws otherwise. */
    response value() && { return std::move(response_).check(); }

private:
    response response_;
};

class page_range;

/* A request in the making; each setter returns the call. */
class call {
public:
    explicit call(crux_call *handle, std::shared_ptr<detail::hook> of_client = nullptr,
                  const crux_client *client = nullptr)
        : handle_(handle), hook_(std::move(of_client)), client_(client)
    {
        if (!handle) throw std::bad_alloc();
    }

    call &&query(std::string_view name, std::string_view value) &&
    {
        return set(crux_call_query(get(), detail::text(name).c_str(), detail::text(value).c_str()));
    }
    template <class Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
    call &&query(std::string_view name, Number value) &&
    {
        return std::move(*this).query(name, std::to_string(value));
    }
    call &&header(std::string_view name, std::string_view value) &&
    {
        return set(crux_call_header(get(), detail::text(name).c_str(), detail::text(value).c_str()));
    }
    /* A {name} of the path, percent-encoded. */
    call &&fill(std::string_view name, std::string_view value) &&
    {
        return set(crux_call_fill(get(), detail::text(name).c_str(), detail::text(value).c_str()));
    }
    call &&body(std::string_view bytes, const char *type = nullptr) &&
    {
        return set(crux_call_body(get(), bytes.data(), static_cast<std::ptrdiff_t>(bytes.size()), type));
    }
    call &&body_file(std::string_view file, const char *type = nullptr) &&
    {
        return set(crux_call_file(get(), detail::text(file).c_str(), type));
    }
    /* A member of the JSON body, by RFC 6901 pointer. */
    call &&put(std::string_view pointer, std::string_view value) &&
    {
        return set(crux_call_put_text(get(), detail::text(pointer).c_str(), detail::text(value).c_str()));
    }
    call &&put(std::string_view pointer, const char *value) && { return std::move(*this).put(pointer, std::string_view(value)); }
    call &&put(std::string_view pointer, bool value) && { return std::move(*this).put_json(pointer, value ? "true" : "false"); }
    call &&put(std::string_view pointer, double value) && { return set(crux_call_put_double(get(), detail::text(pointer).c_str(), value)); }
    template <class Number, std::enable_if_t<std::is_integral_v<Number> && !std::is_same_v<Number, bool>, int> = 0>
    call &&put(std::string_view pointer, Number value) &&
    {
        return set(crux_call_put_int(get(), detail::text(pointer).c_str(), static_cast<std::int64_t>(value)));
    }
    call &&put_json(std::string_view pointer, std::string_view json) &&
    {
        return set(crux_call_put_json(get(), detail::text(pointer).c_str(), detail::text(json).c_str()));
    }
    /* A text part of a form. */
    call &&part(std::string_view field, std::string_view value) &&
    {
        return set(crux_call_part(get(), detail::text(field).c_str(), detail::text(value).c_str(), nullptr, nullptr));
    }
    /* A part from memory that the server sees as a file of that name. */
    call &&part(std::string_view field, std::string_view filename, std::string_view bytes, const char *type = nullptr) &&
    {
        return set(crux_call_part_data(get(), detail::text(field).c_str(), detail::text(filename).c_str(), bytes.data(),
                                       static_cast<std::ptrdiff_t>(bytes.size()), type));
    }
    call &&part_file(std::string_view field, std::string_view file, const char *type = nullptr) &&
    {
        return set(crux_call_part(get(), detail::text(field).c_str(), nullptr, detail::text(file).c_str(), type));
    }
    /* The body, piece by piece: fills the buffer and returns how much, 0 at the end. Length -1 = unknown. */
    call &&source(std::function<std::size_t(char *buffer, std::size_t capacity)> read, std::int64_t length = -1,
                  const char *type = nullptr) &&;
    call &&option(std::string_view key, std::string_view value) &&
    {
        return set(crux_call_set(get(), detail::text(key).c_str(), detail::text(value).c_str()));
    }
    call &&timeout(std::chrono::milliseconds limit) && { return std::move(*this).option("timeout.total_ms", std::to_string(limit.count())); }
    call &&save(std::string_view file) && { return std::move(*this).option("save", file); }
    /* Goes on until the job that the request starts has ended. */
    call &&wait() && { return std::move(*this).option("await", "1"); }
    call &&on_progress(tick hook) &&;

    /* Sends and waits for the whole response; throws if it fails. */
    response send() const { return made(crux_call_send(get())).check(); }
    result send_result() const { return result(made(crux_call_send(get()))); }
    /* Waits for the head; the body is read with response::read. */
    response stream() const { return made(crux_call_stream(get())).check(); }
    result stream_result() const { return result(made(crux_call_stream(get()))); }
    /* Does not wait: see response::wait and client::next_finished. */
    response start() const { return made(crux_call_start(get())); }
    /* This page and all that follow, for a range-based for; each is fetched when it is reached. */
    page_range pages() &&;
    void cancel() const { crux_cancel(get()); }

    crux_call *get() const { return handle_.get(); }

private:
    call &&set(std::int32_t code)
    {
        if (code != CRUX_OK) detail::fail(code, crux_message(get()));
        return std::move(*this);
    }
    response made(crux_response *handle) const
    {
        detail::rethrow(hook_);
        return response(handle, hook_, client_);
    }

    friend class page_range;
    detail::handle<crux_call> handle_;
    std::shared_ptr<detail::hook> hook_;
    const crux_client *client_;
};

inline call &&call::on_progress(tick hook) &&
{
    auto own = std::make_shared<detail::hook>();
    own->on_tick = std::move(hook);
    auto context = std::make_unique<std::shared_ptr<detail::hook>>(own);
    std::int32_t code = crux_call_tick(get(), detail::hook::ticked, context.release(), detail::hook::released);
    hook_ = std::move(own);
    return set(code);
}

inline call &&call::source(std::function<std::size_t(char *, std::size_t)> read, std::int64_t length, const char *type) &&
{
    struct context {
        std::function<std::size_t(char *, std::size_t)> read;
        std::shared_ptr<detail::hook> hook;

        static std::ptrdiff_t fill(void *self, void *buffer, std::size_t capacity)
        {
            auto &own = *static_cast<context *>(self);
            try {
                return static_cast<std::ptrdiff_t>(own.read(static_cast<char *>(buffer), capacity));
            } catch (...) {
                own.hook->thrown = std::current_exception();
                return -1;
            }
        }
        static void released(void *self) { delete static_cast<context *>(self); }
    };
    if (!hook_) hook_ = std::make_shared<detail::hook>();
    auto own = std::make_unique<context>(context{std::move(read), hook_});
    return set(crux_call_source(get(), context::fill, own.release(), context::released, length, type));
}

/* How a client is made, beyond what login says. */
class options {
public:
    options() : handle_(crux_options_new()) {}
    options &set(std::string_view key, std::string_view value)
    {
        std::int32_t code = crux_options_set(handle_.get(), detail::text(key).c_str(), detail::text(value).c_str());
        if (code != CRUX_OK) detail::fail(code, crux_message(handle_.get()));
        return *this;
    }
    /* Takes what the environment says of an account. */
    options &env(std::string_view account = {})
    {
        std::int32_t code = crux_options_env(handle_.get(), account.empty() ? nullptr : detail::text(account).c_str());
        if (code != CRUX_OK) detail::fail(code, crux_message(handle_.get()));
        return *this;
    }
    options &on_log(std::int32_t level, crux::log hook)
    {
        hook_ = hook_ ? hook_ : std::make_shared<detail::hook>();
        hook_->on_log = std::move(hook);
        auto context = new std::shared_ptr<detail::hook>(hook_);
        std::int32_t code = crux_options_log(handle_.get(), level, detail::hook::logged, context, detail::hook::released);
        if (code != CRUX_OK) detail::fail(code, crux_message(handle_.get()));
        return *this;
    }
    options &on_tick(tick hook)
    {
        hook_ = hook_ ? hook_ : std::make_shared<detail::hook>();
        hook_->on_tick = std::move(hook);
        auto context = new std::shared_ptr<detail::hook>(hook_);
        std::int32_t code = crux_options_tick(handle_.get(), detail::hook::ticked, context, detail::hook::released);
        if (code != CRUX_OK) detail::fail(code, crux_message(handle_.get()));
        return *this;
    }
    const crux_options *get() const { return handle_.get(); }
    const std::shared_ptr<detail::hook> &hook() const { return hook_; }

private:
    detail::handle<crux_options> handle_;
    std::shared_ptr<detail::hook> hook_;
};

/* An account at a service; usable by many threads at once. */
class client {
public:
    /* Throws if the options are not usable or the login fails. */
    explicit client(const options &chosen) : handle_(crux_login_with(chosen.get())), hook_(chosen.hook())
    {
        detail::rethrow(hook_);
        if (std::int32_t code = crux_code(handle_.get()); code != CRUX_OK)
            detail::fail(code, crux_message(handle_.get()), nullptr, crux_status(handle_.get()));
    }

    crux::call call(std::string_view method, std::string_view path) const
    {
        return make(crux_call_new(get(), detail::text(method).c_str(), detail::text(path).c_str()));
    }
    response get(std::string_view path) const { return call("GET", path).send(); }
    response remove(std::string_view path) const { return call("DELETE", path).send(); }
    response post(std::string_view path, std::string_view json) const { return call("POST", path).body(json).send(); }
    response put(std::string_view path, std::string_view json) const { return call("PUT", path).body(json).send(); }
    response patch(std::string_view path, std::string_view json) const { return call("PATCH", path).body(json).send(); }
    crux::call login() const { return make(crux_call_login(get())); }
    crux::call logout() const { return make(crux_call_logout(get())); }
    crux::call reset_password(std::string_view email) const
    {
        return make(crux_call_reset_password(get(), detail::text(email).c_str()));
    }
    crux::call upload(std::string_view file, const char *path = nullptr, const char *field = nullptr, const char *type = nullptr) const
    {
        return make(crux_call_upload(get(), path, field, detail::text(file).c_str(), type));
    }
    /* The page after a page; std::nullopt after the last one. */
    std::optional<crux::call> next(const response &page) const
    {
        crux_call *next = crux_call_next(get(), page.get());
        return next ? std::optional<crux::call>(make(next)) : std::nullopt;
    }
    void set_token(std::string_view token) const
    {
        std::int32_t code = crux_set_token(get(), detail::text(token).c_str());
        if (code != CRUX_OK) detail::fail(code, "The token is not usable.");
    }
    /* The handle of a started request that has finished; nullptr if none has in time. */
    crux_response *next_finished(std::chrono::milliseconds limit = std::chrono::milliseconds(-1)) const
    {
        crux_response *next = crux_next_finished(get(), response::to_ms(limit));
        detail::rethrow(hook_);
        return next;
    }
    std::ptrdiff_t event() const { return crux_event(get()); }
    std::int64_t number(std::string_view name) const { return crux_number(get(), detail::text(name).c_str()); }
    /* Ends all that is under way; the client stays usable. */
    void cancel() const { crux_cancel(get()); }
    crux_client *get() const { return handle_.get(); }

private:
    crux::call make(crux_call *handle) const
    {
        crux::call made(handle, hook_, get());
        detail::check(handle);
        return made;
    }

    detail::handle<crux_client> handle_;
    std::shared_ptr<detail::hook> hook_;
};

/* Logs in with a password. An empty base is the service's own. */
inline client login(std::string_view service, std::string_view base, std::string_view user, std::string_view secret,
                    options more = {})
{
    more.set("service", service);
    if (!base.empty()) more.set("base_url", base);
    return client(more.set("user", user).set("secret", secret));
}

/* Takes a ready token or API key; nothing is sent yet. */
inline client token(std::string_view service, std::string_view token, std::string_view base = {}, options more = {})
{
    more.set("service", service).set("token", token);
    if (!base.empty()) more.set("base_url", base);
    return client(more);
}

/* For public endpoints. */
inline client anonymous(std::string_view service, std::string_view base = {}, options more = {})
{
    more.set("service", service);
    if (!base.empty()) more.set("base_url", base);
    return client(more);
}

/* As the environment says; crux_options_env names the variables. */
inline client from_env(std::string_view account = {}, options more = {}) { return client(more.env(account)); }

inline call response::follow(std::string_view link, std::string_view method) const
{
    crux_call *made = crux_call_follow(get(), detail::text(method).c_str(), detail::text(link).c_str());
    call next(made, hook_, client_);
    detail::check(made);
    return next;
}

/* Pages, fetched as they are reached. */
class page_range {
public:
    explicit page_range(call first) : first_(std::move(first)) {}

    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = response;
        using difference_type = std::ptrdiff_t;
        using pointer = const response *;
        using reference = const response &;

        iterator() = default;
        explicit iterator(page_range *range) : range_(range) {}
        reference operator*() const { return *range_->page_; }
        pointer operator->() const { return &*range_->page_; }
        iterator &operator++()
        {
            if (!range_->advance()) range_ = nullptr;
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(const iterator &other) const { return range_ == other.range_; }
        bool operator!=(const iterator &other) const { return range_ != other.range_; }

    private:
        page_range *range_ = nullptr;
    };

    iterator begin()
    {
        page_.emplace(first_.send());
        return iterator(this);
    }
    iterator end() { return {}; }

private:
    bool advance()
    {
        crux_call *next = crux_call_next(first_.client_, page_->get());
        if (!next) return false;
        call made(next, first_.hook_, first_.client_);
        detail::check(next);
        page_.emplace(made.send());
        return true;
    }

    call first_;
    std::optional<response> page_;
};

inline page_range call::pages() && { return page_range(std::move(*this)); }

} // namespace crux

#endif /* CRUX_HPP */
