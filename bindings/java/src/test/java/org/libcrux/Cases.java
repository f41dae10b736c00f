package org.libcrux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** bindings/cases.json, and small things to read it with. */
final class Cases {
    /** What is expected and looked at elsewhere than at the response. */
    static final List<String> OTHERS = Arrays.asList("error", "server_message", "retryable", "retry_after_s", "sizes", "items",
        "file_length", "progress_last", "no_file");

    private Cases() {}

    static List<Json> all() throws IOException {
        String text = Text.string(Files.readAllBytes(Paths.get(System.getenv("CRUX_CASES"))));
        return Shop.parse(text).stream().collect(Collectors.toList());
    }

    static boolean isOwn(Json one) {
        return one.get("do").toString().equals("own");
    }

    /** The exception of an outcome such as "too_large". */
    static Class<?> errorOf(String word) throws ClassNotFoundException {
        StringBuilder name = new StringBuilder("org.libcrux.");
        for (String part : word.split("_")) {
            name.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
        }
        return Class.forName(name + "Exception");
    }

    static byte[] unhex(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) Integer.parseInt(hex.substring(2 * at, 2 * at + 2), 16);
        }
        return bytes;
    }

    static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte one : bytes) {
            hex.append(String.format("%02x", one));
        }
        return hex.toString();
    }
}
