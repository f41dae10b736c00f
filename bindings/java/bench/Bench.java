import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.libcrux.Client;
import org.libcrux.Options;
import org.libcrux.Response;

/**
 * Compares what a small GET costs through libcrux and through java.net.http: a line a turn, for bench.sh, whose argument
 * is put behind the measure. The JSON is decoded by libcrux; Java has no reader, so that java.net.http only reads the text.
 */
public class Bench {
    private static final String BASE = System.getenv("CRUX_BASE");
    private static final String PATH = System.getenv("CRUX_PATH");
    private static final int TURNS = 5;
    private static final int COUNT = 5000;
    private static final int WARM = 10_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest request =
        HttpRequest.newBuilder(URI.create(BASE + PATH)).header("Authorization", "Bearer tok-7d1c").build();
    private final Client client;

    private Bench(Client client) {
        this.client = client;
    }

    /** A request that is over when it returns, or whose future is. */
    private interface Get {
        CompletableFuture<?> start() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        try (Client client = Client.token("custom", "tok-7d1c", Options.of("base_url", BASE))) {
            Bench bench = new Bench(client);
            if (System.getenv("CRUX_LONG") != null) {
                double early = bench.memoryAfter(10_000);
                say("memory%s: %.1f MiB after 10000 requests, %.1f after 100000", arguments[0], early, bench.memoryAfter(90_000));
            } else {
                bench.compare("one at a time" + arguments[0], 1, bench::ours, bench::theirs);
                bench.compare("100 at once" + arguments[0], 100, bench::oursAsync, bench::theirsAsync);
            }
        }
    }

    private CompletableFuture<?> ours() throws Exception {
        check(client.get(PATH));
        return null;
    }

    private CompletableFuture<?> oursAsync() {
        return client.call("GET", PATH).sendAsync().thenAccept(Bench::check);
    }

    private CompletableFuture<?> theirs() throws Exception {
        check(http.send(request, BodyHandlers.ofString()).body());
        return null;
    }

    private CompletableFuture<?> theirsAsync() {
        return http.sendAsync(request, BodyHandlers.ofString()).thenAccept(response -> check(response.body()));
    }

    private static void check(Response response) {
        check(response.json("/name").asText());
    }

    private static void check(String text) {
        if (text.isEmpty()) {
            throw new IllegalStateException("Another response than expected.");
        }
    }

    private void compare(String measure, int atOnce, Get ours, Get theirs) throws Exception {
        cost(WARM, atOnce, ours);
        cost(WARM, atOnce, theirs);
        for (int turn = 0; turn < TURNS; turn++) {
            say("%s: %.1f against %.1f of java.net.http", measure, cost(COUNT, atOnce, ours), cost(COUNT, atOnce, theirs));
        }
    }

    /** Microseconds of CPU of one request; the JVM tells them in steps of 10 ms. */
    private static double cost(int count, int atOnce, Get get) throws Exception {
        com.sun.management.OperatingSystemMXBean system =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long start = system.getProcessCpuTime();
        Semaphore places = new Semaphore(atOnce);
        for (int i = 0; i < count; i++) {
            places.acquire();
            CompletableFuture<?> future = get.start();
            if (future == null) {
                places.release();
            } else {
                future.whenComplete((response, error) -> places.release());
            }
        }
        places.acquire(atOnce);
        return (system.getProcessCpuTime() - start) / 1e3 / count;
    }

    /** MiB in memory once so many requests have been sent. */
    private double memoryAfter(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            ours();
        }
        String pages = new String(Files.readAllBytes(Paths.get("/proc/self/statm"))).split(" ")[1];
        return Long.parseLong(pages) * 4096.0 / (1 << 20);
    }

    private static void say(String line, Object... values) {
        System.out.printf(Locale.ROOT, line + "%n", values);
    }
}
