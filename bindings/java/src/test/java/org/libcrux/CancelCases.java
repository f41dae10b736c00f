package org.libcrux;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Whatever waits ends within 300 ms: by Thread.interrupt, and by the cancel of a future. */
public class CancelCases {
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

    private boolean begun() {
        return client.number("under_way") > 0;
    }

    private static void assertCancelled(Throwable error) {
        assertSame(CancelledException.class, error.getClass());
    }

    @Test
    public void cancel_request() throws Exception {
        assertCancelled(Interrupted.of(() -> client.get("slow/"), this::begun));
        assertEquals(0, client.number("under_way"));
    }

    @Test
    public void cancel_login() throws Exception {
        Shop.answer("{\"path\": \"/login\", \"status\": 200, \"body\": {\"token\": \"x\"}, \"delay_ms\": 5000}");
        long before = Shop.requests("/login");
        assertCancelled(Interrupted.of(Shop::login, () -> Shop.requests("/login") > before));
    }

    @Test
    public void cancel_job() throws Exception {
        Shop.answer("{\"path\": \"/endless/\", \"status\": 202, \"body\": {\"value\": \"/endless/progress/\"}}");
        Shop.answer("{\"path\": \"/endless/progress/\", \"status\": 200, \"body\": {\"value\": {\"progress\": 10}}}");
        long[] percent = {-1};
        Call job = client.call("POST", "endless/").json("{}").await().onJob((done, total) -> percent[0] = done);
        assertCancelled(Interrupted.of(job::send, () -> percent[0] == 10));
        Response accepted = client.post("endless/", "{}");
        assertCancelled(Interrupted.of(() -> client.await(accepted), this::begun));
        // Without a thread that waits; and before it has begun.
        percent[0] = -1;
        CompletableFuture<Response> waiting = client.job(accepted).onJob((done, total) -> percent[0] = done).sendAsync();
        Shop.await("the percentage", () -> percent[0] == 10);
        waiting.cancel(true);
        Shop.await("its end", () -> !begun());
        Call job2 = client.job(accepted);
        job2.cancel();
        assertThrows(CancelledException.class, job2::send);
        assertThrows(TimeoutException.class, client.job(accepted).option("job.timeout_ms", 50)::send);
    }

    @Test
    public void cancel_page() throws Exception {
        Shop.answer("{\"path\": \"/list/\", \"status\": 200, \"body\": {\"results\": [1], \"next\": \"/late/\"}}");
        Shop.answer("{\"path\": \"/late/\", \"status\": 200, \"body\": {\"results\": []}, \"delay_ms\": 5000}");
        Iterator<Response> pages = client.call("GET", "list/").pages().iterator();
        pages.next();
        Throwable error = Interrupted.of(pages::next, this::begun);
        assertSame(UncheckedIOException.class, error.getClass());
        assertCancelled(error.getCause());
    }

    @Test
    public void cancel_download() throws Exception {
        Path file = folder.getRoot().toPath().resolve("drip.bin");
        long[] received = {0};
        Call call = client.call("GET", "drip/100000000").save(file).onProgress((done, total) -> received[0] = done);
        assertCancelled(Interrupted.of(call::send, () -> received[0] > 0));
        assertFalse(Files.exists(file));
    }

    @Test
    public void aStreamIsInterruptedWhileItReads() throws Exception {
        long[] read = {0};
        ResponseStream stream = client.call("GET", "drip/100000000").stream();
        assertCancelled(Interrupted.of(() -> {
            while (stream.read() >= 0) {
                read[0]++;
            }
            return null;
        }, () -> read[0] > 0));
        stream.close();
    }

    @Test
    public void aStreamIsClosedByAnotherThread() throws Exception {
        ResponseStream stream = client.call("GET", "drip/100000000").stream();
        Throwable[] thrown = {null};
        Thread reader = new Thread(() -> thrown[0] = assertThrows(IOException.class, () -> {
            while (stream.read() >= 0) {
                Thread.yield();
            }
        }));
        reader.start();
        long start = System.nanoTime();
        stream.close();
        reader.join(10_000);
        assertTrue((System.nanoTime() - start) / 1_000_000 <= 300);
        assertTrue(thrown[0] instanceof IOException);
    }

    @Test
    public void aFutureThatIsCancelledEndsItsRequest() throws Exception {
        CompletableFuture<Response> future = client.call("GET", "slow/").sendAsync();
        Shop.await("the request", this::begun);
        long start = System.nanoTime();
        assertTrue(future.cancel(true));
        Shop.await("its end", () -> !begun());
        assertTrue((System.nanoTime() - start) / 1_000_000 <= 300);
        assertThrows(CancellationException.class, future::get);
    }

    @Test
    public void aLoginWithoutWaitingIsCancelled() throws Exception {
        Shop.answer("{\"path\": \"/login\", \"status\": 200, \"body\": {\"token\": \"x\"}, \"delay_ms\": 5000}");
        int kept = Hooks.kept();
        long before = Shop.requests("/login");
        CompletableFuture<Client> login =
            Client.loginAsync("custom", Shop.USER, Shop.PASSWORD, Options.of("base_url", Shop.BASE));
        Shop.await("the login", () -> Shop.requests("/login") > before);
        assertTrue(login.cancel(true));
        Shop.await("the end of its thread", () -> pumps() == 0);
        Shop.await("the release of its hooks", () -> Hooks.kept() <= kept);
    }

    @Test
    public void aClosedClientEndsWhatIsUnderWay() throws Exception {
        CompletableFuture<Response> future = client.call("GET", "slow/").sendAsync();
        Shop.await("the request", this::begun);
        client.close();
        ExecutionException error = assertThrows(ExecutionException.class, () -> future.get(300, TimeUnit.MILLISECONDS));
        assertCancelled(error.getCause());
        Shop.await("the end of its thread", () -> pumps() == 0);
    }

    @Test
    public void aCallIsCancelledBeforeItIsSent() {
        Call call = client.call("GET", "things/0/");
        call.cancel();
        assertThrows(CancelledException.class, call::send);
        assertThrows(IllegalStateException.class, call::send);
    }

    /** How many clients have a thread now. */
    static long pumps() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("crux-pump")).count();
    }
}
