package org.libcrux;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The sandbox's shop: its accounts and its controls. */
final class Shop {
    static final String BASE = System.getenv("CRUX_BASE");
    static final String USER = System.getenv("CRUX_USER");
    static final String PASSWORD = System.getenv("CRUX_PASSWORD");
    static final String TOKEN = "tok-7d1c";

    private static final Client CONTROL = open();

    private Shop() {}

    private static Client open() {
        try {
            return Client.anonymous("custom", Options.of("base_url", BASE));
        } catch (CruxException error) {
            throw new AssertionError(error);
        }
    }

    static Client login() throws IOException {
        return login(Options.of());
    }

    static Client login(Options options) throws IOException {
        return Client.login("custom", USER, PASSWORD, options.set("base_url", BASE));
    }

    static void forget() throws IOException {
        CONTROL.post("_sandbox/forget", "{}");
    }

    static void answer(String json) throws IOException {
        CONTROL.post("_sandbox/answer", json);
    }

    /** Reads JSON by way of a response. */
    static Json parse(String json) throws IOException {
        CONTROL.call("POST", "_sandbox/answer").put("/path", "/parse/").put("/status", 200).put("/body", json).send();
        return CONTROL.get("parse/").json();
    }

    /** How many requests for a path came so far. */
    @SuppressWarnings("unchecked")
    static long requests(String path) throws IOException {
        List<Map<String, Object>> all = (List<Map<String, Object>>) CONTROL.get("_sandbox/requests").json().toObject();
        return all.stream().filter(one -> path.equals(one.get("path"))).count();
    }

    /** Waits for a condition, at most ten seconds. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.call()) {
            assertTrue("It never came: " + what, System.nanoTime() < end);
            Thread.sleep(2);
        }
    }

    static String fill(String text) {
        return text
            .replace("{base}", BASE)
            .replace("{https}", System.getenv("CRUX_SANDBOX_HTTPS"))
            .replace("{ca}", System.getenv("CRUX_SANDBOX_CA"));
    }
}
