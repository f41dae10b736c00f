package org.libcrux;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An object of libcrux and who uses it: it is freed when it was closed, or its owner collected, and the last function
 * that works with it has returned.
 */
final class Handle {
    private final long address;
    private final String refusal;
    private final Reaper.Watch watch;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** The owner is one of them. */
    private final AtomicInteger users = new AtomicInteger(1);

    /** @param refusal what a person is told who uses it once it is closed */
    Handle(Object owner, long address, String refusal) {
        this.address = address;
        this.refusal = refusal;
        watch = Reaper.watch(owner, this);
    }

    /** The address, until {@link #done}; a closed one is refused. */
    long use() {
        while (true) {
            int now = users.get();
            if (closed.get() || now == 0) {
                throw new IllegalStateException(refusal);
            }
            if (users.compareAndSet(now, now + 1)) {
                return address;
            }
        }
    }

    void done() {
        if (users.decrementAndGet() == 0) {
            Low.crux_free(address);
        }
    }

    /** The address for a thread that holds a use already. */
    long address() {
        return address;
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Ends what is under way of it, from any thread; nothing if it is closed. */
    void cancel() {
        long object;
        try {
            object = use();
        } catch (IllegalStateException over) {
            return;
        }
        try {
            Low.crux_cancel(object);
        } finally {
            done();
        }
    }

    void close() {
        end(() -> { });
    }

    /** Closes it; what else there is to end is ended before it is freed. */
    void end(Runnable more) {
        if (closed.compareAndSet(false, true)) {
            watch.forget();
            more.run();
            done();
        }
    }
}
