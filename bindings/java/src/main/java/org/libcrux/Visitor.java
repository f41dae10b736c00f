package org.libcrux;

/** Sees the nodes of a document, in their order. */
abstract class Visitor {
    /** What visit has thrown. */
    volatile Throwable failure;

    /** Says whether to go on. Key and text are addresses of that many bytes, 0 for none. */
    abstract boolean visit(int depth, int type, long key, long keyLength, long text, long length);

    /**
     * Walks through what stands at a place.
     *
     * @return whether something does
     */
    boolean walk(Response response, byte[] place) {
        long context = Hooks.keep(this);
        try {
            int outcome = response.<Integer>ask(document -> Low.crux_json_walk(document, place, Hooks.json, context));
            if (failure instanceof Error) {
                throw (Error) failure;
            }
            if (failure instanceof RuntimeException) {
                throw (RuntimeException) failure;
            }
            return outcome != -1;
        } finally {
            Hooks.release(context);
        }
    }
}
