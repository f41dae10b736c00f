package org.libcrux;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/** One daemon thread a client, which takes what has finished of all that was started. It ends when it has no work. */
final class Pump implements Runnable {
    /** How often progress is told. */
    private static final int EVERY_MS = 100;
    private static final long LINGER_MS = 2000;

    private final Handle client;
    private final Executor executor;
    private final Map<Long, Job<?>> underWay = new HashMap<>();
    private boolean runs;

    Pump(Handle client, Executor executor) {
        this.client = client;
        this.executor = executor;
    }

    /** A request that was started. */
    private final class Job<T> extends CompletableFuture<T> {
        private final long address;
        private final Watch watch;
        private final LongFunction<T> made;
        private final ArrayDeque<Runnable> posted = new ArrayDeque<>();
        private boolean busy;

        Job(long address, Watch watch, LongFunction<T> made) {
            this.address = address;
            this.watch = watch;
            this.made = made;
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            boolean cancelled = super.cancel(mayInterrupt);
            if (cancelled) {
                Pump.this.cancel(this);
            }
            return cancelled;
        }

        /** Has progress told, unless the last of it is still being told. */
        void look() {
            if (watch.listens() && !isBusy()) {
                BooleanSupplier progress = watch.look(address);
                post(() -> {
                    if (!progress.getAsBoolean()) {
                        Pump.this.cancel(this);
                    }
                });
            }
        }

        /** Copies on this thread, completes on another: what depends on the future may take its time there. */
        void finish() {
            if (isDone()) {
                Low.crux_free(address);
                watch.over();
                return;
            }
            BooleanSupplier last = watch.lookAtReceived(address);
            T value = null;
            Throwable error = null;
            try {
                value = made.apply(address);
            } catch (Failure failed) {
                error = failed.getCause();
            } catch (Throwable thrown) {
                error = thrown;
            }
            end(last, value, error);
        }

        private void end(BooleanSupplier last, T value, Throwable error) {
            post(() -> {
                last.getAsBoolean();
                watch.over();
                Throwable outcome = watch.failure() == null ? error : watch.failure();
                if (outcome == null) {
                    complete(value);
                } else {
                    completeExceptionally(outcome);
                }
            });
        }

        private boolean isBusy() {
            synchronized (posted) {
                return busy;
            }
        }

        /** Gives the executor something to run, one after the other. */
        private void post(Runnable task) {
            synchronized (posted) {
                posted.add(task);
                if (busy) {
                    return;
                }
                busy = true;
            }
            try {
                executor.execute(this::runPosted);
            } catch (Throwable refused) {
                // Whatever is wrong with the program's executor: the future ends, and the others are not held up.
                runPosted();
            }
        }

        private void runPosted() {
            while (true) {
                Runnable task;
                synchronized (posted) {
                    task = posted.poll();
                    busy = task != null;
                }
                if (task == null) {
                    return;
                }
                task.run();
            }
        }
    }

    /** A checked exception that passes through a function. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(Throwable cause) {
            super(null, cause, false, false);
        }
    }

    /**
     * Starts a call.
     *
     * @param made makes the value of the future of a finished response, which it takes over
     */
    synchronized <T> CompletableFuture<T> start(long call, Watch watch, LongFunction<T> made) {
        if (!runs) {
            begin();
        }
        Job<T> job = new Job<>(Low.crux_call_start(call), watch, made);
        underWay.put(job.address, job);
        notifyAll();
        return job;
    }

    private void begin() {
        // Held for the thread, which gives it back.
        client.use();
        try {
            Thread thread = new Thread(this, "crux-pump");
            thread.setDaemon(true);
            thread.start();
            runs = true;
        } catch (Throwable none) {
            client.done();
            throw none;
        }
    }

    /** Ends a request, unless it was taken. */
    private synchronized void cancel(Job<?> job) {
        if (underWay.containsValue(job)) {
            Low.crux_cancel(job.address);
        }
    }

    /** Lets the thread see that its client was closed. */
    synchronized void wake() {
        notifyAll();
    }

    @Override
    public void run() {
        long me = client.address();
        try {
            while (hasWork()) {
                long finished = Low.crux_next_finished(me, EVERY_MS);
                if (finished == 0) {
                    jobs().forEach(Job::look);
                    continue;
                }
                Job<?> job = take(finished);
                if (job != null) {
                    job.finish();
                }
            }
        } catch (Throwable error) {
            stop();
            throw error;
        } finally {
            client.done();
        }
    }

    /** The next request begins another thread, which goes on with what is left. */
    private synchronized void stop() {
        runs = false;
    }

    private synchronized Job<?> take(long finished) {
        return underWay.remove(finished);
    }

    private synchronized ArrayList<Job<?>> jobs() {
        return new ArrayList<>(underWay.values());
    }

    private synchronized boolean hasWork() {
        long until = System.nanoTime() + LINGER_MS * 1_000_000;
        long left = LINGER_MS;
        while (underWay.isEmpty() && !client.isClosed() && left > 0) {
            try {
                wait(left);
            } catch (InterruptedException ignored) {
                // Nobody has a reason to; it ends by itself.
            }
            left = (until - System.nanoTime()) / 1_000_000;
        }
        runs = !underWay.isEmpty();
        return runs;
    }
}
