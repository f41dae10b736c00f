package org.libcrux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A request in the making, which is sent once. What is not usable, a NUL too, is an {@link ArgumentException} when it is
 * sent. One thread at a time describes and sends it; {@link #cancel} may come from any.
 *
 * @since 0.2
 */
public final class Call {
    private static final String SENT = "This call was sent already: make another one.";

    private final Client client;
    private final Handle handle;
    private final Watch watch = new Watch();
    private final AtomicBoolean sent = new AtomicBoolean();
    private volatile CompletableFuture<?> future;
    private String refusal;

    Call(Client client, long address) {
        this.client = client;
        handle = new Handle(this, address, SENT);
    }

    Call refuse(String why) {
        refusal = refusal == null ? why : refusal;
        return this;
    }

    private interface Setting {
        int set(long call);
    }

    private Call set(Setting setting) {
        long call = handle.use();
        try {
            setting.set(call);
        } finally {
            handle.done();
        }
        return this;
    }

    /** Sets something unless one of its texts holds a NUL. */
    private Call set(String what, String name, String value, Setting setting) {
        if (Text.holdsNul(name) || Text.holdsNul(value)) {
            return refuse("A NUL stands in " + what + ".");
        }
        return set(setting);
    }

    /** Adds a pair to the query, percent-encoded. */
    public Call query(String name, String value) {
        Objects.requireNonNull(name, "name");
        return set("the query", name, value, call -> Low.crux_call_query(call, Text.c(name), Text.c(value)));
    }

    /** Adds a number to the query. */
    public Call query(String name, long value) {
        return query(name, Long.toString(value));
    }

    /** Sets what a {@code {name}} of the path stands for, encoded so that it stays one piece of the path. */
    public Call fill(String name, String value) {
        Objects.requireNonNull(name, "name");
        return set("the path", name, value, call -> Low.crux_call_fill(call, Text.c(name), Text.c(value)));
    }

    /** Adds a header. Those that libcrux sets itself, such as Authorization, are refused. */
    public Call header(String name, String value) {
        Objects.requireNonNull(name, "name");
        return set("a header", name, value, call -> Low.crux_call_header(call, Text.c(name), Text.c(value)));
    }

    /**
     * Sets an option for this call only.
     *
     * @param key one of {@link Option} that is of a call
     * @param value as for {@link Options#set}
     */
    public Call option(String key, Object value) {
        String text = Options.text(value);
        String exact = Option.key(key);
        return set("an option", exact, text, call -> Low.crux_call_set(call, Text.c(exact), Text.c(text)));
    }

    /** Sets how long the call may take, retries included; zero is refused when it is sent. */
    public Call timeout(Duration limit) {
        return option(Option.TIMEOUT_TOTAL_MS, limit);
    }

    /** Puts a text, or null, into the JSON body: "/name" is a member, "/tags/-" appends, "" is the whole. */
    public Call put(String pointer, String value) {
        Objects.requireNonNull(pointer, "pointer");
        return set("the body", pointer, value, call -> Low.crux_call_put_text(call, Text.c(pointer), Text.c(value)));
    }

    /** Puts a whole number into the JSON body, as {@link #put(String, String)}. */
    public Call put(String pointer, long value) {
        Objects.requireNonNull(pointer, "pointer");
        return set("the body", pointer, null, call -> Low.crux_call_put_int(call, Text.c(pointer), value));
    }

    /** Puts a number into the JSON body, as {@link #put(String, String)}. */
    public Call put(String pointer, double value) {
        Objects.requireNonNull(pointer, "pointer");
        return set("the body", pointer, null, call -> Low.crux_call_put_double(call, Text.c(pointer), value));
    }

    /** Puts true or false into the JSON body, as {@link #put(String, String)}. */
    public Call put(String pointer, boolean value) {
        return putJson(pointer, Boolean.toString(value));
    }

    /** Puts any JSON text into the JSON body, as {@link #put(String, String)}. */
    public Call putJson(String pointer, String json) {
        Objects.requireNonNull(pointer, "pointer");
        Objects.requireNonNull(json, "json");
        return set("the body", pointer, json, call -> Low.crux_call_put_json(call, Text.c(pointer), Text.c(json)));
    }

    /** Sets the body to a JSON text as it stands. */
    public Call json(String json) {
        byte[] bytes = Text.utf8(json);
        return set(call -> Low.crux_call_body(call, bytes, bytes.length, null));
    }

    /**
     * Sets the body.
     *
     * @param bytes what to send
     * @param type the Content-Type; "" = none
     */
    public Call body(byte[] bytes, String type) {
        Objects.requireNonNull(bytes, "bytes");
        return set("the type", type, null, call -> Low.crux_call_body(call, bytes, bytes.length, Text.c(type)));
    }

    /** Sets the body to a file, which is read from the disk while it is sent. */
    public Call body(Path file, String type) {
        String name = Client.name(file);
        return set("the file or its type", name, type, call -> Low.crux_call_file(call, Text.c(name), Text.c(type)));
    }

    /** Sets the body to a stream of unknown length, as {@link #body(InputStream, long, String)}. */
    public Call body(InputStream stream, String type) {
        return body(stream, -1, type);
    }

    /**
     * Sets the body to a stream, which is read while it is sent, once: such a call is not tried again. The stream stays
     * open. What it throws ends the call, and comes out of it.
     *
     * @param stream is read on the thread that waits, or on one of libcrux with {@link #sendAsync}
     * @param length in bytes; -1 = not known, then it goes in chunks
     * @param type the Content-Type; null = application/octet-stream
     */
    public Call body(InputStream stream, long length, String type) {
        Objects.requireNonNull(stream, "stream");
        return set("the type", type, null, call -> {
            byte[] kind = Text.c(type);
            long source = Hooks.keep(watch.reads(stream));
            return Low.crux_call_source(call, Hooks.read, source, Hooks.release, length, kind);
        });
    }

    /** Adds a text to the form that becomes the body. */
    public Call part(String field, String value) {
        Objects.requireNonNull(value, "value");
        return set("the form", field, value, call -> Low.crux_call_part(call, Text.c(field), Text.c(value), null, null));
    }

    /** Adds a file to the form, under its own name; it is read from the disk while it is sent. */
    public Call part(String field, Path file) {
        String name = Client.name(file);
        return set("the form", field, name, call -> Low.crux_call_part(call, Text.c(field), null, Text.c(name), null));
    }

    /** Adds bytes to the form, as a file of that name. */
    public Call part(String field, String filename, byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return set("the form", field, filename, call ->
            Low.crux_call_part_data(call, Text.c(field), Text.c(filename), bytes, bytes.length, null));
    }

    /** Adds what a stream holds to the form, as a file of that name. It is read at once, into memory. */
    public Call part(String field, String filename, InputStream stream) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 16];
        for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
            all.write(piece, 0, count);
        }
        return part(field, filename, all.toByteArray());
    }

    /** Saves the body to a file. An incomplete one never has the final name; a later try goes on from there. */
    public Call save(Path file) {
        return option(Option.SAVE, Client.name(file));
    }

    /** Waits for the job, if the response says that the server has begun one. */
    public Call await() {
        return option(Option.AWAIT, true);
    }

    /** Hears how many bytes of the response have come. */
    public Call onProgress(Progress progress) {
        watch.received = progress;
        return this;
    }

    /** Hears how many bytes of the body were sent. */
    public Call onSend(Progress progress) {
        watch.sent = progress;
        return this;
    }

    /** Hears how many percent of the job are done, with {@link #await}. */
    public Call onJob(Progress progress) {
        watch.job = progress;
        return this;
    }

    interface Sender<T> {
        T send(long call) throws IOException;
    }

    /** Sends the call, after which it is closed. */
    private <T> T once(Sender<T> sender) throws IOException {
        handle.use();
        try {
            if (!sent.compareAndSet(false, true)) {
                throw new IllegalStateException(SENT);
            }
            if (refusal != null) {
                throw new ArgumentException(refusal, null);
            }
            return client.send(handle, sender);
        } finally {
            handle.done();
            handle.close();
        }
    }

    private void listen(long call) {
        if (watch.listens()) {
            Low.crux_call_tick(call, Hooks.tick, Hooks.keep(watch), Hooks.release);
        }
    }

    /**
     * Sends the request and waits for the whole response.
     *
     * @throws HttpException if the server answers with an error
     * @throws CruxException if it does not succeed for another reason; each has its class
     * @throws IOException what the stream of the body has thrown
     */
    public Response send() throws IOException {
        try {
            return once(call -> {
                listen(call);
                return finished(Low.crux_call_send(call));
            });
        } finally {
            watch.over();
        }
    }

    private Response finished(long response) throws IOException {
        watch.lookAtReceived(response).getAsBoolean();
        if (watch.failure() != null) {
            Low.crux_free(response);
            watch.check();
        }
        return Response.of(client, response);
    }

    /**
     * Sends the request without waiting. All requests of a client that are sent so share one thread.
     *
     * @return a future of the response, completed by {@link Options#executor}; cancelling it ends the request
     */
    public CompletableFuture<Response> sendAsync() {
        return send(response -> response);
    }

    /** Sends it without waiting, for something that is made of the response. */
    <T> CompletableFuture<T> send(Function<Response, T> made) {
        try {
            return once(call -> {
                CompletableFuture<T> started = client.pump().start(call, watch, response -> made.apply(checked(response)));
                future = started;
                return started;
            });
        } catch (IOException error) {
            CompletableFuture<T> failed = new CompletableFuture<>();
            failed.completeExceptionally(error);
            return failed;
        }
    }

    private Response checked(long response) {
        try {
            return Response.of(client, response);
        } catch (CruxException error) {
            throw new Pump.Failure(error);
        }
    }

    /**
     * Sends the request and waits for the head of the response. Its body is read from the stream, which must be closed.
     *
     * @throws CruxException as {@link #send} does
     */
    public ResponseStream stream() throws IOException {
        return once(call -> {
            listen(call);
            return new ResponseStream(finished(Low.crux_call_stream(call)), watch);
        });
    }

    /**
     * Sends the request, and asks for the pages after it as they are wanted. A later page that fails is an {@link
     * java.io.UncheckedIOException} with the exception as its cause.
     *
     * @throws CruxException if the first page fails
     */
    public Stream<Response> pages() throws IOException {
        return Pages.of(client, send());
    }

    /** Returns the members of all pages: of the page if it is an array, or of the first array in it. */
    public Stream<Json> items() throws IOException {
        return pages().flatMap(Pages::items);
    }

    /** Returns the members of all pages that stand at a pointer. */
    public Stream<Json> items(String pointer) throws IOException {
        return pages().flatMap(page -> page.json(pointer).stream());
    }

    /** Ends the call, from any thread, also before it is sent: whoever waits for it gets a {@link CancelledException}. */
    public void cancel() {
        handle.cancel();
        CompletableFuture<?> started = future;
        if (started != null) {
            started.cancel(true);
        }
    }
}
