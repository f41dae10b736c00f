package org.libcrux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An account at a service. Many threads may use it at once. What waits ends with a {@link CancelledException} when its
 * thread is interrupted.
 *
 * <pre>{@code
 * try (Client client = Client.login("crux-connect", "ada@example.com", password)) {
 *     System.out.println(client.get("users/").json("/0/name").asText());
 * }
 * }</pre>
 *
 * @since 0.2
 */
public final class Client implements AutoCloseable {
    private final Handle handle;
    private final Pump pump;
    private final Tokens tokens;
    private final Set<Handle> sending = ConcurrentHashMap.newKeySet();

    private Client(long address, Options options, Tokens tokens) {
        this.tokens = tokens;
        handle = new Handle(this, address, "The client is closed.");
        pump = new Pump(handle, options.executor());
    }

    /**
     * Logs in with a password, and waits for that.
     *
     * @param service a built-in service such as "crunch", or "custom"
     * @param user user name or e-mail address
     * @param secret the password
     * @return the client
     * @throws AuthException if the login is refused
     * @throws CruxException if it does not succeed for another reason
     */
    public static Client login(String service, String user, String secret) throws CruxException {
        return login(service, user, secret, Options.of());
    }

    /** Logs in with a password, as {@link #login(String, String, String)}, with options. */
    public static Client login(String service, String user, String secret, Options options) throws CruxException {
        return login(password(service, user, secret, options));
    }

    /** Returns the client that the options alone describe; logs in if they hold a user. */
    public static Client login(Options options) throws CruxException {
        return make(options, false, null);
    }

    /**
     * Logs in without waiting.
     *
     * @return a future of the client; cancelling it ends the login
     * @throws CruxException if the options are not usable
     */
    public static CompletableFuture<Client> loginAsync(String service, String user, String secret, Options options)
        throws CruxException {
        Options later = password(service, user, secret, options).set(Option.LOGIN_WHEN, "first_use");
        Client client = login(later);
        CompletableFuture<Client> future = client.made(Low::crux_call_login).send(response -> client);
        future.whenComplete((made, error) -> {
            if (error != null) {
                client.close();
            }
        });
        return future;
    }

    /** Returns a client for a service with a ready token or API key; nothing is sent yet. */
    public static Client token(String service, String token) throws CruxException {
        return token(service, token, Options.of());
    }

    /** Returns a client with a ready token, as {@link #token(String, String)}, with options. */
    public static Client token(String service, String token, Options options) throws CruxException {
        Objects.requireNonNull(token, "token");
        return login(of(service, options).set(Option.TOKEN, token));
    }

    /** Returns a client for public endpoints, which has no credentials. */
    public static Client anonymous(String service) throws CruxException {
        return anonymous(service, Options.of());
    }

    /** Returns a client without credentials, as {@link #anonymous(String)}, with options. */
    public static Client anonymous(String service, Options options) throws CruxException {
        return login(of(service, options));
    }

    /** Returns the client that the environment describes: CRUX_API, CRUX_TOKEN and their kin, or what a service's own tools read. */
    public static Client fromEnv() throws CruxException {
        return fromEnv(null, Options.of());
    }

    /**
     * Returns the client that the environment describes.
     *
     * @param account a name that is added to each variable: "acme" reads CRUX_TOKEN_ACME; null = none
     * @param options what wins over the environment
     * @throws CruxException if a variable is not usable, or a login that they ask for does not succeed
     */
    public static Client fromEnv(String account, Options options) throws CruxException {
        return make(options, true, account);
    }

    private static Options of(String service, Options options) {
        Objects.requireNonNull(service, "service");
        return options.copy().set(Option.SERVICE, service);
    }

    private static Options password(String service, String user, String secret, Options options) {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(secret, "secret");
        return of(service, options).set(Option.USER, user).set(Option.SECRET, secret);
    }

    private static Client make(Options options, boolean environment, String account) throws CruxException {
        Tokens tokens = options.tokens();
        long address = options.login(environment, account, tokens);
        int code = Low.crux_code(address);
        if (code != Constants.OK) {
            // A client is also the response of its login.
            throw Errors.of(code, Text.at(Low.crux_message(address)), new Response(null, address));
        }
        return new Client(address, options, tokens);
    }

    /**
     * Returns a call, to be described and then sent.
     *
     * @param method such as "GET"
     * @param path a path below the base, from the root, or a whole URL; {@code {name}} is filled by {@link Call#fill}
     */
    public Call call(String method, String path) {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        boolean cut = Text.holdsNul(method) || Text.holdsNul(path);
        byte[] verb = cut ? null : Text.c(method);
        byte[] place = cut ? null : Text.c(path);
        Call call = made(client -> Low.crux_call_new(client, verb, place));
        return cut ? call.refuse("A NUL stands in the method or the path.") : call;
    }

    /** Sends a GET and waits for the response. */
    public Response get(String path) throws IOException {
        return call("GET", path).send();
    }

    /** Sends a POST with a JSON text, or nothing if that is null, and waits for the response. */
    public Response post(String path, String json) throws IOException {
        return request("POST", path, json);
    }

    /** Sends a PUT with a JSON text, or nothing if that is null, and waits for the response. */
    public Response put(String path, String json) throws IOException {
        return request("PUT", path, json);
    }

    /** Sends a PATCH with a JSON text, or nothing if that is null, and waits for the response. */
    public Response patch(String path, String json) throws IOException {
        return request("PATCH", path, json);
    }

    /** Sends a DELETE and waits for the response. */
    public Response delete(String path) throws IOException {
        return call("DELETE", path).send();
    }

    /**
     * Sends a request and waits for the response.
     *
     * @param json the body as JSON text; null = none
     */
    public Response request(String method, String path, String json) throws IOException {
        Call call = call(method, path);
        return (json == null ? call : call.json(json)).send();
    }

    /** Returns the call that uploads a file to where the service takes files, as {@link #upload(String, String, Path)}. */
    public Call upload(Path file) {
        return upload(null, null, file);
    }

    /**
     * Returns the call that uploads a file as a form, to be sent.
     *
     * @param path where to; null = where the service takes files
     * @param field the name of the form's field; null = the one the service wants
     * @param file the file; it is read from the disk while it is sent
     */
    public Call upload(String path, String field, Path file) {
        String name = name(file);
        if (Text.holdsNul(path)) {
            return call("POST", path);
        }
        return made(client -> Low.crux_call_upload(client, Text.c(path), Text.c(field), Text.c(name), null));
    }

    /**
     * Downloads a file and waits for all of it. An incomplete one never has the final name.
     *
     * @param url a path or a whole URL
     * @param file where to; a file that is there is replaced at the end
     * @return a response without a body
     * @throws FileException if the disk is to blame
     */
    public Response download(String url, Path file) throws IOException {
        return call("GET", url).save(file).send();
    }

    /** The file's name as C opens it; of another file system than the default one it has none. */
    static String name(Path file) {
        File plain = file.toFile();
        return plain.getPath();
    }

    /**
     * Waits until the job of an accepted request has ended, as long as the option job.timeout_ms says.
     *
     * @param accepted the response that started the job, or that of an earlier, cut short await
     * @return the last progress document; its {@link Response#location} is the result
     * @throws JobException if the server says that the job failed
     * @throws TimeoutException if it goes on
     */
    public Response await(Response accepted) throws IOException {
        return job(accepted).send();
    }

    /**
     * Returns the call that waits for the job of an accepted request, to be sent: with {@link Call#sendAsync} no thread
     * waits, {@link Call#onJob} hears how far it is, and the option job.timeout_ms says how long.
     *
     * @param accepted as for {@link #await}
     */
    public Call job(Response accepted) {
        return made(client -> accepted.ask(page -> Low.crux_call_await(client, page)));
    }

    /** Returns the token; null if there is none. */
    public String token() {
        return ask(client -> Text.copy(client, "token"));
    }

    /**
     * Sets a token from elsewhere. Requests that start later carry it.
     *
     * @throws IllegalArgumentException if it is empty or cannot stand in a header; the client keeps what it has
     */
    public void setToken(String token) {
        Objects.requireNonNull(token, "token");
        if (this.<Integer>ask(client -> Low.crux_set_token(client, Text.c(token))) != Constants.OK) {
            throw new IllegalArgumentException("That is no token: it is empty, or holds what cannot stand in a header.");
        }
    }

    /** Ends the session at the server and here; later requests are anonymous. */
    public Response logout() throws IOException {
        return made(Low::crux_call_logout).send();
    }

    /** Asks the service to mail a link for a new password. */
    public Response resetPassword(String email) throws IOException {
        Objects.requireNonNull(email, "email");
        return made(client -> Low.crux_call_reset_password(client, Text.c(email))).send();
    }

    /** Returns a fact such as "base_url" as text; null if it is not known. */
    public String info(String name) {
        return ask(client -> Text.at(Low.crux_info(client, Text.c(name))));
    }

    /** Returns a fact such as "requests" or "open_connections" as a number; -1 if it is not known. */
    public long number(String name) {
        return this.<Long>ask(client -> Low.crux_number(client, Text.c(name)));
    }

    /** Ends all that is under way, from any thread; the client stays usable. */
    public void cancel() {
        handle.cancel();
    }

    /**
     * Ends all that is under way, and the client: what would send something is refused with an IllegalStateException.
     * Responses stay good. Closing twice is nothing.
     */
    @Override
    public void close() {
        handle.end(() -> {
            // Those that have not come to be under way yet as well.
            sending.forEach(Handle::cancel);
            Low.crux_cancel(handle.address());
        });
        pump.wake();
    }

    /** Sends a call, which closing this ends; a closed client refuses. */
    <T> T send(Handle call, Call.Sender<T> sender) throws IOException {
        sending.add(call);
        try {
            handle.use();
            try {
                return sender.send(call.address());
            } finally {
                handle.done();
            }
        } finally {
            sending.remove(call);
        }
    }

    /** Adds the cause that only the program knows. */
    CruxException explained(CruxException error) {
        if (tokens != null) {
            tokens.explain(error);
        }
        return error;
    }

    Pump pump() {
        return pump;
    }

    /** Something that a function of libcrux returns for a client. */
    interface Asked<T> {
        T of(long client);
    }

    <T> T ask(Asked<T> asked) {
        long client = handle.use();
        try {
            return asked.of(client);
        } finally {
            handle.done();
        }
    }

    /** A call that a function of libcrux makes; null if it makes none. */
    Call made(Asked<Long> maker) {
        long address = this.<Long>ask(maker);
        return address == 0 ? null : new Call(this, address);
    }

    @Override
    public String toString() {
        return handle.isClosed() ? "Client{closed}" : "Client{" + info("service") + ", " + info("base_url") + "}";
    }
}
