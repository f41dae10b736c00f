package org.libcrux;

import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Ignore;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/** Runs all tests, prints those that fail, and writes "passed failed skipped why" into the file that it is given. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Set<String> reasons = new TreeSet<>();
        int[] skipped = {0};
        JUnitCore core = new JUnitCore();
        core.addListener(new RunListener() {
            @Override
            public void testFailure(Failure failure) {
                System.out.println("FAILED " + failure.getTestHeader() + "\n" + failure.getTrimmedTrace());
            }

            @Override
            public void testAssumptionFailure(Failure failure) {
                skipped[0]++;
                reasons.add(failure.getMessage());
            }

            @Override
            public void testIgnored(Description test) {
                skipped[0]++;
                reasons.add(test.getAnnotation(Ignore.class).value());
            }
        });
        Result result = core.run(
            DataCases.class, OwnCases.class, CancelCases.class, RuntimeTest.class, OddTest.class, CoverageTest.class,
            Class.forName("WindowTest"));
        int failed = result.getFailureCount();
        int passed = result.getRunCount() - failed - (skipped[0] - result.getIgnoreCount());
        String line = passed + " " + failed + " " + skipped[0] + " " + String.join("; ", reasons);
        Files.write(Paths.get(arguments[0]), Collections.singletonList(line));
        System.out.println("Java " + System.getProperty("java.version") + ": " + line + " (" + result.getRunTime() + " ms)");
        System.exit(failed == 0 ? 0 : 1);
    }
}
