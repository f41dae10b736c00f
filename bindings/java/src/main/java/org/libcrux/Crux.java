package org.libcrux;

/**
 * The library itself.
 *
 * @since 0.2
 */
public final class Crux {
    private Crux() {}

    /** Returns the version of libcrux that is loaded, such as 0.2.0. */
    public static String version() {
        NativeLibrary.load();
        return Text.at(Low.crux_version());
    }

    /** Returns the number of its interface, which grows with each release that adds functions. */
    public static int abi() {
        NativeLibrary.load();
        return Low.crux_abi();
    }
}
