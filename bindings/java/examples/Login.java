import org.libcrux.Client;
import org.libcrux.CruxException;
import org.libcrux.Options;
import org.libcrux.Response;

/** Logs in and asks for one thing: CRUX_BASE, CRUX_USER and CRUX_PASSWORD say where and who. */
public class Login {
    public static void main(String[] arguments) throws Exception {
        Options options = Options.of("base_url", System.getenv("CRUX_BASE"));
        try (Client client = Client.login("custom", System.getenv("CRUX_USER"), System.getenv("CRUX_PASSWORD"), options)) {
            Response thing = client.get("things/0/");
            System.out.println(thing.json("/name").asText());
        } catch (CruxException error) {
            System.err.println(error.getMessage());
            System.exit(1);
        }
    }
}
