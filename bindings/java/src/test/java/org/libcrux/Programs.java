package org.libcrux;

import java.util.ArrayList;
import java.util.List;

/** Small programs that tests run in a Java of their own. */
public final class Programs {
    private Programs() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "fromEnv":
                try (Client client = Client.fromEnv(null, Options.of("service", "custom"))) {
                    System.out.println(client.get("things/1/").json("/name").asText());
                }
                break;
            case "version":
                System.out.println(Crux.version());
                break;
            case "leave":
                leave();
                break;
            default:
                large();
        }
    }

    /** Ends with everything open and under way. */
    private static void leave() throws Exception {
        List<Object> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Client client = Shop.login(Options.of().log(Constants.LOG_TRACE, (level, line) -> { }));
            open.add(client.get("things/0/"));
            open.add(client.call("GET", "drip/100000000").stream());
            open.add(client.call("GET", "slow/").sendAsync());
            open.add(client.call("POST", "echo/").body(new java.io.InputStream() {
                @Override
                public int read() {
                    return 0;
                }
            }, null).sendAsync());
            client.call("GET", "things/0/").sendAsync().get();
        }
        System.out.println("left");
    }

    /** 400 responses of one MiB each, none of them kept, nor released. */
    private static void large() throws Exception {
        long peak = 0;
        try (Client client = Shop.login()) {
            for (int i = 0; i < 400; i++) {
                if (client.get("files/out.bin").length() != 1 << 20) {
                    throw new IllegalStateException("A response is too short.");
                }
                peak = Math.max(peak, resident());
            }
        }
        if (peak > 300 << 20) {
            throw new IllegalStateException("It took " + (peak >> 20) + " MiB.");
        }
    }

    private static long resident() throws Exception {
        String statm = new String(java.nio.file.Files.readAllBytes(java.nio.file.Paths.get("/proc/self/statm")), "US-ASCII");
        return Long.parseLong(statm.split(" ")[1]) * 4096;
    }
}
