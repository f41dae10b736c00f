package org.libcrux;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;

/** Odd uses: what no careful program does. Each works or fails in words, and the client stays usable. */
public class OddTest {
    private static final String HALF = "\ud800";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Client client;

    @Before
    public void open() throws IOException {
        Shop.forget();
        client = Shop.login();
    }

    @After
    public void close() {
        client.close();
    }

    /** What the compiler does not know of: languages without checked exceptions throw so. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable error) throws T {
        throw (T) error;
    }

    private static Client with(Executor executor) throws IOException {
        return Client.token("custom", Shop.TOKEN, Options.of("base_url", Shop.BASE).executor(executor));
    }

    private static <T> T soon(CompletableFuture<T> future) throws Exception {
        return future.get(5, TimeUnit.SECONDS);
    }

    private static String repeat(String text, int times) {
        return new String(new char[times]).replace("\0", text);
    }

    @Test
    public void anExecutorThatThrowsStopsNothing() throws Exception {
        List<Throwable> errors = Arrays.asList(new NullPointerException("no queue"), new RejectedExecutionException("full"),
            new IllegalStateException("shut"), new StackOverflowError(), new Exception("checked"));
        for (Throwable error : errors) {
            try (Client odd = with(task -> OddTest.<RuntimeException>sneak(error))) {
                for (int turn = 0; turn < 2; turn++) {
                    assertEquals(200, soon(odd.call("GET", "things/0/").sendAsync()).status());
                }
                CompletableFuture<Response> missing = odd.call("GET", "things/999/").sendAsync();
                assertSame(HttpException.class, assertThrows(ExecutionException.class, () -> soon(missing)).getCause().getClass());
            }
        }
        // One that runs its task and throws all the same, or throws now and then.
        AtomicInteger turns = new AtomicInteger();
        try (Client odd = with(task -> {
            if (turns.incrementAndGet() % 2 == 0) {
                task.run();
            }
            throw new IllegalStateException("now and then");
        })) {
            for (int turn = 0; turn < 4; turn++) {
                assertEquals(200, soon(odd.call("GET", "drip/30").onProgress((done, total) -> { }).sendAsync()).status());
            }
        }
    }

    @Test
    public void whatAHookThrowsComesOutAsItIs() throws Exception {
        for (Throwable mine : new Throwable[] {new Exception("checked"), new IOException("io"), new StackOverflowError("deep"),
            new InterruptedException("not really"), new Throwable("bare")}) {
            Progress progress = (done, total) -> OddTest.<RuntimeException>sneak(mine);
            InputStream body = new InputStream() {
                @Override
                public int read() {
                    OddTest.<RuntimeException>sneak(mine);
                    return -1;
                }
            };
            assertSame(mine, assertThrows(Throwable.class,
                () -> client.call("GET", "drip/1000").option("tick.every_ms", 10).onProgress(progress).send()));
            assertSame(mine, assertThrows(Throwable.class, () -> {
                try (ResponseStream stream = client.call("GET", "drip/100000").option("tick.every_ms", 10).onProgress(progress).stream()) {
                    while (stream.read() >= 0) {
                        assertFalse("The stream is that of " + mine, stream.response() == null);
                    }
                }
            }));
            assertSame(mine, assertThrows(ExecutionException.class,
                () -> soon(client.call("GET", "drip/1000").onProgress(progress).sendAsync())).getCause());
            // An IOException may be wrapped by the reader that InputStream has by default.
            Throwable thrown = assertThrows(Throwable.class, () -> client.call("POST", "echo/").body(body, null).send());
            assertSame(mine, thrown);
            assertSame(mine, assertThrows(ExecutionException.class,
                () -> soon(client.call("POST", "echo/").body(body, null).sendAsync())).getCause());
        }
        assertEquals(200, client.get("things/0/").status());
    }

    @Test
    public void aClosedClientSendsNothing() throws Exception {
        Call first = client.call("GET", "things/2/");
        Call second = client.call("GET", "things/2/");
        Call third = client.call("GET", "things/2/");
        Call fourth = client.call("GET", "things/2/");
        Response page = client.call("GET", "things/").query("limit", 1).send();
        Call followed = page.follow("/things/2/");
        Response accepted = client.post("jobs/", "{}");
        Call job = client.job(accepted);
        Stream<Response> pages = client.call("GET", "things/").query("limit", 1).pages();
        long before = Shop.requests("/things/2/");
        client.close();
        List<ThrowingRunnable> all = Arrays.asList(first::send, second::sendAsync, third::stream, fourth::pages, followed::send,
            job::send, () -> page.follow("/things/2/").send(), () -> page.follow("/things/2/").sendAsync(),
            () -> pages.forEach(one -> { }), () -> client.job(accepted), () -> client.logout(), () -> client.resetPassword("a@b"),
            () -> client.setToken("x"), () -> client.upload(folder.getRoot().toPath()), () -> client.token());
        for (ThrowingRunnable one : all) {
            assertEquals("The client is closed.", assertThrows(IllegalStateException.class, one).getMessage());
        }
        assertEquals(before, Shop.requests("/things/2/"));
    }

    @Test
    public void closingEndsWhatOtherThreadsSend() throws Exception {
        for (int round = 0; round < 40; round++) {
            Client shared = Client.token("custom", Shop.TOKEN, Options.of("base_url", Shop.BASE));
            boolean later = round % 2 == 0;
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread thread = new Thread(() -> end.set(assertThrows(Throwable.class, () -> {
                if (later) {
                    shared.call("GET", "slow/").sendAsync().join();
                } else {
                    shared.get("slow/");
                }
            })));
            thread.start();
            for (int spin = 0; spin < round * 50; spin++) {
                Thread.yield();
            }
            long start = System.nanoTime();
            shared.close();
            thread.join(5000);
            assertTrue("It took too long.", System.nanoTime() - start < 300_000_000L);
            Throwable error = end.get() instanceof java.util.concurrent.CompletionException ? end.get().getCause() : end.get();
            assertTrue(String.valueOf(error), error instanceof IllegalStateException || error instanceof CancelledException);
        }
    }

    @Test
    public void aNumberOfAMillionDigitsTakesNoTime() throws Exception {
        String digits = repeat("7", 1_000_000);
        Json json = Shop.parse("{\"n\": " + digits + ", \"m\": -" + repeat("7", 4299) + ", \"f\": 0." + digits + "}");
        long start = System.nanoTime();
        String words = assertThrows(NumberFormatException.class, json::toObject).getMessage();
        assertTrue(words, words.contains("1000000 digits"));
        assertEquals(new BigInteger("-" + repeat("7", 4299)), json.get("m").toObject());
        assertEquals(0.7777777777777778, (Double) json.get("f").toObject(), 1e-15);
        assertEquals(digits, json.get("n").asText());
        assertThrows(RuntimeException.class, () -> json.get("n").asLong());
        assertTrue("It took too long.", System.nanoTime() - start < 2_000_000_000L);
    }

    @Test
    public void namesWithANulAreWhole() throws Exception {
        Json json = Shop.parse("{\"a\\u0000b\": 1, \"c\": {\"\\u0000\": 2, \"\": 3}}");
        assertEquals(Arrays.asList("a\0b", "c"), json.names());
        assertEquals(Arrays.asList("\0", ""), json.get("c").names());
        assertEquals(3, json.at("/c/").asInt());
        @SuppressWarnings("unchecked")
        Map<String, Object> map = (Map<String, Object>) json.toObject();
        assertEquals(1L, map.get("a\0b"));
        for (ThrowingRunnable one : Arrays.<ThrowingRunnable>asList(() -> json.get("a\0b"), () -> json.at("/a\0b"),
            () -> client.get("things/0/").json("/a\0b"), () -> json.forEach(Json::asText))) {
            String words = assertThrows(IllegalArgumentException.class, one).getMessage();
            assertTrue(words, words.contains("NUL"));
        }
        assertThrows(ArgumentException.class, () -> client.call("POST", "echo/").put("/a\0b", 1).send());
        Response echo = client.post("echo/", "{\"a\\u0000b\": 1}");
        assertEquals("{\"a\\u0000b\": 1}", echo.json("/body").asText());
    }

    @Test
    public void progressMayUseItsOwnClient() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Progress progress = (done, total) -> {
            calls.incrementAndGet();
            try {
                assertEquals(200, soon(client.call("GET", "things/0/").sendAsync()).status());
                assertEquals(200, client.get("things/0/").status());
            } catch (Exception error) {
                throw new AssertionError(error);
            }
        };
        assertEquals(1000, soon(client.call("GET", "drip/1000").onProgress(progress).sendAsync()).length());
        assertTrue(calls.get() > 0);
        // One progress at a time, in order, and before the end.
        List<Long> seen = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        int length = soon(client.call("GET", "drip/1000").onProgress((done, total) -> {
            assertEquals(1, inside.incrementAndGet());
            seen.add(done);
            inside.decrementAndGet();
        }).sendAsync()).length();
        assertEquals((long) length, (long) seen.get(seen.size() - 1));
        for (int at = 1; at < seen.size(); at++) {
            assertTrue(seen.toString(), seen.get(at - 1) < seen.get(at));
        }
    }

    @Test
    public void hooksMayCloseTheirClient() throws Exception {
        Client one = Shop.login();
        assertThrows(CancelledException.class, () -> one.call("GET", "slow/").onProgress((done, total) -> { })
            .body(new ByteArrayInputStream(new byte[1]) {
                @Override
                public synchronized int read(byte[] to, int at, int length) {
                    one.close();
                    return super.read(to, at, length);
                }
            }, null).send());
        AtomicReference<Client> other = new AtomicReference<>();
        Options options = Options.of("base_url", Shop.BASE).log(Constants.LOG_TRACE, (level, line) -> {
            if (other.get() != null) {
                other.get().close();
            }
            throw new IllegalStateException(line);
        });
        other.set(Client.token("custom", Shop.TOKEN, options));
        try {
            other.get().get("things/0/");
        } catch (IOException | IllegalStateException told) {
            assertNotNull(told.getMessage());
        }
        assertThrows(IllegalStateException.class, () -> other.get().get("things/0/"));
        Client third = Shop.login();
        CompletableFuture<Response> future = third.call("GET", "drip/1000000").onProgress((done, total) -> third.close()).sendAsync();
        assertSame(CancelledException.class, assertThrows(ExecutionException.class, () -> soon(future)).getCause().getClass());
    }

    @Test
    public void aTokenThatIsNoneIsExplained() throws Exception {
        for (String token : new String[] {HALF, repeat("x", 200_000), "a\0b", "a\nb", "", null}) {
            Options options = Options.of("service", "custom", "base_url", Shop.BASE).token(refused -> token);
            try (Client odd = Client.login(options)) {
                CruxException error = assertThrows(CruxException.class, () -> odd.get("things/0/"));
                assertTrue(error.toString(), error instanceof AuthException || error instanceof ArgumentException);
                if (token == HALF || token != null && token.length() > 1000) {
                    assertSame(IllegalArgumentException.class, error.getCause().getClass());
                } else {
                    assertNull(error.getCause());
                }
            }
        }
    }

    @Test
    public void aStreamThatLiesWritesNowhere() throws Exception {
        for (int more : new int[] {1, 100, Integer.MAX_VALUE}) {
            for (int start = 0; start < 2; start++) {
                int first = start;
                InputStream liar = new InputStream() {
                    private int reads;

                    @Override
                    public int read() {
                        return -1;
                    }

                    @Override
                    public int read(byte[] to, int at, int length) {
                        return reads++ < first ? length - 1 : more == Integer.MAX_VALUE ? more : length + more;
                    }
                };
                IllegalStateException error = assertThrows(IllegalStateException.class,
                    () -> client.call("POST", "echo/").body(liar, null).send());
                assertTrue(error.getMessage(), error.getMessage().contains("were asked for"));
            }
        }
    }

    @Test
    public void aBodyMayBeEmpty() throws Exception {
        Path empty = Files.createFile(folder.getRoot().toPath().resolve("empty"));
        InputStream nothing = new ByteArrayInputStream(new byte[0]);
        List<Call> calls = Arrays.asList(client.call("POST", "echo/"), client.call("POST", "echo/").json(""),
            client.call("POST", "echo/").body(new byte[0], "x/y"), client.call("POST", "echo/").body(empty, null),
            client.call("POST", "echo/").body(nothing, null), client.call("POST", "echo/").body(nothing, 0, null));
        for (Call call : calls) {
            assertEquals(0, call.send().json("/body_length").asLong());
        }
        assertEquals(0, client.call("POST", "upload/").part("file", "name", new byte[0]).send().json("/size").asLong());
        try (ResponseStream stream = client.call("GET", "drip/0").stream()) {
            assertEquals(0, stream.read(new byte[0]));
            assertEquals(-1, stream.read());
            assertEquals(-1, stream.read());
        }
        Response response = client.get("drip/0");
        assertThrows(IllegalStateException.class, response::json);
    }

    @Test
    public void headersOfAnySizeAreSentOrRefused() throws Exception {
        String large = repeat("x", 5000);
        assertEquals(large, client.call("GET", "echo/").header("x-long", large).send().json("/headers/x-long").asText());
        String[][] bad = {{"x-a", "b\r\nx-c: d"}, {"x-a", "b\0c"}, {"x a", "b"}, {"", "b"}, {"x-é", "b"}, {"Authorization", "mine"}};
        for (String[] one : bad) {
            assertThrows(ArgumentException.class, () -> client.call("GET", "echo/").header(one[0], one[1]).send());
        }
        try {
            client.call("GET", "echo/").header("x-huge", repeat("x", 1 << 24)).send();
        } catch (CruxException told) {
            assertNotNull(told.getMessage());
        }
        assertEquals(200, client.get("things/0/").status());
    }

    @Test
    public void halfASurrogatePairIsRefusedEverywhere() throws Exception {
        Response response = client.get("things/0/");
        List<ThrowingRunnable> all = Arrays.asList(() -> client.get(HALF), () -> client.call(HALF, "x"),
            () -> client.call("GET", "x").query(HALF, "a"), () -> client.call("GET", "x").query("a", "b" + HALF),
            () -> client.call("GET", "{a}").fill("a", HALF), () -> client.call("GET", "x").header("a", HALF),
            () -> client.call("GET", "x").option("accept", HALF), () -> client.call("POST", "x").put("/a", HALF),
            () -> client.call("POST", "x").put("/" + HALF, "a"), () -> client.call("POST", "x").putJson("/a", "\"" + HALF + "\""),
            () -> client.call("POST", "x").json(HALF), () -> client.call("POST", "x").part(HALF, "a"),
            () -> client.call("POST", "x").part("a", HALF), () -> client.call("POST", "x").body(new byte[1], HALF),
            () -> client.setToken(HALF), () -> client.resetPassword(HALF), () -> client.info(HALF), () -> response.header(HALF),
            () -> response.json("/" + HALF), () -> response.json().get(HALF), () -> response.follow(HALF),
            () -> Client.token("custom", HALF), () -> Client.anonymous(HALF));
        for (int at = 0; at < all.size(); at++) {
            ThrowingRunnable one = all.get(at);
            try {
                assertThrows("number " + at, IllegalArgumentException.class, one);
            } catch (AssertionError error) {
                throw new AssertionError("Number " + at + " was taken.", error);
            }
        }
    }

    @Test
    public void numbersThatAreNoneAreRefused() throws Exception {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThrows(ArgumentException.class, () -> client.call("POST", "echo/").put("/a", bad).send());
            assertThrows(ArgumentException.class, () -> client.call("GET", "echo/").option("timeout.total_ms", bad).send());
        }
        assertThrows(ArgumentException.class, () -> client.call("GET", "echo/").timeout(Duration.ofMillis(-1)).send());
        assertThrows(ArgumentException.class, () -> client.call("GET", "echo/").timeout(Duration.ofDays(1_000_000)).send());
        assertThrows(ArithmeticException.class, () -> client.call("GET", "echo/").timeout(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThrows(FileException.class,
            () -> client.call("POST", "echo/").body(new ByteArrayInputStream(new byte[3]), 5, null).send());
        assertThrows(ArgumentException.class,
            () -> client.call("POST", "echo/").body(new ByteArrayInputStream(new byte[3]), -5, null).send());
        Json json = client.get("things/").json();
        assertFalse(json.get(-1).exists());
        assertFalse(json.at("nonsense").exists());
        assertFalse(json.at("/results/00").exists());
        assertThrows(IndexOutOfBoundsException.class, () -> json.names().get(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> json.names().get(99));
    }

    @Test
    public void collectionsAtEveryStepFreeNothingTooEarly() throws Exception {
        for (int turn = 0; turn < 10; turn++) {
            Client mine = Client.token("custom", Shop.TOKEN, Options.of("base_url", Shop.BASE).log(5, (level, line) -> { }));
            Call call = mine.call("GET", "things/");
            System.gc();
            Iterable<Json> items = call.onProgress((done, total) -> System.gc()).send().json("/results");
            System.gc();
            CompletableFuture<Response> future = mine.call("GET", "drip/50").onProgress((done, total) -> System.gc()).sendAsync();
            ResponseStream stream = mine.call("GET", "drip/1000000").stream();
            mine.call("GET", "slow/").sendAsync();
            mine = null;
            call = null;
            System.gc();
            assertTrue(items.iterator().next().get("name").asText().length() > 0);
            assertTrue(stream.read() >= 0);
            System.gc();
            assertEquals(50, soon(future).length());
            stream.close();
        }
    }

    @Test
    public void whatWasReleasedOrClosedSaysSo() throws Exception {
        Response response = client.get("things/0/");
        Json json = response.json();
        response.release();
        response.release();
        for (ThrowingRunnable one : Arrays.<ThrowingRunnable>asList(json::asText, json::type, json::toObject, json::names,
            response::json, response::url, response::headers, () -> response.follow("x"), () -> client.job(response))) {
            assertEquals("The response was released.", assertThrows(IllegalStateException.class, one).getMessage());
        }
        assertTrue(response.toString(), response.text().contains("Ärmel"));
        ResponseStream stream = client.call("GET", "drip/100000000").stream();
        Thread closer = new Thread(() -> {
            stream.close();
            stream.close();
        });
        assertTrue(stream.read() >= 0);
        closer.start();
        long start = System.nanoTime();
        assertThrows(IOException.class, () -> {
            while (stream.read() >= 0) {
                assertTrue(System.nanoTime() - start < 1_000_000_000L);
            }
        });
        closer.join();
        AuthException refused = assertThrows(AuthException.class,
            () -> Client.login("custom", Shop.USER, "wrong", Options.of("base_url", Shop.BASE)));
        assertThrows(IllegalStateException.class, () -> refused.response().follow("x"));
        assertEquals(401, refused.response().status());
    }

    @Test
    public void aHookThatInterruptsItsThreadEndsTheCall() throws Exception {
        assertThrows(CancelledException.class, () -> client.call("GET", "drip/100000000").option("tick.every_ms", 10)
            .save(folder.getRoot().toPath().resolve("file")).onProgress((done, total) -> Thread.currentThread().interrupt()).send());
        assertTrue(Thread.interrupted());
        assertEquals(200, client.get("things/0/").status());
    }
}
