package org.libcrux;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Closes the handles of objects that were collected: a Cleaner, which Java 8 lacks. */
final class Reaper {
    private static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();
    private static final Set<Watch> WATCHES = ConcurrentHashMap.newKeySet();

    static {
        Thread thread = new Thread(Reaper::run, "crux-reaper");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    private Reaper() {}

    static final class Watch extends PhantomReference<Object> {
        private final Handle handle;

        private Watch(Object owner, Handle handle) {
            super(owner, QUEUE);
            this.handle = handle;
        }

        void forget() {
            WATCHES.remove(this);
            clear();
        }
    }

    static Watch watch(Object owner, Handle handle) {
        Watch watch = new Watch(owner, handle);
        WATCHES.add(watch);
        return watch;
    }

    /** How many handles are open. */
    static int watched() {
        return WATCHES.size();
    }

    private static void run() {
        while (true) {
            try {
                ((Watch) QUEUE.remove()).handle.close();
            } catch (InterruptedException ignored) {
                // Nobody has a reason to; there is more to free.
            }
        }
    }
}
