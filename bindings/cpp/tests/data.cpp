/* Runs the cases of bindings/cases.json that are data, through the public face of crux.hpp. */
#include "harness.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

namespace {

std::string replaced(std::string text, const std::string &what, const std::string &by)
{
    for (std::size_t at; (at = text.find(what)) != std::string::npos;) text.replace(at, what.size(), by);
    return text;
}

/* The members of an object that may be absent, by value: a range-based for keeps no part of a temporary. */
std::map<std::string, json> members(const json &of, const char *name)
{
    return of.contains(name) ? of[name].get<std::map<std::string, json>>() : std::map<std::string, json>();
}

std::string filled(const std::string &text)
{
    return replaced(replaced(replaced(text, "{base}", base), "{https}", variable("CRUX_SANDBOX_HTTPS")), "{ca}",
                    variable("CRUX_SANDBOX_CA"));
}

std::string plain(const json &value) { return value.is_string() ? filled(value.get<std::string>()) : value.dump(); }

/* The key of an option as C has it: the first underscore of a group's name is its point. */
std::string key(const std::string &word)
{
    for (const char *group : {"timeout", "retry", "redirect", "tls", "login", "auth", "token", "refresh", "page", "job", "pool", "log"})
        if (word.rfind(std::string(group) + "_", 0) == 0 && crux_option_info(word.c_str(), "type") == nullptr)
            return std::string(group) + "." + word.substr(std::string(group).size() + 1);
    return word;
}

bool is_of_client(const json &data, const std::string &word)
{
    return data["do"] == "login" || word == "tls_ca_file" || word == "base_url";
}

crux::client client_of(const json &data)
{
    crux::options more;
    std::string where = base;
    for (const auto &[word, value] : members(data, "options")) {
        if (word == "base_url") where = plain(value);
        else if (is_of_client(data, word)) more.set(key(word), plain(value));
    }
    const std::string account = data.value("account", "password");
    if (account == "anonymous") return crux::anonymous("custom", where, std::move(more));
    if (account != "password") return crux::token("custom", account == "token" ? "tok-7d1c" : "nope", where, std::move(more));
    return crux::login("custom", where, user, data.value("secret", password), std::move(more));
}

crux::call call_of(const crux::client &client, const json &data)
{
    crux::call call = client.call(data.value("method", data["do"] == "upload" ? "POST" : "GET"), filled(data["path"]));
    for (const auto &[name, value] : members(data, "query")) call.query(name, plain(value));
    for (const auto &[name, value] : members(data, "fill")) call.fill(name, plain(value));
    for (const auto &[name, value] : members(data, "headers")) call.header(name, value.get<std::string>());
    for (const auto &[word, value] : members(data, "options"))
        if (!is_of_client(data, word)) call.option(key(word), plain(value));
    if (data.contains("json")) call.put_json("", data["json"].dump());
    if (data.contains("body_hex")) {
        std::string bytes, hex = data["body_hex"];
        for (std::size_t i = 0; i < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
        call.body(bytes, data["type"].get<std::string>());
    }
    if (data.contains("data")) call.part(data["field"].get<std::string>(), data["filename"].get<std::string>(), data["data"].get<std::string>());
    if (data.value("wait", false)) call.wait();
    return call;
}

/* The document that a walk sees at a pointer, as a reader of its own would have it. */
json seen(const crux::json_value &value) { return json::parse(value.type() == CRUX_JSON_STRING ? json(value.as_text()).dump() : value.as_text()); }

void check_response(const crux::response &response, const json &data)
{
    const json &want = data["expect"];
    if (want.contains("status")) expect(response.status() == want["status"], "status " + std::to_string(response.status()));
    if (want.contains("text")) expect(response.text() == want["text"], "text " + response.text());
    if (want.contains("length") && data["do"] != "stream") EXPECT(response.body().size() == want["length"]);
    if (want.contains("sha256")) EXPECT(sha256(response.body()) == want["sha256"]);
    if (want.contains("url")) expect(response.url() == filled(want["url"]), response.url());
    if (want.contains("location")) expect(response.location() == filled(want["location"]), response.location());
    if (want.contains("attempts")) EXPECT(response.attempts() == want["attempts"]);
    for (const auto &[pointer, value] : members(want, "json"))
        expect(seen(response.json(pointer)) == value, pointer + " is " + response.json(pointer).as_text());
    const json absent = want.value("absent", json::array());
    for (const auto &pointer : absent) EXPECT(!response.json(pointer.get<std::string>()));
    if (want.value("sent_json", false)) EXPECT(json::parse(response.json("/body").as_text()) == data["json"]);
    if (want.value("json_fails", false)) EXPECT(response.json().type() == CRUX_JSON_NONE && response.info("json_error"));
    for (const auto &[name, value] : members(want, "headers")) EXPECT(response.header(name) == value.get<std::string>());
}

void check_error(const crux::error &error, const json &data)
{
    const json &want = data["expect"];
    const std::string name = crux_error_name(error.code());
    std::string word = want["error"];
    for (char &letter : word) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    expect(name == "CRUX_ERR_" + word, name + ": " + error.what());
    if (want.contains("status")) EXPECT(error.status() == want["status"]);
    if (want.contains("server_message")) expect(error.server_message() == want["server_message"], error.server_message());
    if (want.contains("retryable")) EXPECT(error.retryable() == want["retryable"]);
    if (want.contains("retry_after_s")) EXPECT(error.retry_after() == std::chrono::seconds(want["retry_after_s"]));
    json of_response = data;
    of_response["expect"].erase("status");
    if (error.response()) check_response(*error.response(), of_response);
    else EXPECT(!want.contains("json") && !want.contains("attempts"));
}

void download(const crux::client &client, const json &data)
{
    const json &want = data["expect"];
    const auto target = std::filesystem::temp_directory_path() / ("crux-cases-" + data["name"].get<std::string>());
    std::filesystem::remove(target);
    std::int64_t last = 0;
    auto call = call_of(client, data);
    call.save(target.u8string()).on_progress([&](crux::phase, std::int64_t done, std::int64_t) { last = done; return true; });
    auto result = call.send_result();
    if (want.value("no_file", false)) EXPECT(!std::filesystem::exists(target));
    auto response = std::move(result).value();
    EXPECT(std::filesystem::file_size(target) == want["file_length"]);
    EXPECT(last == want["progress_last"]);
    std::filesystem::remove(target);
}

void perform(const json &data)
{
    const json &want = data["expect"];
    const std::string what = data["do"];
    crux::client client = client_of(data);
    if (what == "login") return;
    if (what == "download") return download(client, data);
    if (what == "pages" || what == "items") {
        const json rows = want.contains("sizes") ? want["sizes"] : want.value("items", json::object());
        json found = json::array();
        for (const crux::response &page : call_of(client, data).pages()) {
            if (what == "pages") found.push_back(page.json(rows.value("pointer", "")).size());
            else
                for (std::size_t i = 0; i < page.json("/results").size(); ++i)
                    found.push_back(page.json("/results/" + std::to_string(i) + rows["pointer"].get<std::string>()).as_text());
        }
        return expect(found == rows.value("are", json()), found.dump());
    }
    if (what == "stream") {
        crux::response stream = call_of(client, data).stream();
        std::size_t length = 0;
        char buffer[10000];
        while (std::size_t amount = stream.read(buffer, sizeof buffer).value()) length += amount;
        EXPECT(length == want["length"]);
        return check_response(stream, data);
    }
    crux::response response = call_of(client, data).send();
    if (what == "follow") response = response.follow(data["link"].get<std::string>()).send();
    check_response(response, data);
}

} // namespace

void run_data(const json &data)
{
    const json before = data.value("before", json::array());
    for (const json &one : before) answer(one);
    const auto start = std::chrono::steady_clock::now();
    bool failed = false;
    try {
        perform(data);
    } catch (const crux::error &error) {
        if (!data["expect"].contains("error")) throw;
        failed = true;
        check_error(error, data);
    }
    expect(failed || !data["expect"].contains("error"), "it did not fail");
    const auto took = std::chrono::steady_clock::now() - start;
    EXPECT(took <= std::chrono::milliseconds(data.value("within_ms", 60000)));
}
