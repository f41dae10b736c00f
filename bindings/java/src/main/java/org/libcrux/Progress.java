package org.libcrux;

/**
 * Hears how far a call is. It runs on the thread that waits, or by {@link Options#executor} for a call that was sent with
 * {@link Call#sendAsync}, never twice at once. What it throws ends the call, and comes out of it.
 *
 * @since 0.2
 */
@FunctionalInterface
public interface Progress {
    /**
     * Called about ten times a second, and at the end.
     *
     * @param done how far it is: bytes, or percent of a job
     * @param total how far it goes; -1 if that is not known
     */
    void at(long done, long total);
}
