package org.libcrux;

import java.io.IOException;
import java.io.InputStream;

/** Who wants to know how far a call is, and what went wrong in a hook of it. */
final class Watch {
    Progress received;
    Progress sent;
    Progress job;
    private Source source;
    private long lastReceived = -1;
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
            if (phase == Constants.PHASE_RECEIVE && received != null) {
                lastReceived = done;
                received.at(done, total);
            } else if (phase == Constants.PHASE_SEND && sent != null) {
                sent.at(done, total);
            } else if (phase == Constants.PHASE_JOB && job != null) {
                job.at(done, total);
            }
            return true;
        } catch (Throwable error) {
            fail(error);
            return false;
        }
    }

    /** Tells how far a call that was started is. */
    boolean look(long response) {
        int phase = (int) number(response, "phase");
        switch (phase) {
            case Constants.PHASE_JOB:
                return tell(phase, number(response, "percent"), 100);
            case Constants.PHASE_SEND:
                return tell(phase, number(response, "sent"), number(response, "send_total"));
            default:
                return lookAtReceived(response);
        }
    }

    /** Tells what came since, up to the last byte. */
    boolean lookAtReceived(long response) {
        if (received == null) {
            return true;
        }
        long done = number(response, "received");
        return done <= 0 || done == lastReceived || tell(Constants.PHASE_RECEIVE, done, number(response, "receive_total"));
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

    /** Throws what a hook has thrown. */
    void check() throws IOException {
        if (failure instanceof IOException) {
            throw (IOException) failure;
        }
        if (failure instanceof RuntimeException) {
            throw (RuntimeException) failure;
        }
        if (failure instanceof Error) {
            throw (Error) failure;
        }
    }
}
