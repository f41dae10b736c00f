package org.libcrux;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a virtual machine with a collector, threads and exceptions of its own may expect. */
public class RuntimeTest {
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

    @Test
    public void hundred_at_once() throws Exception {
        List<CompletableFuture<Response>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(client.call("GET", "things/0/").sendAsync());
        }
        assertEquals("All share one thread.", 1, CancelCases.pumps());
        for (CompletableFuture<Response> one : all) {
            assertEquals("Ärmel \"0\"", one.get().json("/name").asText());
        }
    }

    @Test
    public void finalizers() throws Exception {
        System.gc();
        int kept = Hooks.kept();
        int watched = Reaper.watched();
        for (int i = 0; i < 200; i++) {
            Client dropped = Client.token("custom", Shop.TOKEN, Options.of("base_url", Shop.BASE).log(1, (level, line) -> { }));
            Call unsent = dropped.call("GET", "things/").onProgress((done, total) -> { });
            unsent.body(new ByteArrayInputStream(new byte[1]), null);
            if (i % 10 == 0) {
                dropped.get("things/0/").json("/name").asText();
                dropped.call("GET", "files/out.bin").stream().read();
            }
        }
        collect(watched, kept);
        Child child = Child.run(Child.java(Child.classPath(), "org.libcrux.Programs", "leave"), null, Collections.emptyMap());
        assertEquals("left\n", child.out);
        assertEquals(0, child.code);
    }

    /** Waits until no more handles are open and no more hooks are kept than before. */
    private static void collect(int watched, int kept) throws Exception {
        Shop.await("their collection", () -> {
            System.gc();
            return Reaper.watched() <= watched && Hooks.kept() <= kept;
        });
    }

    @Test
    public void aSmallHeapHoldsManyLargeResponses() throws Exception {
        List<String> command = Child.java(Child.classPath(), "org.libcrux.Programs", "large");
        command.add(1, "-Xmx64m");
        Child child = Child.run(command, null, Collections.emptyMap());
        assertEquals(child.out, 0, child.code);
    }

    @Test
    public void theVirtualMachineFindsNoMisuse() throws Exception {
        List<String> command = Child.java(Child.classPath(), "org.libcrux.Programs", "leave");
        command.add(1, "-Xcheck:jni");
        Child child = Child.run(command, null, Collections.emptyMap());
        // JNA's own warnings are about exceptions that it does not look for; misuse is fatal.
        assertFalse(child.out, child.out.contains("FATAL"));
        assertTrue(child.out, child.out.contains("left\n"));
        assertEquals(0, child.code);
    }

    @Test
    public void hooksThatLeadToTheirResponseAreCollected() throws Exception {
        int watched = Reaper.watched();
        int kept = Hooks.kept();
        for (int i = 0; i < 20; i++) {
            Response[] holder = {null};
            holder[0] = client.call("GET", "files/out.bin").onProgress((done, total) -> holder.clone()).send();
        }
        collect(watched, kept);
    }

    @Test
    public void aClientIsClosedWhileOthersUseIt() throws Exception {
        for (int round = 0; round < 20; round++) {
            Client shared = Shop.login();
            List<CompletableFuture<Throwable>> ends = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ends.add(CompletableFuture.supplyAsync(() -> useUntilItFails(shared), task -> new Thread(task).start()));
            }
            Shop.await("some requests", () -> shared.number("requests") > 10);
            shared.close();
            for (CompletableFuture<Throwable> end : ends) {
                Throwable error = end.get();
                boolean told = error instanceof IllegalStateException || error instanceof CancelledException;
                assertTrue(String.valueOf(error), told);
            }
        }
    }

    private static Throwable useUntilItFails(Client shared) {
        try {
            while (true) {
                shared.get("things/0/").json("/name").asText();
                shared.call("GET", "things/1/").sendAsync().get();
            }
        } catch (ExecutionException error) {
            return error.getCause();
        } catch (Exception error) {
            return error;
        }
    }

    @Test
    public void whatDependsOnAFutureMayWaitForAnother() throws Exception {
        CompletableFuture<Long> chain = client.call("GET", "things/0/").sendAsync().thenApply(first ->
            client.call("GET", "things/1/").sendAsync().join().json("/id").asLong());
        assertEquals(1L, (long) chain.get());
    }

    @Test
    public void futuresFailWithTheSameExceptions() throws Exception {
        CompletableFuture<Response> missing = client.call("GET", "things/999/").sendAsync();
        ExecutionException error = assertThrows(ExecutionException.class, missing::get);
        assertSame(HttpException.class, error.getCause().getClass());
        CompletableFuture<Response> refused = client.call("GET", "a\0b").sendAsync();
        assertSame(ArgumentException.class, assertThrows(ExecutionException.class, refused::get).getCause().getClass());
        RuntimeException thrown = new IllegalStateException("Enough.");
        CompletableFuture<Response> drip = client.call("GET", "drip/1000000").onProgress((done, total) -> {
            throw thrown;
        }).sendAsync();
        assertSame(thrown, assertThrows(ExecutionException.class, drip::get).getCause());
    }

    @Test
    public void progressIsToldWithoutWaitingToo() throws Exception {
        long[] last = {0, 0};
        Path file = folder.getRoot().toPath().resolve("out.bin");
        client.call("GET", "files/out.bin").save(file).onProgress((done, total) -> {
            last[0] = done;
            last[1] = total;
        }).sendAsync().get();
        assertEquals(1 << 20, last[0]);
        assertEquals(1 << 20, last[1]);
    }

    @Test
    public void aLoginNeedNotWait() throws Exception {
        Options options = Options.of("base_url", Shop.BASE);
        try (Client later = Client.loginAsync("custom", Shop.USER, Shop.PASSWORD, options).get()) {
            assertEquals(1, later.number("logins"));
            assertEquals(200, later.get("things/0/").status());
            assertEquals(1, later.number("logins"));
        }
        ExecutionException error = assertThrows(ExecutionException.class, () ->
            Client.loginAsync("custom", Shop.USER, "wrong", options).get());
        assertSame(AuthException.class, error.getCause().getClass());
    }

    @Test
    public void threadsOfFuturesEndByThemselves() throws Exception {
        client.call("GET", "things/0/").sendAsync().get();
        assertEquals(1, CancelCases.pumps());
        Shop.await("the end of the thread", () -> CancelCases.pumps() == 0);
        assertEquals(200, client.call("GET", "things/0/").sendAsync().get().status());
    }

    @Test
    public void exceptionsAreSerializable() throws Exception {
        HttpException error = assertThrows(HttpException.class, () -> client.get("things/999/"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(error);
        HttpException copy = (HttpException) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertNotSame(error, copy);
        assertEquals(404, copy.status());
        assertEquals("No such thing.", copy.serverMessage());
        assertEquals(error.getMessage(), copy.getMessage());
    }

    @Test
    public void token_source() throws Exception {
        List<String> refused = Collections.synchronizedList(new ArrayList<>());
        Options options = Options.of("service", "custom", "base_url", Shop.BASE).token(before -> {
            refused.add(before);
            return before == null ? "stale" : Shop.TOKEN;
        });
        try (Client vault = Client.login(options)) {
            assertEquals(200, vault.get("things/0/").status());
            assertEquals(200, vault.call("GET", "things/0/").sendAsync().get().status());
        }
        try (Client vault = Client.login(options)) {
            assertEquals(200, vault.call("GET", "things/0/").sendAsync().get().status());
        }
        assertEquals("[null, stale, null, stale]", refused.toString());
    }

    @Test
    public void token_source_throws() throws Exception {
        IllegalStateException locked = new IllegalStateException("The keyring is locked.");
        for (boolean late : new boolean[] {false, true}) {
            Options options = Options.of("service", "custom", "base_url", Shop.BASE).token(before -> {
                if (late && before == null) {
                    return "stale";
                }
                throw locked;
            });
            try (Client vault = Client.login(options)) {
                for (int turn = 0; turn < 2; turn++) {
                    assertSame(locked, assertThrows(AuthException.class, () -> vault.get("things/0/")).getCause());
                    ExecutionException failed = assertThrows(ExecutionException.class,
                        () -> vault.call("GET", "things/0/").sendAsync().get());
                    assertSame(locked, failed.getCause().getCause());
                }
            }
        }
    }

    @Test
    public void nulsInsideJsonStay() throws Exception {
        Json json = Shop.parse("{\"a\": \"x\\u0000y\", \"n\": 18446744073709551616, \"l\": [[], {\"k\": [1]}, 2]}");
        assertEquals("x\0y", json.get("a").asText());
        assertEquals("{a=x\0y, n=18446744073709551616, l=[[], {k=[1]}, 2]}", json.toObject().toString());
    }

    @Test
    public void theCopyInTheJarIsLoadedWhereTmpHoldsNoPrograms() throws Exception {
        String jar = System.getProperty("crux.jar");
        File tmp = folder.newFolder("noexec");
        List<String> java = Child.java(jar + File.pathSeparator + Child.classPath(), "-Djava.io.tmpdir=" + tmp,
            "org.libcrux.Programs", "version");
        String script = "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"";
        List<String> command = new ArrayList<>();
        Collections.addAll(command, "unshare", "--mount", "sh", "-c", script, tmp.toString());
        command.addAll(java);
        List<String> probe = new ArrayList<>(command.subList(0, 6));
        probe.add("true");
        Assume.assumeTrue("this account may not mount", Child.run(probe, null, Collections.emptyMap()).code == 0);
        Map<String, String> variables = new HashMap<>();
        variables.put("CRUX_LIBRARY", null);
        variables.put("XDG_CACHE_HOME", folder.newFolder("cache").toString());
        Child child = Child.run(command, null, variables);
        assertEquals(child.out, 0, child.code);
        assertEquals("The copy was left behind.", 0, new File(folder.getRoot(), "cache").list((parent, name) -> name.startsWith("libcrux")).length);
        assertEquals(Crux.version() + "\n", child.out);
    }

    @Test
    public void theTourPrintsWhatAllToursPrint() throws Exception {
        Child child = Child.run(Child.java(Child.classPath(), "Tour"), folder.getRoot().toPath(), Collections.emptyMap());
        Path expected = new File(System.getenv("CRUX_CASES")).toPath().resolveSibling("tour.txt");
        assertEquals(Text.string(Files.readAllBytes(expected)), child.out);
        assertEquals(0, child.code);
    }

    @Test
    public void theLoginExampleWorks() throws Exception {
        Child child = Child.run(Child.java(Child.classPath(), "Login"), null, Collections.emptyMap());
        assertEquals("Ärmel \"0\"\n", child.out);
        assertEquals(0, child.code);
    }
}
