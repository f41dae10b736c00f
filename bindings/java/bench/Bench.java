import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.libcrux.Client;
import org.libcrux.Options;

/** Small GETs, one after another: CPU of this process a request. */
public class Bench {
    private static final int WARM = 4000;
    private static final int COUNT = 8000;

    public static void main(String[] arguments) throws Exception {
        String base = System.getenv("CRUX_BASE");
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "bytes/200")).header("Authorization", "Bearer x").build();
        double theirs = measure(() -> http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body().length);
        try (Client client = Client.token("custom", "x", Options.of("base_url", base))) {
            double ours = measure(() -> client.get("bytes/200").length());
            double async = measure(() -> client.call("GET", "bytes/200").sendAsync().get().length());
            String line = "Java %s: send %.1f us, sendAsync %.1f us, java.net.http %.1f us: ratio %.2f%n";
            System.out.printf(Locale.ROOT, line, System.getProperty("java.version"), ours, async, theirs, ours / theirs);
        }
    }

    private static double measure(Callable<Integer> get) throws Exception {
        com.sun.management.OperatingSystemMXBean system =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long start = 0;
        for (int i = 0; i < WARM + COUNT; i++) {
            if (i == WARM) {
                start = system.getProcessCpuTime();
            }
            if (get.call() != 200) {
                throw new IllegalStateException("The body is not the one asked for.");
            }
        }
        return (system.getProcessCpuTime() - start) / 1e3 / COUNT;
    }
}
