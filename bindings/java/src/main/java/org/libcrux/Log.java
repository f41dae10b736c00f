package org.libcrux;

/**
 * Receives the log of a client, which holds no secrets. Several threads may call it at once. What it throws is dropped.
 *
 * @since 0.2
 */
@FunctionalInterface
public interface Log {
    /**
     * Called for each line.
     *
     * @param level {@link Constants#LOG_ERROR} to {@link Constants#LOG_TRACE}
     * @param line the text, without a line end
     */
    void line(int level, String line);
}
