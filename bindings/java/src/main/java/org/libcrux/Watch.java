package org.libcrux;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/** Who wants to know how far a call is, and what went wrong in a hook of it. */
final class Watch {
    volatile Progress received;
    volatile Progress sent;
    volatile Progress job;
    private Source source;
    private volatile long lastReceived = -1;
    private volatile Throwable failure;

    boolean listens() {
        return received != null || sent != null || job != null;
    }

    /** Says whether the call may go on. */
    boolean tell(int phase, long done, long total) {
        if (failure != null) {
            return false;
        }
        try {
            Progress listener = listener(phase);
            if (listener != null && !(phase == Constants.PHASE_RECEIVE && done == lastReceived)) {
                lastReceived = phase == Constants.PHASE_RECEIVE ? done : lastReceived;
                listener.at(done, total);
            }
            return true;
        } catch (Throwable error) {
            fail(error);
            return false;
        }
    }

    private Progress listener(int phase) {
        switch (phase) {
            case Constants.PHASE_RECEIVE:
                return received;
            case Constants.PHASE_SEND:
                return sent;
            case Constants.PHASE_JOB:
                return job;
            default:
                return null;
        }
    }

    /** Notes how far a call that was started is, to be told on another thread, which says whether the call may go on. */
    BooleanSupplier look(long response) {
        int phase = (int) number(response, "phase");
        switch (phase) {
            case Constants.PHASE_JOB:
                return note(phase, number(response, "percent"), 100);
            case Constants.PHASE_SEND:
                return note(phase, number(response, "sent"), number(response, "send_total"));
            default:
                return lookAtReceived(response);
        }
    }

    /** Notes what came since, up to the last byte. */
    BooleanSupplier lookAtReceived(long response) {
        long done = received == null ? 0 : number(response, "received");
        return done <= 0 ? () -> failure == null : note(Constants.PHASE_RECEIVE, done, number(response, "receive_total"));
    }

    private BooleanSupplier note(int phase, long done, long total) {
        return () -> tell(phase, done, total);
    }

    private static long number(long response, String name) {
        return Low.crux_number(response, Text.c(name));
    }

    Source reads(InputStream stream) {
        source = new Source(stream, this);
        return source;
    }

    /**
     * Lets go of what the program gave, when the call is over: libcrux keeps a hook as long as the response, which the
     * hook itself may hold.
     */
    void over() {
        received = null;
        sent = null;
        job = null;
        if (source != null) {
            source.over();
        }
    }

    void fail(Throwable error) {
        if (failure == null) {
            failure = error;
        }
    }

    Throwable failure() {
        return failure;
    }

    /** Throws what a hook has thrown, as it is: languages on the same machine have no checked exceptions. */
    void check() throws IOException {
        if (failure != null) {
            throw Watch.<IOException>asItIs(failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T asItIs(Throwable error) throws T {
        throw (T) error;
    }
}
