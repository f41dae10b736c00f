package org.libcrux;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * The body of a response as it comes. Closing it before its end ends the request; that may be done by any thread, and
 * then a read that waits ends within 200 ms.
 *
 * @since 0.2
 */
public final class ResponseStream extends InputStream {
    private static final int CAPACITY = 256 << 10;

    private final Response response;
    private final Watch watch;
    private final byte[] piece = new byte[CAPACITY];
    private int at;
    private int end;
    private boolean over;

    ResponseStream(Response response, Watch watch) {
        this.response = response;
        this.watch = watch;
    }

    /** Returns the response: its status, headers and facts. Its body is empty. */
    public Response response() {
        return response;
    }

    /** Returns the HTTP status. */
    public int status() {
        return response.status();
    }

    @Override
    public int read() throws IOException {
        return fill() ? piece[at++] & 0xff : -1;
    }

    /**
     * Reads what there is, up to a length; waits if there is nothing.
     *
     * @return how many bytes; -1 at the end of a complete body
     * @throws CruxException if the body ends early: what was read is not the whole
     */
    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (offset < 0 || length < 0 || length > to.length - offset) {
            throw new IndexOutOfBoundsException();
        }
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, end - at);
        System.arraycopy(piece, at, to, offset, count);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return end - at;
    }

    /** Says whether there is something in the piece. */
    private boolean fill() throws IOException {
        if (at < end) {
            return true;
        }
        if (over) {
            return false;
        }
        Handle handle = response.handle();
        long body;
        try {
            body = handle.use();
        } catch (IllegalStateException released) {
            throw new IOException("The stream is closed.", released);
        }
        long buffer = Ffi.allocate(CAPACITY);
        try {
            int count = (int) Low.crux_read(body, buffer, CAPACITY);
            if (count < 0) {
                watch.check();
                throw failure();
            }
            Ffi.get(buffer, piece, 0, count);
            at = 0;
            end = count;
            over = count == 0;
            return !over;
        } finally {
            Ffi.free(buffer);
            handle.done();
        }
    }

    /** Another thread may close it at any moment. */
    private IOException failure() {
        try {
            return response.failure();
        } catch (IllegalStateException released) {
            return new IOException("The stream is closed.", released);
        }
    }

    @Override
    public void close() {
        response.handle().cancel();
        response.release();
        watch.over();
    }
}
