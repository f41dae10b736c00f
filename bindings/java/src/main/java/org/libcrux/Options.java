package org.libcrux;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * Settings for a client. {@link Option} lists the keys; a point in a key may be written as an underscore.
 *
 * <pre>{@code Options.of("base_url", base, "timeout_total_ms", 20_000).log(Constants.LOG_DEBUG, (level, line) -> ...)}</pre>
 *
 * @since 0.2
 */
public final class Options {
    private final Map<String, String> values = new LinkedHashMap<>();
    private int level;
    private Log log;
    private TokenSource token;
    private Executor executor = ForkJoinPool.commonPool();

    private Options() {}

    /**
     * Returns options from keys and values in turn.
     *
     * @param pairs a key, its value, a key, its value, and so on, as for {@link #set}
     */
    public static Options of(Object... pairs) {
        if (pairs.length % 2 != 0) {
            throw new IllegalArgumentException("Options are pairs of a key and a value; one value is missing.");
        }
        Options options = new Options();
        for (int at = 0; at < pairs.length; at += 2) {
            if (!(pairs[at] instanceof String)) {
                throw new IllegalArgumentException("The key of an option is a String, not " + pairs[at] + ".");
            }
            options.set((String) pairs[at], pairs[at + 1]);
        }
        return options;
    }

    /**
     * Sets an option. One that libcrux does not know, or a value that it does not take, is an {@link ArgumentException} of
     * the login.
     *
     * @param key such as {@link Option#BASE_URL}, "timeout.total_ms" or "timeout_total_ms"
     * @param value a String, Number, Boolean, Duration (as milliseconds) or Path; null restores the default
     * @return these options
     */
    public Options set(String key, Object value) {
        Objects.requireNonNull(key, "key");
        values.put(Option.key(key), text(value));
        return this;
    }

    /**
     * Hears the log up to a level, {@link Constants#LOG_ERROR} to {@link Constants#LOG_TRACE}, until the client and all
     * its responses are gone. A log that leads to the client itself keeps it until it is closed.
     */
    public Options log(int level, Log log) {
        this.level = level;
        this.log = log;
        return this;
    }

    /** Asks for each token, instead of a login with a password. */
    public Options token(TokenSource source) {
        token = source;
        return this;
    }

    /**
     * Completes the futures of the client and tells their progress; the common pool if not set. What it refuses, with
     * whatever exception, is done on the client's own thread.
     */
    public Options executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /** The token source of a new client; null = none. */
    Tokens tokens() {
        return token == null ? null : new Tokens(token);
    }

    Executor executor() {
        return executor;
    }

    Options copy() {
        Options copy = new Options();
        copy.values.putAll(values);
        copy.level = level;
        copy.log = log;
        copy.token = token;
        copy.executor = executor;
        return copy;
    }

    /** The value of an option as libcrux takes it. */
    static String text(Object value) {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        if (value instanceof Boolean) {
            return (Boolean) value ? "1" : "0";
        }
        if (value instanceof Duration) {
            return Long.toString(((Duration) value).toMillis());
        }
        if (value instanceof Number || value instanceof Path) {
            return value.toString();
        }
        throw new IllegalArgumentException("An option cannot be a " + value.getClass().getName() + ".");
    }

    /**
     * Makes the client, and logs in if the options say so.
     *
     * @param environment whether variables count too
     * @param account the ending of those variables; null = none
     * @param tokens from {@link #tokens}
     * @return the address of the client
     */
    long login(boolean environment, String account, Tokens tokens) throws CruxException {
        NativeLibrary.load();
        long options = Low.crux_options_new();
        try {
            for (Map.Entry<String, String> one : values.entrySet()) {
                set(options, one.getKey(), one.getValue());
            }
            if (environment) {
                check(Low.crux_options_env(options, Text.c(account)), options);
            }
            if (log != null) {
                check(Low.crux_options_log(options, level, Hooks.log, Hooks.keep(log), Hooks.release), options);
            }
            if (tokens != null) {
                check(Low.crux_options_token(options, Hooks.token, Hooks.keep(tokens), Hooks.release), options);
            }
            check(Low.crux_options_tick(options, Hooks.tick, 0, 0), options);
            return Low.crux_login_with(options);
        } finally {
            Low.crux_free(options);
        }
    }

    private static void set(long options, String key, String value) throws CruxException {
        if (Text.holdsNul(key) || Text.holdsNul(value)) {
            throw new ArgumentException("A NUL stands in the option " + key.replace("\0", "\\0") + ".", null);
        }
        check(Low.crux_options_set(options, Text.c(key), Text.c(value)), options);
    }

    private static void check(int code, long options) throws CruxException {
        if (code != Constants.OK) {
            throw Errors.of(code, Text.at(Low.crux_message(options)), null);
        }
    }

    /** Returns the options as they are set, without secrets. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "Options{", "}");
        values.forEach((key, value) -> text.add(key + "=" + (Option.isSecret(key) ? "[secret]" : value)));
        return text.toString();
    }
}
