package org.libcrux;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A program that runs in a Java of its own. */
final class Child {
    final int code;
    final String out;

    private Child(int code, String out) {
        this.code = code;
        this.out = out;
    }

    /** The command that runs a class as this Java runs. */
    static List<String> java(String classPath, String... rest) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        if (!System.getProperty("java.specification.version").startsWith("1.")) {
            command.add("-Dfile.encoding=UTF-8");
        }
        command.addAll(Arrays.asList(System.getProperty("crux.java", "").trim().split("\\s+")));
        command.removeIf(String::isEmpty);
        command.addAll(Arrays.asList("-cp", classPath));
        command.addAll(Arrays.asList(rest));
        return command;
    }

    static String classPath() {
        return System.getProperty("java.class.path");
    }

    /** Runs a command; out holds what it wrote, errors too. A null variable is taken away. */
    static Child run(List<String> command, Path folder, Map<String, String> variables) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(folder == null ? new File(".") : folder.toFile());
        variables.forEach((name, value) -> {
            if (value == null) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        Process process = builder.start();
        process.getOutputStream().close();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream stream = process.getInputStream()) {
            byte[] piece = new byte[4096];
            for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
                out.write(piece, 0, count);
            }
        }
        return new Child(process.waitFor(), out.toString("UTF-8"));
    }
}
