import java.awt.BorderLayout;
import java.awt.FlowLayout;
import java.io.File;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JProgressBar;
import javax.swing.JTextField;
import javax.swing.SwingUtilities;
import org.libcrux.Client;
import org.libcrux.CruxException;
import org.libcrux.Options;
import org.libcrux.Response;

/**
 * A window that downloads a file, with progress and Cancel; CRUX_BASE, CRUX_USER and CRUX_PASSWORD say where and who. Nothing
 * here waits, so the window reacts all the time. All methods run on Swing's thread.
 */
public final class Window extends JFrame {
    private static final long serialVersionUID = 1;

    final JTextField path = new JTextField("drip/20000000", 28);
    final JProgressBar bar = new JProgressBar();
    final JLabel state = new JLabel("Ready.");
    final JButton download = new JButton("Download");
    final JButton cancel = new JButton("Cancel");
    private transient CompletableFuture<Client> client;
    private transient CompletableFuture<Response> underWay;

    Window() {
        super("libcrux");
        JPanel buttons = new JPanel(new FlowLayout(FlowLayout.TRAILING));
        buttons.add(download);
        buttons.add(cancel);
        JPanel middle = new JPanel(new BorderLayout(8, 8));
        middle.add(bar, BorderLayout.NORTH);
        middle.add(state, BorderLayout.CENTER);
        JPanel all = new JPanel(new BorderLayout(8, 8));
        all.setBorder(BorderFactory.createEmptyBorder(12, 12, 4, 12));
        all.add(path, BorderLayout.NORTH);
        all.add(middle, BorderLayout.CENTER);
        all.add(buttons, BorderLayout.SOUTH);
        setContentPane(all);
        getRootPane().setDefaultButton(download);
        setDefaultCloseOperation(DISPOSE_ON_CLOSE);
        download.addActionListener(event -> begin());
        cancel.addActionListener(event -> underWay.cancel(true));
        setBusy(false);
        pack();
    }

    private void begin() {
        setBusy(true);
        // Logs in once, and again only if that failed.
        try {
            if (client == null || client.isCompletedExceptionally()) {
                client = Client.loginAsync("custom", System.getenv("CRUX_USER"), System.getenv("CRUX_PASSWORD"),
                    Options.of("base_url", System.getenv("CRUX_BASE")));
            }
        } catch (CruxException error) { // of an option
            finish(error);
            return;
        }
        client.whenCompleteAsync((me, error) -> {
            if (error != null) {
                finish(error);
            } else {
                save(me);
            }
        }, SwingUtilities::invokeLater);
    }

    private void save(Client me) {
        File file = new File(System.getProperty("java.io.tmpdir"), "crux-window.bin");
        underWay = me.call("GET", path.getText()).save(file.toPath())
            .onProgress((done, total) -> SwingUtilities.invokeLater(() -> show(done, total))).sendAsync();
        underWay.whenCompleteAsync((response, error) -> finish(error), SwingUtilities::invokeLater);
        cancel.setEnabled(true);
    }

    private void show(long done, long total) {
        if (!cancel.isEnabled()) {
            return;
        }
        state.setText(total > 0 ? String.format("%,d of %,d bytes", done, total) : String.format("%,d bytes", done));
        bar.setValue(total > 0 ? (int) (100 * done / total) : 0);
    }

    private void finish(Throwable error) {
        Throwable cause = error != null && error.getCause() instanceof CruxException ? error.getCause() : error;
        setBusy(false);
        bar.setValue(cause == null ? 100 : 0);
        state.setText(cause == null ? "The file is complete."
            : cause instanceof CancellationException ? "Cancelled." : cause.getMessage());
    }

    private void setBusy(boolean isBusy) {
        download.setEnabled(!isBusy);
        cancel.setEnabled(false);
    }

    @Override
    public void dispose() {
        if (client != null) {
            client.thenAccept(Client::close);
        }
        super.dispose();
    }

    public static void main(String[] arguments) {
        SwingUtilities.invokeLater(() -> new Window().setVisible(true));
    }
}
