package org.libcrux;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What libcrux calls. There is one function of C a kind; its context is a number that stands for an object here, until
 * "release" gives it back. Nothing that is thrown leaves these methods.
 */
final class Hooks {
    static long log;
    static long tick;
    static long release;
    static long read;
    static long json;
    static long token;

    private static final Map<Long, Object> KEPT = new ConcurrentHashMap<>();
    private static final AtomicLong LAST = new AtomicLong();

    private Hooks() {}

    static void prepare() {
        log = Low.logHook();
        tick = Low.tickHook();
        release = Low.releaseHook();
        read = Low.readHook();
        json = Low.jsonHook();
        token = Low.tokenHook();
    }

    /** The context of an object, good until {@link #release}. */
    static long keep(Object object) {
        long context = LAST.incrementAndGet();
        KEPT.put(context, object);
        return context;
    }

    static void release(long context) {
        KEPT.remove(context);
    }

    /** How many are kept now. */
    static int kept() {
        return KEPT.size();
    }

    static void log(long context, int level, long line) {
        try {
            ((Log) KEPT.get(context)).line(level, Text.at(line));
        } catch (Throwable ignored) {
            // A log that fails must not hurt the request that it tells of.
        }
    }

    /** Context 0 only looks whether the thread was interrupted. */
    static int tick(long context, int phase, long done, long total) {
        try {
            boolean go = context == 0 || ((Watch) KEPT.get(context)).tell(phase, done, total);
            return go && !Thread.currentThread().isInterrupted() ? 0 : 1;
        } catch (Throwable error) {
            return 1;
        }
    }

    static long read(long context, long buffer, long capacity) {
        try {
            return ((Source) KEPT.get(context)).read(buffer, capacity);
        } catch (Throwable error) {
            return -1;
        }
    }

    static int json(long context, int depth, int type, long key, long keyLength, long text, long length) {
        Visitor visitor = (Visitor) KEPT.get(context);
        try {
            return visitor.visit(depth, type, key, keyLength, text, length) ? 0 : 1;
        } catch (Throwable error) {
            visitor.failure = error;
            return 1;
        }
    }

    static long token(long context, long refused, long buffer, long capacity) {
        try {
            return ((Tokens) KEPT.get(context)).fetch(refused, buffer, capacity);
        } catch (Throwable error) {
            return -1;
        }
    }
}
