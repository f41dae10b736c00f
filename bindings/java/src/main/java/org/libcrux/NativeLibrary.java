package org.libcrux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds libcrux: the file that CRUX_LIBRARY names, or else the copy in the jar, or else the one of the system. */
final class NativeLibrary {
    private static boolean ready;
    private static String failure;

    private NativeLibrary() {}

    /** Loads it once; an UnsatisfiedLinkError says what was tried. Every client begins here. */
    static synchronized void load() {
        if (ready) {
            return;
        }
        if (failure == null) {
            failure = attempt();
        }
        if (failure != null) {
            throw new UnsatisfiedLinkError(failure);
        }
        ready = true;
    }

    private static String attempt() {
        List<String> tried = new ArrayList<>();
        String named = System.getenv("CRUX_LIBRARY");
        boolean found = named != null && !named.isEmpty()
            // Who names a file does not want another one.
            ? open(named, "CRUX_LIBRARY names " + named, tried)
            : openCopy(tried) || open(Low.SONAME, "the system's " + Low.SONAME, tried);
        if (!found) {
            return "The library libcrux could not be loaded. Tried: " + String.join("; ", tried) + ".";
        }
        int abi = Ffi.abi();
        if (abi < Low.ABI) {
            return "The library libcrux is too old: its CRUX_ABI is " + abi + ", and this package needs " + Low.ABI + ".";
        }
        Ffi.bind();
        Hooks.prepare();
        return null;
    }

    private static boolean open(String file, String name, List<String> tried) {
        try {
            Ffi.open(file);
            return true;
        } catch (UnsatisfiedLinkError error) {
            String[] lines = String.valueOf(error.getMessage()).split("\n");
            // JNA says first that it failed, then why.
            tried.add(name + " (" + lines[Math.min(1, lines.length - 1)] + ")");
            return false;
        }
    }

    /** Unpacks the copy in the jar where it may be mapped: /tmp often may not hold programs. */
    private static boolean openCopy(List<String> tried) {
        String place = "native/" + platform() + "/libcrux.so";
        if (NativeLibrary.class.getResource(place) == null) {
            tried.add("the package's own copy (it has none for " + platform() + ")");
            return false;
        }
        for (String folder : folders()) {
            if (openCopyIn(Paths.get(folder), place, tried)) {
                return true;
            }
        }
        return false;
    }

    private static boolean openCopyIn(Path parent, String place, List<String> tried) {
        Path folder = null;
        Path file = null;
        try (InputStream copy = NativeLibrary.class.getResourceAsStream(place)) {
            Files.createDirectories(parent);
            // A new folder that only this user may enter: nobody can put another file there.
            folder = Files.createTempDirectory(parent, "libcrux-");
            file = folder.resolve("libcrux.so");
            Files.copy(copy, file);
            return open(file.toString(), "the package's own copy in " + parent, tried);
        } catch (IOException error) {
            tried.add("the package's own copy in " + parent + " (" + error + ")");
            return false;
        } finally {
            remove(file);
            remove(folder);
        }
    }

    /** What is mapped needs its name no more. */
    private static void remove(Path path) {
        try {
            if (path != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException error) {
            path.toFile().deleteOnExit();
        }
    }

    private static Set<String> folders() {
        Set<String> folders = new LinkedHashSet<>();
        folders.add(System.getProperty("java.io.tmpdir"));
        String cache = System.getenv("XDG_CACHE_HOME");
        folders.add(cache != null ? cache : System.getProperty("user.home") + "/.cache");
        folders.add(System.getenv("XDG_RUNTIME_DIR"));
        folders.add("/var/tmp");
        folders.remove(null);
        return folders;
    }

    /** Such as linux-x86-64, as JNA names it. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ")[0];
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return system + "-" + (machine.equals("amd64") || machine.equals("x86_64") ? "x86-64" : machine);
    }
}
