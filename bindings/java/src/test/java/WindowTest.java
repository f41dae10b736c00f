import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import javax.imageio.ImageIO;
import javax.swing.SwingUtilities;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Test;

/** The example with a window, on a screen; like the example it belongs to no package. */
public class WindowTest {
    private Window window;

    @Before
    public void open() throws Exception {
        Assume.assumeFalse("there is no screen for the window", GraphicsEnvironment.isHeadless());
        window = onScreen(Window::new);
        onScreen(() -> { window.setVisible(true); return null; });
    }

    @After
    public void close() throws Exception {
        if (window != null) {
            onScreen(() -> { window.dispose(); return null; });
        }
    }

    /** Runs a task on Swing's thread, and returns what it returns. */
    private static <T> T onScreen(Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        SwingUtilities.invokeLater(future);
        return future.get();
    }

    private void download(String path) throws Exception {
        onScreen(() -> { window.path.setText(path); window.download.doClick(); return null; });
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!onScreen(condition)) {
            assertTrue(what + ": " + onScreen(() -> window.state.getText()), System.nanoTime() < end);
            Thread.sleep(5);
        }
    }

    @Test
    public void aFileIsDownloadedAndTheNextOneToo() throws Exception {
        for (int i = 0; i < 2; i++) {
            download("files/out.bin");
            await("the download ends", () -> window.download.isEnabled());
            assertEquals("The file is complete.", onScreen(() -> window.state.getText()));
            assertEquals(Integer.valueOf(100), onScreen(() -> window.bar.getValue()));
        }
    }

    @Test
    public void theBarMovesAndCancelEndsIt() throws Exception {
        download("drip/20000000");
        await("the bar moves", () -> window.bar.getValue() > 0);
        assertFalse(onScreen(() -> window.download.isEnabled()));
        picture();
        onScreen(() -> { window.cancel.doClick(); return null; });
        await("it ends", () -> window.download.isEnabled());
        assertEquals("Cancelled.", onScreen(() -> window.state.getText()));
    }

    @Test
    public void anErrorIsShownAndTheWindowGoesOn() throws Exception {
        download("things/999/");
        await("it fails", () -> window.download.isEnabled());
        assertTrue(onScreen(() -> window.state.getText()).contains("No such thing"));
    }

    /** Paints the window into the file that -Dcrux.picture names, for the README. */
    private void picture() throws Exception {
        String file = System.getProperty("crux.picture");
        if (file == null) {
            return;
        }
        BufferedImage image = onScreen(() -> {
            BufferedImage made = new BufferedImage(window.getWidth(), window.getHeight(), BufferedImage.TYPE_INT_RGB);
            window.paint(made.createGraphics());
            return made;
        });
        ImageIO.write(image, "png", new File(file));
    }
}
