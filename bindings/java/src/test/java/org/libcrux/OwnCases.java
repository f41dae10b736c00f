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
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.After;
import org.junit.Before;
import org.junit.Ignore;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The cases of bindings/cases.json that each language writes by hand; the methods have their names. */
public class OwnCases {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Client client;

    @Before
    public void open() throws IOException {
        Shop.forget();
        client = Shop.login();
    }

    @After
    public void close() throws IOException {
        client.close();
        Shop.forget();
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    @Test
    public void from_env() throws Exception {
        Map<String, String> variables = new HashMap<>();
        variables.put("CRUX_API", Shop.BASE);
        variables.put("CRUX_TOKEN", Shop.TOKEN);
        variables.put("CRUX_USER", null);
        variables.put("CRUX_PASSWORD", null);
        Child child = Child.run(Child.java(Child.classPath(), "org.libcrux.Programs", "fromEnv"), null, variables);
        assertEquals("Bluse\n", child.out);
        assertEquals(0, child.code);
    }

    @Test
    public void error_tree() throws Exception {
        List<String> words = java.util.Arrays.asList("argument", "resolve", "connect", "tls", "io", "protocol", "timeout",
            "cancelled", "auth", "http", "too_large", "job", "file", "internal");
        for (int code = 1; code <= words.size(); code++) {
            CruxException error = Errors.of(code, "So it is.", null);
            assertSame(Cases.errorOf(words.get(code - 1)), error.getClass());
            assertSame(CruxException.class, error.getClass().getSuperclass());
            assertTrue(IOException.class.isInstance(error));
            assertEquals(code, error.code());
        }
        assertNull("There is an outcome that has no class.", Text.at(Low.crux_error_name(words.size() + 1)));
    }

    @Test
    public void errors_hide_secrets() throws Exception {
        ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
        Options options = Options.of("user_agent", "test").log(Constants.LOG_TRACE, (level, line) -> texts.add(line));
        try (Client loud = Shop.login(options)) {
            CruxException error = assertThrows(HttpException.class, () -> loud.get("things/999/"));
            Collections.addAll(texts, error.toString(), loud.toString(), error.response().toString());
        }
        AuthException refused = assertThrows(AuthException.class,
            () -> Client.login("custom", Shop.USER, "sesame-77", options));
        Collections.addAll(texts, refused.toString(), refused.response().text(), refused.response().toString());
        texts.add(options.copy().set(Option.SECRET, Shop.PASSWORD).set(Option.TOKEN, Shop.TOKEN).toString());
        assertTrue(texts.size() > 10);
        for (String text : texts) {
            assertFalse(text, text.contains(Shop.PASSWORD) || text.contains(Shop.TOKEN) || text.contains("sesame-77"));
        }
    }

    @Test
    public void pages_left_early() throws Exception {
        long before = client.number("requests");
        Iterator<Response> pages = client.call("GET", "things/").query("limit", 3).pages().iterator();
        assertEquals(3, pages.next().json("/results").size());
        assertEquals("Ärmel \"0\"", client.call("GET", "things/").query("limit", 3).items().findFirst().get().get("name").asText());
        assertEquals(2, client.number("requests") - before);
        assertEquals(0, client.number("under_way"));
    }

    @Test
    public void wait_later() throws Exception {
        Response accepted = client.post("jobs/", "{}");
        assertEquals(202, accepted.status());
        Response done = client.await(accepted);
        assertEquals(100, done.json("/value/progress").asLong());
        assertEquals(Shop.fill("{base}files/out.bin"), done.location());
    }

    @Test
    public void upload_file() throws Exception {
        Path file = file("ü \"1\".txt");
        Files.write(file, new byte[3_000_000]);
        long[] sent = {0};
        Response response = client.upload("upload/", "file", file).onSend((done, total) -> sent[0] = total).send();
        assertEquals(3_000_000, response.json("/size").asLong());
        assertEquals("ü \"1\".txt", response.json("/name").asText());
        assertTrue("The form is longer than its file.", sent[0] > 3_000_000);
    }

    @Test
    public void upload_missing_file() {
        assertThrows(FileException.class, () -> client.upload("upload/", "file", file("none")).send());
        assertThrows(FileException.class, () -> client.call("POST", "upload/").part("file", file("none")).send());
    }

    @Test
    public void download_into_no_folder() {
        assertThrows(FileException.class, () -> client.download("files/out.bin", file("none").resolve("out.bin")));
    }

    @Test
    public void stream_left_early() throws Exception {
        try (ResponseStream stream = client.call("GET", "drip/100000000").stream()) {
            assertTrue(stream.read() >= 0);
            assertEquals(1, client.number("under_way"));
        }
        Shop.await("the end of the stream", () -> client.number("under_way") == 0);
        assertEquals(0, client.number("open_connections"));
        ResponseStream closed = client.call("GET", "files/out.bin").stream();
        closed.close();
        closed.close();
        assertThrows(IOException.class, closed::read);
    }

    @Test
    public void stream_up() throws Exception {
        int kept = Hooks.kept();
        InputStream pieces = new SequenceInputStream(
            new ByteArrayInputStream(new byte[100_000]), new ByteArrayInputStream(new byte[] {1, 2, 3}));
        Response response = client.call("POST", "echo/").body(pieces, "application/x-pieces").send();
        assertEquals(100_003, response.json("/body_length").asLong());
        assertEquals("chunked", response.json("/headers/transfer-encoding").asText());
        Response known = client.call("POST", "echo/").body(new ByteArrayInputStream(new byte[5]), 5, null).sendAsync().get();
        assertEquals("5", known.json("/headers/content-length").asText());
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("The tape is torn.");
            }
        };
        IOException error = assertThrows(IOException.class, () -> client.call("POST", "echo/").body(broken, null).send());
        assertEquals("The tape is torn.", error.getMessage());
        response.release();
        known.release();
        Shop.await("the release of the sources", () -> Hooks.kept() <= kept);
    }

    @Test
    public void progress_throws() {
        IllegalStateException thrown = new IllegalStateException("Enough.");
        Path file = file("out.bin");
        assertSame(thrown, assertThrows(IllegalStateException.class, () ->
            client.call("GET", "files/out.bin").save(file).onProgress((received, total) -> {
                throw thrown;
            }).send()));
        assertFalse(Files.exists(file));
    }

    @Test
    public void log() throws Exception {
        ConcurrentLinkedQueue<Integer> levels = new ConcurrentLinkedQueue<>();
        try (Client loud = Shop.login(Options.of().log(Constants.LOG_INFO, (level, line) -> levels.add(level)))) {
            loud.get("things/0/");
        }
        assertTrue("Nothing was logged.", levels.contains(Constants.LOG_INFO));
        assertTrue("More was logged than was asked for.", levels.stream().allMatch(level -> level <= Constants.LOG_INFO));
    }

    @Test
    public void log_throws() throws Exception {
        int[] lines = {0};
        Options options = Options.of().log(Constants.LOG_TRACE, (level, line) -> {
            lines[0]++;
            throw new IllegalStateException("The disk is full.");
        });
        try (Client loud = Shop.login(options)) {
            assertEquals(200, loud.get("things/0/").status());
        }
        assertTrue(lines[0] > 0);
    }

    @Test
    public void closed() throws Exception {
        Call before = client.call("GET", "things/0/");
        client.close();
        client.close();
        assertThrows(IllegalStateException.class, () -> client.get("things/0/"));
        assertThrows(IllegalStateException.class, () -> client.info("base_url"));
        assertThrows(IllegalStateException.class, before::sendAsync);
        client.cancel();
        assertEquals("Client{closed}", client.toString());
    }

    @Test
    public void answer_outlives_client() throws Exception {
        Response response = client.get("things/0/");
        client.close();
        assertEquals("Ärmel \"0\"", response.json("/name").asText());
        assertEquals("application/json", response.header("content-type"));
        response.release();
        assertEquals(200, response.status());
        assertTrue(response.text().contains("Ärmel"));
        assertThrows(IllegalStateException.class, response::json);
    }

    @Test
    public void wrong_types() throws Exception {
        assertThrows(NullPointerException.class, () -> client.get(null));
        assertThrows(NullPointerException.class, () -> Client.login("custom", null, "x"));
        assertThrows(NullPointerException.class, () -> client.call("GET", "echo/").header(null, "x"));
        assertThrows(NullPointerException.class, () -> client.call("POST", "echo/").body((byte[]) null, null));
        assertThrows(IllegalArgumentException.class, () -> Options.of("base_url"));
        assertThrows(IllegalArgumentException.class, () -> Options.of(1, 2));
        assertThrows(IllegalArgumentException.class, () -> client.call("GET", "echo/").option("idempotent", new Object()));
        Json name = client.get("things/0/").json("/name");
        assertThrows(NoSuchElementException.class, name::asLong);
        assertThrows(NoSuchElementException.class, name::asDouble);
        assertThrows(NoSuchElementException.class, name::asBoolean);
        assertThrows(NoSuchElementException.class, name.get("further")::asText);
    }

    @Test
    public void broken_text() {
        String half = "a\ud83d";
        assertThrows(IllegalArgumentException.class, () -> client.get(half));
        assertThrows(IllegalArgumentException.class, () -> client.call("GET", "echo/").query("q", half));
        assertThrows(IllegalArgumentException.class, () -> client.call("GET", "echo/").header("X-Case", half));
        assertThrows(IllegalArgumentException.class, () -> client.post("echo/", "\"" + half + "\""));
        assertThrows(IllegalArgumentException.class, () -> Client.login("custom", "ada", half, Options.of("base_url", Shop.BASE)));
    }

    @Test
    public void threads() throws Exception {
        Throwable[] thrown = {null};
        Call slow = client.call("GET", "slow/");
        Thread waits = new Thread(() -> {
            try {
                slow.send();
            } catch (Throwable error) {
                thrown[0] = error;
            }
        });
        waits.start();
        Shop.await("the slow request", () -> client.number("under_way") == 1);
        for (int i = 0; i < 20; i++) {
            assertEquals(200, client.get("things/0/").status());
        }
        assertTrue("The slow one did not wait.", waits.isAlive());
        slow.cancel();
        waits.join(10_000);
        assertSame(CancelledException.class, thrown[0].getClass());
    }

    @Test
    @Ignore("Java has no fork")
    public void fork() {}

    @Test
    public void library_missing() throws Exception {
        Map<String, String> variables = new HashMap<>();
        variables.put("CRUX_LIBRARY", "/nowhere/libcrux.so");
        Child named = Child.run(Child.java(Child.classPath(), "org.libcrux.Programs", "version"), null, variables);
        assertEquals(1, named.code);
        assertTrue(named.out, named.out.contains("UnsatisfiedLinkError: The library libcrux could not be loaded. Tried: "
            + "CRUX_LIBRARY names /nowhere/libcrux.so"));
        variables.put("CRUX_LIBRARY", null);
        Child none = Child.run(Child.java(Child.classPath(), "org.libcrux.Programs", "version"), null, variables);
        // Where libcrux is installed, the system's is found.
        if (none.code != 0) {
            assertTrue(none.out, none.out.contains("the package's own copy (it has none for "));
            assertTrue(none.out, none.out.contains("; the system's libcrux.so.0 ("));
        }
    }

    @Test
    public void library_too_old() throws Exception {
        Path source = file("old.c");
        Path library = file("libold.so");
        Files.write(source, Collections.singletonList("int crux_abi(void) { return 0; }"));
        List<String> command = java.util.Arrays.asList("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString());
        assertEquals(0, Child.run(command, null, Collections.emptyMap()).code);
        Child child = Child.run(Child.java(Child.classPath(), "org.libcrux.Programs", "version"), null,
            Collections.singletonMap("CRUX_LIBRARY", library.toString()));
        assertEquals(1, child.code);
        assertTrue(child.out, child.out.contains(
            "The library libcrux is too old: its CRUX_ABI is 0, and this package needs " + Low.ABI + "."));
        assertNotNull(Crux.version());
    }
}
