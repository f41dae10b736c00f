/*
 * libcrux for C++17 and later: header only, exceptions by default, nothing but the standard library.
 *
 *     #include <crux.hpp>
 *     #include <iostream>
 *
 *     int main()
 *     {
 *         crux::client me = crux::login("crunch", "", "ada@example.com", "password");
 *         std::cout << me.get("datasets/all/").text() << '\n';
 *     }
 *
 * Objects move and are not copied. Each ends its handle once; that of a client lasts as long as any call or response
 * made from it. What fails throws a crux::error of its kind, which carries the facts of what failed; send_result()
 * and its kin return a crux::result instead. What a hook throws is thrown again where C has returned: by the function
 * in which the hook ran, or by a later one of the same call, response or client.
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
#include <cstring>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
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
class page_range;

/* What a call does while it waits; see CRUX_PHASE_... */
enum class phase : std::int32_t {
    login = CRUX_PHASE_LOGIN, connect = CRUX_PHASE_CONNECT, send = CRUX_PHASE_SEND, wait = CRUX_PHASE_WAIT,
    receive = CRUX_PHASE_RECEIVE, pause = CRUX_PHASE_PAUSE, job = CRUX_PHASE_JOB
};

/* Called while something waits: phase, how much of how much (-1 = unknown); false ends the request. */
using tick = std::function<bool(phase, std::int64_t done, std::int64_t total)>;
/* Takes the log: one of CRUX_LOG_..., and a line. Several threads may call it at once. */
using log = std::function<void(std::int32_t level, std::string_view line)>;
/* Fills the buffer with the next bytes of a body and returns how many; 0 at the end. */
using reader = std::function<std::size_t(char *buffer, std::size_t capacity)>;
/* Returns a token, "" if there is none. It gets the token that the server refused, "" if none was. */
using token_source = std::function<std::string(std::string_view refused)>;

/* One node of a walk through JSON, good during the visit: how far below the start; one of CRUX_JSON_...; the name of a
 * member of an object; of a string its characters, of a number, true, false or null the JSON as it stands. */
struct json_node {
    std::int32_t depth, type;
    std::optional<std::string_view> key, text;
};
/* Visits a node; false ends the walk. */
using json_visitor = std::function<bool(const json_node &)>;

/* The version of the library that is loaded. */
inline std::string_view version() { return crux_version(); }

namespace detail {

[[noreturn]] inline void fail(std::int32_t code, const std::string &message, const void *object = nullptr,
                              std::shared_ptr<const response> from = nullptr);

inline void check(const void *object)
{
    if (std::int32_t code = crux_code(object); code != CRUX_OK) fail(code, crux_message(object), object);
}

/* Without a NUL inside, which C would take for the end. */
inline std::string text(std::string_view given)
{
    if (given.find('\0') != std::string_view::npos) fail(CRUX_ERR_ARGUMENT, "A text for libcrux holds a NUL.");
    return std::string(given);
}

inline std::string copied(const void *object, const std::string &what)
{
    std::string all;
    std::size_t size;
    while ((size = crux_copy(object, what.c_str(), all.data(), all.size())) > all.size()) all.resize(size);
    all.resize(size);
    return all;
}

inline constexpr std::chrono::milliseconds no_end{-1};
inline std::int32_t to_ms(std::chrono::milliseconds limit)
{
    return limit.count() < 0 ? -1 : limit.count() > INT32_MAX ? INT32_MAX : static_cast<std::int32_t>(limit.count());
}

/* A text that is passed to C; nullptr as NULL, "not given". */
class words {
public:
    template <class Text, std::enable_if_t<std::is_convertible_v<const Text &, std::string_view> ||
                                               std::is_same_v<Text, std::nullptr_t>, int> = 0>
    words(const Text &given)
    {
        if constexpr (std::is_pointer_v<Text>) text_ = given ? std::optional(text(given)) : std::nullopt;
        else if constexpr (!std::is_same_v<Text, std::nullptr_t>) text_ = text(given);
    }
    const char *get() const { return text_ ? text_->c_str() : nullptr; }

private:
    std::optional<std::string> text_;
};

template <class Value, class... Others> inline constexpr bool is_any = (std::is_same_v<Value, Others> || ...);
/* A whole number, a bool, or a char; no other kind of character. */
template <class Value>
inline constexpr bool is_whole = is_any<Value, char> || (std::is_integral_v<Value> && sizeof(Value) <= sizeof(std::int64_t) &&
                                                         !is_any<Value, wchar_t, char16_t, char32_t, decltype(u8'8')>);

/* A value that is passed to C as text: a text, a whole number, one character; a bool as 1 or 0. */
class scalar : public words {
public:
    using words::words;
    template <class Value, std::enable_if_t<is_whole<Value>, int> = 0> scalar(Value given) : words(std::string_view(made(given))) {}

private:
    static std::string made(char one) { return text(std::string_view(&one, 1)); }
    template <class Value> static std::string made(Value number) { return std::to_string(number); }
};

struct end {
    void operator()(void *object) const noexcept { crux_free(object); }
};
template <class Object> using handle = std::unique_ptr<Object, end>;

/* The first exception of hooks, which must not cross C; hooks run on several threads at once. */
class caught {
public:
    void keep(std::exception_ptr what)
    {
        std::lock_guard<std::mutex> lock(guard_);
        if (!first_) first_ = std::move(what);
    }
    void rethrow()
    {
        std::unique_lock<std::mutex> lock(guard_);
        std::exception_ptr what = std::exchange(first_, nullptr);
        lock.unlock();
        if (what) std::rethrow_exception(what);
    }

private:
    std::mutex guard_;
    std::exception_ptr first_;
};

/* A hook as C holds it: the function, and where that goes which it throws. */
template <class Function> struct hook {
    std::shared_ptr<Function> function;
    std::shared_ptr<caught> thrown;

    template <class Result, class Run> static Result run(void *context, Result otherwise, Run body)
    {
        auto &self = *static_cast<hook *>(context);
        try {
            return body(*self.function);
        } catch (...) {
            self.thrown->keep(std::current_exception());
            return otherwise;
        }
    }
    static void released(void *context) { delete static_cast<hook *>(context); }
};

inline std::int32_t ticked(void *context, std::int32_t now, std::int64_t done, std::int64_t total)
{
    return hook<tick>::run(context, 1, [&](tick &on) { return on(static_cast<phase>(now), done, total) ? 0 : 1; });
}
inline void logged(void *context, std::int32_t level, const char *line)
{
    hook<log>::run(context, 0, [&](log &on) { return on(level, line), 0; });
}
inline std::ptrdiff_t filled(void *context, void *buffer, std::size_t capacity)
{
    return hook<reader>::run(context, std::ptrdiff_t(-1), [&](reader &on) {
        return static_cast<std::ptrdiff_t>(on(static_cast<char *>(buffer), capacity));
    });
}
inline std::ptrdiff_t fetched(void *context, const char *refused, void *buffer, std::size_t capacity)
{
    return hook<token_source>::run(context, std::ptrdiff_t(-1), [&](token_source &on) {
        std::string token = on(refused ? refused : "");
        if (token.size() > capacity) fail(CRUX_ERR_ARGUMENT, "The token is too long.");
        std::memcpy(buffer, token.data(), token.size());
        return static_cast<std::ptrdiff_t>(token.size());
    });
}
inline std::int32_t visited(void *context, std::int32_t depth, std::int32_t type, const char *key, std::size_t key_length,
                            const char *text, std::size_t length)
{
    return hook<json_visitor>::run(context, 1, [&](json_visitor &on) {
        json_node node{depth, type, {}, {}};
        if (key) node.key.emplace(key, key_length);
        if (text) node.text.emplace(text, length);
        return on(node) ? 0 : 1;
    });
}

/* A client's handle, and what its hooks threw; shared by all that is made from it. */
struct session {
    handle<crux_client> client;
    std::shared_ptr<caught> thrown;
};

inline void rethrow(const std::shared_ptr<caught> &own, const std::shared_ptr<session> &of)
{
    if (own) own->rethrow();
    if (of && of->thrown) of->thrown->rethrow();
}

} // namespace detail

/* What stands at an RFC 6901 pointer of a JSON body; good until the response or client ends. */
class json_value {
public:
    json_value(const void *object, std::string pointer) : object_(object), pointer_(std::move(pointer)) {}

    /* One of CRUX_JSON_...; CRUX_JSON_NONE if nothing stands there. */
    std::int32_t type() const { return crux_json_type(object_, pointer_.c_str()); }
    explicit operator bool() const { return type() != CRUX_JSON_NONE; }
    /* The text of a string, else the JSON as it stands; empty if there is none. */
    std::string as_text() const { return detail::copied(object_, "json:" + pointer_); }
    std::int64_t as_int(std::int64_t fallback = 0) const { return crux_json_int(object_, pointer_.c_str(), fallback); }
    double as_double(double fallback = 0) const { return crux_json_double(object_, pointer_.c_str(), fallback); }
    bool as_bool() const { return type() == CRUX_JSON_BOOL && as_text() == "true"; }
    /* Members of an object, elements of an array. */
    std::size_t size() const { return crux_json_count(object_, pointer_.c_str()); }
    std::string key(std::size_t index) const
    {
        const char *key = crux_json_key(object_, pointer_.c_str(), index);
        return key ? key : "";
    }
    json_value operator[](std::size_t index) const { return {object_, pointer_ + "/" + std::to_string(index)}; }
    json_value operator[](std::string_view name) const
    {
        std::string longer = pointer_ + "/";
        for (char c : detail::text(name)) longer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        return {object_, std::move(longer)};
    }
    /* Visits this and all below it in the order of the document, until `visit` returns false. True if it came to the
     * end; false as well if nothing stands here. What `visit` throws is thrown on. */
    bool walk(json_visitor visit) const
    {
        auto thrown = std::make_shared<detail::caught>();
        detail::hook<json_visitor> hook{std::make_shared<json_visitor>(std::move(visit)), thrown};
        std::int32_t outcome = crux_json_walk(object_, pointer_.c_str(), detail::visited, &hook);
        thrown->rethrow();
        return outcome == 0;
    }

private:
    const void *object_;
    std::string pointer_;
};

namespace detail {

/* What a response is asked, and a client about the response of its last login. */
template <class Self> class asked {
public:
    /* One of CRUX_OK, CRUX_PENDING, CRUX_ERR_... */
    std::int32_t code() const { return crux_code(self()); }
    std::string message() const { return crux_message(self()); }
    int status() const { return crux_status(self()); }
    std::string_view body() const
    {
        std::size_t size = 0;
        const char *bytes = crux_body(self(), &size);
        return {bytes, size};
    }
    std::string text() const { return std::string(body()); }
    json_value json(std::string_view pointer = {}) const { return {self(), detail::text(pointer)}; }
    std::optional<std::string> header(const words &name, std::size_t nth = 0) const
    {
        return or_none(crux_header(self(), name.get(), nth));
    }
    std::vector<std::pair<std::string, std::string>> headers() const
    {
        std::vector<std::pair<std::string, std::string>> all;
        const char *name, *value;
        while (crux_header_at(self(), all.size(), &name, &value)) all.emplace_back(name, value);
        return all;
    }
    /* Facts; crux_fact_at lists them. */
    std::optional<std::string> info(const words &name) const { return or_none(crux_info(self(), name.get())); }
    /* -1 if it is not known. */
    std::int64_t number(const words &name) const { return crux_number(self(), name.get()); }
    /* All that are known, as one JSON object. */
    std::string facts() const { return copied(self(), "facts"); }
    std::string server_message() const { return info("server_message").value_or(""); }

private:
    const void *self() const { return static_cast<const Self *>(this)->get(); }
    static std::optional<std::string> or_none(const char *some) { return some ? std::optional<std::string>(some) : std::nullopt; }
};

} // namespace detail

/* What came of a call. */
class response : public detail::asked<response> {
public:
    explicit response(crux_response *handle, std::shared_ptr<detail::session> of = nullptr,
                      std::shared_ptr<detail::caught> thrown = nullptr)
        : handle_(handle), session_(std::move(of)), thrown_(std::move(thrown)) {}

    explicit operator bool() const { return code() == CRUX_OK; }
    std::string url() const { return info("url").value_or(""); }
    std::string location() const { return info("location").value_or(""); }
    std::string result() const { return info("result").value_or(""); }
    std::string warning() const { return info("warning").value_or(""); }
    std::int64_t attempts() const { return number("attempts"); }

    /* A call to a link as it stands in this response. */
    call follow(const detail::words &link, const detail::words &method = "GET") const;

    /* Waits for a started request, or for more of a started stream; true if so. A negative time has no end. */
    bool wait(std::chrono::milliseconds limit = detail::no_end) const
    {
        bool done = crux_wait(get(), detail::to_ms(limit)) != 0;
        rethrow();
        return done;
    }
    /* Reads a piece of a stream: the bytes, 0 at the end; std::nullopt if a started stream has nothing yet. */
    std::optional<std::size_t> read(void *buffer, std::size_t capacity)
    {
        std::ptrdiff_t amount = crux_read(get(), buffer, capacity);
        if (amount > 0) return static_cast<std::size_t>(amount);
        rethrow();
        if (amount == -2) return std::nullopt;
        if (amount < 0) detail::fail(code(), message(), get());
        return 0;
    }
    /* Something to wait for in an event loop. */
    std::ptrdiff_t event() const { return crux_event(get()); }
    void cancel() const { crux_cancel(get()); }
    /* Throws if it has failed; the error keeps the response if that was temporary. */
    const response &check() const &
    {
        rethrow();
        if (has_failed()) detail::fail(code(), message(), get());
        return *this;
    }
    response check() &&
    {
        rethrow();
        if (!has_failed()) return std::move(*this);
        auto kept = std::make_shared<const response>(std::move(*this));
        detail::fail(kept->code(), kept->message(), kept->get(), kept);
    }
    /* Throws what a hook of it has thrown. */
    void rethrow() const { detail::rethrow(thrown_, session_); }

    crux_response *get() const { return handle_.get(); }

private:
    bool has_failed() const { return code() != CRUX_OK && code() != CRUX_PENDING; }

    detail::handle<crux_response> handle_;
    std::shared_ptr<detail::session> session_;
    std::shared_ptr<detail::caught> thrown_;
};

/* What failed. Its kind is its class, its words are what(). */
class error : public std::runtime_error {
public:
    /* Copies the facts of the object that failed. */
    error(std::int32_t code, const std::string &message, const void *object = nullptr,
          std::shared_ptr<const response> from = nullptr)
        : std::runtime_error(message), code_(code), status_(crux_status(object)),
          retryable_(crux_number(object, "retryable") == 1), maybe_sent_(crux_number(object, "maybe_sent") == 1),
          retry_after_(crux_number(object, "retry_after_ms")), response_(std::move(from))
    {
        if (const char *said = crux_info(object, "server_message")) server_message_ = said;
    }

    std::int32_t code() const { return code_; }
    /* 0 if there was no response. */
    int status() const { return status_; }
    const std::string &server_message() const { return server_message_; }
    bool retryable() const { return retryable_; }
    bool maybe_sent() const { return maybe_sent_; }
    std::optional<std::chrono::milliseconds> retry_after() const
    {
        return retry_after_ < 0 ? std::nullopt : std::optional<std::chrono::milliseconds>(retry_after_);
    }
    /* Absent where there is none, as for a login or a setter, and for one that the program still holds itself. */
    const std::shared_ptr<const crux::response> &response() const { return response_; }

private:
    std::int32_t code_;
    int status_;
    bool retryable_, maybe_sent_;
    std::int64_t retry_after_;
    std::string server_message_;
    std::shared_ptr<const crux::response> response_;
};

#define CRUX_ERRORS(each)                                                                                            \
    each(argument, ARGUMENT) each(resolve, RESOLVE) each(connect, CONNECT) each(tls, TLS) each(io, IO)               \
    each(protocol, PROTOCOL) each(timeout, TIMEOUT) each(cancelled, CANCELLED) each(auth, AUTH) each(http, HTTP)     \
    each(too_large, TOO_LARGE) each(job, JOB) each(file, FILE) each(internal, INTERNAL)
/* One class for each: argument_error is CRUX_ERR_ARGUMENT, and so on. */
#define CRUX_CLASS(name, code)                                                                                       \
    class name##_error : public error {                                                                              \
        using error::error;                                                                                          \
    };
#define CRUX_THROW(name, number)                                                                                     \
    case CRUX_ERR_##number: throw name##_error(code, message, object, std::move(from));
CRUX_ERRORS(CRUX_CLASS)

[[noreturn]] inline void detail::fail(std::int32_t code, const std::string &message, const void *object,
                                      std::shared_ptr<const response> from)
{
    switch (code) {
    CRUX_ERRORS(CRUX_THROW)
    default: throw error(code, message, object, std::move(from));
    }
}
#undef CRUX_ERRORS
#undef CRUX_CLASS
#undef CRUX_THROW

/* A response, or what went wrong, by value: for code without exceptions. */
class result {
public:
    explicit result(response made) : response_(std::move(made)) {}
    explicit operator bool() const { return static_cast<bool>(response_); }
    std::int32_t code() const { return response_.code(); }
    std::string message() const { return response_.message(); }
    /* What came, whatever it is. */
    response &operator*() { return response_; }
    const response &operator*() const { return response_; }
    response *operator->() { return &response_; }
    const response *operator->() const { return &response_; }
    /* What came, if it is well; throws otherwise. */
    response value() && { return std::move(response_).check(); }

private:
    response response_;
};

/* A request in the making. A setter of a call that has a name returns that call; of a temporary one, the call by value. */
class call {
    using words = detail::words;
    using scalar = detail::scalar;
    template <class Value> using if_value = std::enable_if_t<detail::is_whole<Value> || std::is_floating_point_v<Value>, int>;

public:
    explicit call(crux_call *handle, std::shared_ptr<detail::session> of = nullptr,
                  std::shared_ptr<detail::caught> thrown = nullptr)
        : handle_(handle, detail::end()), session_(std::move(of)), thrown_(std::move(thrown)) {}
    call(call &&) = default;
    call &operator=(call &&) = default;

    call &query(const words &name, const scalar &value) & { return set(crux_call_query(get(), name.get(), value.get())); }
    call &header(const words &name, const scalar &value) & { return set(crux_call_header(get(), name.get(), value.get())); }
    /* A {name} of the path, percent-encoded. */
    call &fill(const words &name, const scalar &value) & { return set(crux_call_fill(get(), name.get(), value.get())); }
    call &body(std::string_view bytes, const words &type = nullptr) &
    {
        return set(crux_call_body(get(), bytes.data(), static_cast<std::ptrdiff_t>(bytes.size()), type.get()));
    }
    call &body_file(const words &file, const words &type = nullptr) &
    {
        return set(crux_call_file(get(), file.get(), type.get()));
    }
    /* A member of the JSON body, by RFC 6901 pointer: a text, a number, a bool, one character; nullptr is null. */
    call &put(const words &pointer, const words &value) & { return set(crux_call_put_text(get(), pointer.get(), value.get())); }
    template <class Value, if_value<Value> = 0> call &put(const words &pointer, Value value) &
    {
        if constexpr (std::is_same_v<Value, bool>) return put_json(pointer, value ? "true" : "false");
        else if constexpr (std::is_same_v<Value, char>) return put(pointer, std::string_view(&value, 1));
        else if constexpr (std::is_unsigned_v<Value>) return put_json(pointer, std::to_string(value));
        else if constexpr (std::is_integral_v<Value>) return set(crux_call_put_int(get(), pointer.get(), value));
        else return set(crux_call_put_double(get(), pointer.get(), static_cast<double>(value)));
    }
    call &put_json(const words &pointer, const words &json) & { return set(crux_call_put_json(get(), pointer.get(), json.get())); }
    /* A text part of a form. */
    call &part(const words &field, const scalar &value) &
    {
        return set(crux_call_part(get(), field.get(), value.get(), nullptr, nullptr));
    }
    /* A part from memory that the server sees as a file of that name. */
    call &part(const words &field, const words &filename, std::string_view bytes, const words &type = nullptr) &
    {
        return set(crux_call_part_data(get(), field.get(), filename.get(), bytes.data(),
                                       static_cast<std::ptrdiff_t>(bytes.size()), type.get()));
    }
    call &part_file(const words &field, const words &file, const words &type = nullptr) &
    {
        return set(crux_call_part(get(), field.get(), nullptr, file.get(), type.get()));
    }
    /* The body, piece by piece. Length -1 = unknown. */
    call &source(reader read, std::int64_t length = -1, const words &type = nullptr) &
    {
        auto *context = new detail::hook<reader>{std::make_shared<reader>(std::move(read)), own()};
        return set(crux_call_source(get(), detail::filled, context, context->released, length, type.get()));
    }
    call &option(const words &key, const scalar &value) & { return set(crux_call_set(get(), key.get(), value.get())); }
    call &timeout(std::chrono::milliseconds limit) & { return option("timeout.total_ms", limit.count()); }
    call &save(const words &file) & { return set(crux_call_set(get(), "save", file.get())); }
    /* Goes on until the job that the request starts has ended. */
    call &wait() & { return option("await", 1); }
    /* Instead of the client's tick; with pages(), for each page. */
    call &on_progress(tick hook) &
    {
        tick_ = std::make_shared<tick>(std::move(hook));
        return set(watch(get()));
    }

    call query(const words &name, const scalar &value) && { return std::move(query(name, value)); }
    call header(const words &name, const scalar &value) && { return std::move(header(name, value)); }
    call fill(const words &name, const scalar &value) && { return std::move(fill(name, value)); }
    call body(std::string_view bytes, const words &type = nullptr) && { return std::move(body(bytes, type)); }
    call body_file(const words &file, const words &type = nullptr) && { return std::move(body_file(file, type)); }
    call put(const words &pointer, const words &value) && { return std::move(put(pointer, value)); }
    template <class Value, if_value<Value> = 0>
    call put(const words &pointer, Value value) && { return std::move(put(pointer, value)); }
    call put_json(const words &pointer, const words &json) && { return std::move(put_json(pointer, json)); }
    call part(const words &field, const scalar &value) && { return std::move(part(field, value)); }
    call part(const words &field, const words &filename, std::string_view bytes, const words &type = nullptr) &&
    {
        return std::move(part(field, filename, bytes, type));
    }
    call part_file(const words &field, const words &file, const words &type = nullptr) &&
    {
        return std::move(part_file(field, file, type));
    }
    call source(reader read, std::int64_t length = -1, const words &type = nullptr) &&
    {
        return std::move(source(std::move(read), length, type));
    }
    call option(const words &key, const scalar &value) && { return std::move(option(key, value)); }
    call timeout(std::chrono::milliseconds limit) && { return std::move(timeout(limit)); }
    call save(const words &file) && { return std::move(save(file)); }
    call wait() && { return std::move(wait()); }
    call on_progress(tick hook) && { return std::move(on_progress(std::move(hook))); }

    /* Sends and waits for the whole response; throws if it fails. */
    response send() const { return made(crux_call_send(get())).check(); }
    result send_result() const { return result(made(crux_call_send(get()))); }
    /* Waits for the head; the body is read with response::read. */
    response stream() const { return made(crux_call_stream(get())).check(); }
    result stream_result() const { return result(made(crux_call_stream(get()))); }
    /* Does not wait: see response::wait and client::next_finished. */
    response start() const { return made(crux_call_start(get())); }
    /* This page and all that follow, for a range-based for; each is fetched when it is reached. */
    page_range pages() const;
    void cancel() const { crux_cancel(get()); }

    crux_call *get() const { return handle_.get(); }

private:
    friend class page_range;
    call(const call &) = default;

    call &set(std::int32_t code)
    {
        if (code != CRUX_OK) detail::fail(code, crux_message(get()), get());
        return *this;
    }
    /* It owns the handle first: a hook's exception ends it. */
    response made(crux_response *handle) const
    {
        response made(handle, session_, thrown_);
        made.rethrow();
        return made;
    }
    const std::shared_ptr<detail::caught> &own()
    {
        if (!thrown_) thrown_ = std::make_shared<detail::caught>();
        return thrown_;
    }
    /* Sets the tick of this call for one: itself, or that of a page after it. */
    std::int32_t watch(crux_call *one)
    {
        auto *context = new detail::hook<tick>{tick_, own()};
        return crux_call_tick(one, *tick_ ? detail::ticked : nullptr, context, context->released);
    }

    std::shared_ptr<crux_call> handle_;
    std::shared_ptr<detail::session> session_;
    std::shared_ptr<detail::caught> thrown_;
    std::shared_ptr<tick> tick_;
};

inline call response::follow(const detail::words &link, const detail::words &method) const
{
    call next(crux_call_follow(get(), method.get(), link.get()), session_, thrown_);
    detail::check(next.get());
    return next;
}

/* How a client is made, beyond what login says. Setters are as those of a call. */
class options {
public:
    options() : handle_(crux_options_new()), thrown_(std::make_shared<detail::caught>())
    {
        if (crux_abi() < CRUX_ABI) detail::fail(CRUX_ERR_INTERNAL, "The libcrux that is loaded is older than crux.hpp.");
    }
    options &set(const detail::words &key, const detail::scalar &value) &
    {
        return did(crux_options_set(handle_.get(), key.get(), value.get()));
    }
    /* Takes what the environment says of an account. */
    options &env(std::string_view account = {}) &
    {
        return did(crux_options_env(handle_.get(), account.empty() ? nullptr : detail::words(account).get()));
    }
    options &on_log(std::int32_t level, log hook) &
    {
        auto *context = own(std::move(hook));
        return did(crux_options_log(handle_.get(), level, *context->function ? detail::logged : nullptr, context, context->released));
    }
    options &on_tick(tick hook) &
    {
        auto *context = own(std::move(hook));
        return did(crux_options_tick(handle_.get(), *context->function ? detail::ticked : nullptr, context, context->released));
    }
    /* What brings the token, instead of a password. For a started request it may run on a thread of libcrux. */
    options &on_token(token_source hook) &
    {
        auto *context = own(std::move(hook));
        return did(crux_options_token(handle_.get(), *context->function ? detail::fetched : nullptr, context, context->released));
    }

    options set(const detail::words &key, const detail::scalar &value) && { return std::move(set(key, value)); }
    options env(std::string_view account = {}) && { return std::move(env(account)); }
    options on_log(std::int32_t level, log hook) && { return std::move(on_log(level, std::move(hook))); }
    options on_tick(tick hook) && { return std::move(on_tick(std::move(hook))); }
    options on_token(token_source hook) && { return std::move(on_token(std::move(hook))); }

    const crux_options *get() const { return handle_.get(); }

private:
    friend class client;
    options &did(std::int32_t code)
    {
        if (code != CRUX_OK) detail::fail(code, crux_message(handle_.get()), handle_.get());
        return *this;
    }
    template <class Function> detail::hook<Function> *own(Function function) const
    {
        return new detail::hook<Function>{std::make_shared<Function>(std::move(function)), thrown_};
    }

    detail::handle<crux_options> handle_;
    std::shared_ptr<detail::caught> thrown_;
};

/* An account at a service; usable by many threads at once. status(), header(), body() and json() are of its last login. */
class client : public detail::asked<client> {
    using words = detail::words;

public:
    /* Throws if the options are not usable or the login fails. */
    explicit client(const options &chosen)
        : session_(new detail::session{detail::handle<crux_client>(crux_login_with(chosen.get())), chosen.thrown_})
    {
        detail::rethrow(nullptr, session_);
        detail::check(get());
    }
    client(client &&) = default;
    client &operator=(client &&) = default;

    crux::call call(const words &method, const words &path) const { return make(crux_call_new(get(), method.get(), path.get())); }
    response get(const words &path) const { return call("GET", path).send(); }
    response remove(const words &path) const { return call("DELETE", path).send(); }
    response post(const words &path, std::string_view json) const { return call("POST", path).body(json).send(); }
    response put(const words &path, std::string_view json) const { return call("PUT", path).body(json).send(); }
    response patch(const words &path, std::string_view json) const { return call("PATCH", path).body(json).send(); }
    crux::call login() const { return make(crux_call_login(get())); }
    crux::call logout() const { return make(crux_call_logout(get())); }
    crux::call reset_password(const words &email) const { return make(crux_call_reset_password(get(), email.get())); }
    crux::call upload(const words &file, const words &path = nullptr, const words &field = nullptr, const words &type = nullptr) const
    {
        return make(crux_call_upload(get(), path.get(), field.get(), file.get(), type.get()));
    }
    /* The page after a page; std::nullopt after the last one. */
    std::optional<crux::call> next(const response &page) const
    {
        crux_call *next = crux_call_next(get(), page.get());
        return next ? std::optional<crux::call>(make(next)) : std::nullopt;
    }
    /* The call that waits for the job of an accepted request, to be sent or started. */
    crux::call job(const response &accepted) const { return make(crux_call_await(get(), accepted.get())); }
    /* Waits until the job of an accepted request has ended; a negative time is as the option "job.timeout_ms" says. */
    response await(const response &accepted, std::chrono::milliseconds limit = detail::no_end) const
    {
        return response(crux_await(get(), accepted.get(), detail::to_ms(limit)), session_).check();
    }
    void set_token(const words &token) const
    {
        if (auto code = crux_set_token(get(), token.get()); code != CRUX_OK) detail::fail(code, "The token is not usable.");
    }
    /* The handle of a started request that has finished, still its response's; nullptr if none has in time. */
    crux_response *next_finished(std::chrono::milliseconds limit = detail::no_end) const
    {
        crux_response *next = crux_next_finished(get(), detail::to_ms(limit));
        if (!next) detail::rethrow(nullptr, session_);
        return next;
    }
    std::ptrdiff_t event() const { return crux_event(get()); }
    /* Ends all that is under way; the client stays usable. */
    void cancel() const { crux_cancel(get()); }
    crux_client *get() const { return session_ ? session_->client.get() : nullptr; }

private:
    crux::call make(crux_call *handle) const
    {
        crux::call made(handle, session_);
        detail::check(handle);
        return made;
    }

    std::shared_ptr<detail::session> session_;
};

namespace detail {
inline options &at(options &more, const scalar &service, const scalar &base)
{
    if (base.get() && *base.get()) more.set("base_url", base);
    return more.set("service", service);
}
} // namespace detail

/* Logs in with a password. A base that is empty or NULL is the service's own. */
inline client login(const detail::scalar &service, const detail::scalar &base, const detail::scalar &user,
                    const detail::scalar &secret, options more = {})
{
    /* Such as a variable of the environment that is not set: it must not become a client without a login. */
    if (!user.get() || !secret.get()) detail::fail(CRUX_ERR_ARGUMENT, "The user name or the password for the login is NULL.");
    return client(detail::at(more, service, base).set("user", user).set("secret", secret));
}
/* Takes a ready token or API key; nothing is sent yet. */
inline client token(const detail::scalar &service, const detail::scalar &token, const detail::scalar &base = nullptr,
                    options more = {})
{
    if (!token.get()) detail::fail(CRUX_ERR_ARGUMENT, "The token is NULL.");
    return client(detail::at(more, service, base).set("token", token));
}
/* For public endpoints. */
inline client anonymous(const detail::scalar &service, const detail::scalar &base = nullptr, options more = {})
{
    return client(detail::at(more, service, base));
}
/* As the environment says; crux_options_env names the variables. */
inline client from_env(std::string_view account = {}, options more = {}) { return client(more.env(account)); }

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
        crux_call *next = crux_call_next(first_.session_ ? first_.session_->client.get() : nullptr, page_->get());
        if (!next) return false;
        call made(next, first_.session_, first_.thrown_);
        detail::check(next);
        if (first_.tick_) first_.watch(next);
        page_.emplace(made.send());
        return true;
    }

    call first_;
    std::optional<response> page_;
};

inline page_range call::pages() const { return page_range(call(*this)); }

} // namespace crux

#endif /* CRUX_HPP */
