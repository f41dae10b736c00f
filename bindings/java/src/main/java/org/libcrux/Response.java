package org.libcrux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * What came of a request. Many threads may use it at once; it stays good when its client is closed.
 *
 * @since 0.2
 */
public final class Response {
    /** Whose it is; null of a login that failed. */
    private final Client client;
    private final Handle handle;
    private final int code;
    private final int status;
    /** Copied at once: its size is what tells the collector how large a response is. */
    private final byte[] body;

    Response(Client client, long address) {
        this.client = client;
        handle = new Handle(this, address, "The response was released.");
        long[] length = {0};
        code = Low.crux_code(address);
        status = Low.crux_status(address);
        body = Text.bytes(Low.crux_body(address, length), length[0]);
    }

    /** A response that succeeded, or else its exception. */
    static Response of(Client client, long address) throws CruxException {
        return new Response(client, address).checked();
    }

    Response checked() throws CruxException {
        if (code != Constants.OK) {
            throw failure();
        }
        return this;
    }

    /** What it is thrown as, as it stands now: a stream may fail late. */
    CruxException failure() {
        int now = this.<Integer>ask(Low::crux_code);
        CruxException error = Errors.of(now, ask(response -> Text.at(Low.crux_message(response))), this);
        return client == null ? error : client.explained(error);
    }

    <T> T ask(LongFunction<T> asked) {
        long response = handle.use();
        try {
            return asked.apply(response);
        } finally {
            handle.done();
        }
    }

    /** What may fail. */
    interface Asked<T> {
        T of(long response) throws CruxException;
    }

    <T> T with(Asked<T> asked) throws CruxException {
        long response = handle.use();
        try {
            return asked.of(response);
        } finally {
            handle.done();
        }
    }

    Handle handle() {
        return handle;
    }

    /** Returns the HTTP status, such as 200. */
    public int status() {
        return status;
    }

    /** Returns a copy of the body, decoded from gzip. */
    public byte[] body() {
        return body.clone();
    }

    /** Returns the length of the body in bytes. */
    public int length() {
        return body.length;
    }

    /** Says whether the document may have a NUL in a name, which C's texts cannot show. */
    boolean mayHoldNul() {
        for (int at = 0; at < body.length - 5; at++) {
            if (body[at] == '\\' && body[at + 1] == 'u' && body[at + 2] == '0' && body[at + 3] == '0' && body[at + 4] == '0'
                && body[at + 5] == '0') {
                return true;
            }
        }
        return false;
    }

    /** Returns the body as text, read as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Returns the first header of a name, in any case of letters; null if there is none. */
    public String header(String name) {
        return ask(response -> Text.header(Low.crux_header(response, Text.c(name), 0)));
    }

    /** Returns all headers; their names are found in any case of letters. */
    public Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ask(response -> {
            long[] name = {0};
            long[] value = {0};
            for (long at = 0; Low.crux_header_at(response, at, name, value) == 1; at++) {
                headers.computeIfAbsent(Text.at(name[0]), first -> new ArrayList<>()).add(Text.header(value[0]));
            }
            return null;
        });
        headers.replaceAll((name, values) -> Collections.unmodifiableList(values));
        return Collections.unmodifiableMap(headers);
    }

    /**
     * Returns the document.
     *
     * @throws IllegalStateException if the body is no JSON
     */
    public Json json() {
        return json("");
    }

    /**
     * Returns what stands at a place of the document, which may be nothing.
     *
     * @param pointer as of RFC 6901: "/users/0/name"; "" is the whole
     * @throws IllegalStateException if the body is no JSON
     */
    public Json json(String pointer) {
        Objects.requireNonNull(pointer, "pointer");
        Json json = new Json(this, pointer);
        if (!json.exists() && info("json_error") != null) {
            throw new IllegalStateException("The body is no JSON: " + info("json_error"));
        }
        return json;
    }

    /** Returns where the response came from, after redirects. */
    public String url() {
        return info("url");
    }

    /** Returns the Location as a whole URL, or the result of a job; null if there is none. */
    public String location() {
        return info("location");
    }

    /** Returns the address or the id of what was made; null if nothing was. */
    public String result() {
        return info("result");
    }

    /** Returns the Warning of the response; null if there is none. */
    public String warning() {
        return info("warning");
    }

    /** Returns how many requests it took, retries and redirects included. */
    public long attempts() {
        return number("attempts");
    }

    /** Returns a fact such as "job_url" as text; null if it is not known. */
    public String info(String name) {
        return ask(response -> Text.at(Low.crux_info(response, Text.c(name))));
    }

    /** Returns a fact such as "elapsed_ms" as a number; -1 if it is not known. */
    public long number(String name) {
        return this.<Long>ask(response -> Low.crux_number(response, Text.c(name)));
    }

    /**
     * Returns a GET of a link as it stands in this response. A relative one is resolved against {@link #url}.
     *
     * @param link out of the body or a header
     */
    public Call follow(String link) {
        return follow("GET", link);
    }

    /** Returns a call to a link as it stands in this response, as {@link #follow(String)}. */
    public Call follow(String method, String link) {
        Objects.requireNonNull(link, "link");
        Objects.requireNonNull(method, "method");
        if (client == null) {
            throw new IllegalStateException("The login failed, so there is no client that could follow a link of its response.");
        }
        if (Text.holdsNul(link) || Text.holdsNul(method)) {
            return follow("GET", "").refuse("A NUL stands in the method or the link.");
        }
        return new Call(client, this.<Long>ask(response -> Low.crux_call_follow(response, Text.c(method), Text.c(link))));
    }

    /**
     * Gives the native memory back now, rather than when this is collected. Status and body stay; all else is refused
     * with an IllegalStateException.
     */
    public void release() {
        handle.close();
    }

    /** Returns status and address, without the body. */
    @Override
    public String toString() {
        return "Response{" + status + (handle.isClosed() ? "" : ", " + url()) + ", " + body.length + " bytes}";
    }
}
