package org.libcrux;

import static org.junit.Assert.assertTrue;

import java.util.concurrent.Callable;

/** A thread that waits, is interrupted, and must be back soon. */
final class Interrupted {
    private static final long LIMIT_MS = 300;

    private Interrupted() {}

    /**
     * Interrupts what waits once it has begun.
     *
     * @return what it threw
     */
    static Throwable of(Callable<?> waits, Callable<Boolean> begun) throws Exception {
        Throwable[] thrown = {null};
        boolean[] still = {false};
        Thread thread = new Thread(() -> {
            try {
                waits.call();
            } catch (Throwable error) {
                thrown[0] = error;
            }
            still[0] = Thread.currentThread().isInterrupted();
        });
        thread.start();
        Shop.await("the wait", begun);
        long start = System.nanoTime();
        thread.interrupt();
        thread.join(10_000);
        long took = (System.nanoTime() - start) / 1_000_000;
        assertTrue("It took " + took + " ms.", took <= LIMIT_MS);
        assertTrue("The thread has forgotten that it was interrupted.", still[0]);
        return thrown[0];
    }
}
