package org.libcrux;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts between Java and C. */
final class Text {
    private Text() {}

    static boolean holdsNul(String text) {
        return text != null && text.indexOf('\0') >= 0;
    }

    /** UTF-8 with a NUL behind it; null for null. Half a surrogate pair and a NUL are refused. */
    static byte[] c(String text) {
        if (text == null) {
            return null;
        }
        if (holdsNul(text)) {
            throw new IllegalArgumentException("A text for libcrux holds a NUL, where C would cut it.");
        }
        byte[] bytes = utf8(text);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** UTF-8; half a surrogate pair is refused. */
    static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < text.length(); at++) {
            // getBytes wrote a question mark for each half: look again, strictly.
            if (Character.isSurrogate(text.charAt(at))) {
                return strict(text);
            }
        }
        return bytes;
    }

    private static byte[] strict(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(bytes.array(), bytes.limit());
        } catch (CharacterCodingException error) {
            throw new IllegalArgumentException("A text is not Unicode: it holds half a surrogate pair.", error);
        }
    }

    /** The text of C at an address, which ends in a NUL; null for NULL. */
    static String at(long address) {
        return address == 0 ? null : string(bytes(address, Ffi.length(address)));
    }

    static byte[] bytes(long address, long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError("A body of " + length + " bytes does not fit an array; stream or save it.");
        }
        byte[] bytes = new byte[(int) length];
        if (length > 0) {
            Ffi.get(address, bytes, 0, bytes.length);
        }
        return bytes;
    }

    static String string(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** A header, whose bytes are UTF-8 or, as of old, Latin-1; null for NULL. */
    static String header(long address) {
        if (address == 0) {
            return null;
        }
        byte[] bytes = bytes(address, Ffi.length(address));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException error) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /** What crux_copy knows under a name; null if nothing. */
    static String copy(long object, String what) {
        byte[] name = c(what);
        long size = Low.crux_copy(object, name, 0, 0);
        if (size == 0) {
            return null;
        }
        long buffer = Ffi.allocate((int) size + 1);
        try {
            Low.crux_copy(object, name, buffer, size + 1);
            return string(bytes(buffer, size));
        } finally {
            Ffi.free(buffer);
        }
    }
}
