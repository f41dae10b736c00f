package org.libcrux;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What {@link Low} and the rest need of the native side, by JNA. Java 22 has another class of this name. */
final class Ffi {
    private static final int RTLD_NOW = 2;

    /** A thread of libcrux stays attached until it ends, and keeps no program from ending. */
    private static final CallbackThreadInitializer THREADS = new CallbackThreadInitializer(true, false, "crux-body");

    /** Callbacks that C may call for ever. */
    private static final List<Callback> KEPT = Collections.synchronizedList(new ArrayList<Callback>());

    /** Held, because JNA unloads what is collected. */
    private static NativeLibrary library;

    private Ffi() {}

    /** Opens a library by its file or name, or says in an UnsatisfiedLinkError why not. */
    static void open(String file) {
        if (Native.POINTER_SIZE != 8) {
            throw new UnsatisfiedLinkError("The package libcrux is for Java with 64 bits; this one has 32.");
        }
        library = NativeLibrary.getInstance(file, Collections.singletonMap(Library.OPTION_OPEN_FLAGS, RTLD_NOW));
    }

    /** What the library says its CRUX_ABI is; 0 if it does not know. */
    static int abi() {
        try {
            Function abi = library.getFunction("crux_abi");
            return abi.invokeInt(new Object[0]);
        } catch (UnsatisfiedLinkError error) {
            return 0;
        }
    }

    /** Binds the functions of {@link Low} to the library that was opened. */
    static void bind() {
        Native.register(Low.class, library);
    }

    static long hook(Callback callback) {
        KEPT.add(callback);
        Native.setCallbackThreadInitializer(callback, THREADS);
        return Pointer.nativeValue(CallbackReference.getFunctionPointer(callback));
    }

    static long allocate(int size) {
        return Native.malloc(size);
    }

    static void free(long address) {
        Native.free(address);
    }

    static void get(long from, byte[] to, int at, int length) {
        new Pointer(from).read(0, to, at, length);
    }

    static void put(long to, byte[] from, int length) {
        new Pointer(to).write(0, from, 0, length);
    }

    /** How many bytes stand before the NUL. */
    static int length(long text) {
        return (int) new Pointer(text).indexOf(0, (byte) 0);
    }
}
