package org.libcrux;

import java.io.InputStream;

/** A body that libcrux reads from a stream, piece by piece. */
final class Source {
    private volatile InputStream stream;
    private final Watch watch;
    private byte[] piece = new byte[0];

    Source(InputStream stream, Watch watch) {
        this.stream = stream;
        this.watch = watch;
    }

    void over() {
        stream = null;
    }

    long read(long buffer, long capacity) {
        try {
            if (piece.length == 0) {
                piece = new byte[(int) Math.min(capacity, 1 << 16)];
            }
            int most = (int) Math.min(capacity, piece.length);
            int count = stream.read(piece, 0, most);
            if (count > most) {
                throw new IllegalStateException("The stream says that it read " + count + " bytes where " + most + " were asked for.");
            }
            if (count <= 0) {
                return 0;
            }
            Ffi.put(buffer, piece, count);
            return count;
        } catch (Throwable error) {
            watch.fail(error);
            return -1;
        }
    }
}
