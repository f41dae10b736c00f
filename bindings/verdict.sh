# The verdict of a test.sh, for those whose cases print "PASSED FAILED SKIPPED" as their last line; to be sourced.

# Runs the program of the cases, a command, and takes its counts over. What ends badly after its last line, such as a
# finder of leaks, is a failure too.
cases() {
    code=0
    "$@" >"$work/said" || code=$?
    cat "$work/said"
    counts=$(tail -n 1 "$work/said")
    case $counts in
    [0-9]*' '[0-9]*' '[0-9]*) ;;
    *) echo "the cases ended with $code before their last line"; counts='0 1 0' ;;
    esac
    passed=${counts%% *} rest=${counts#* }
    failed=${rest% *} skipped=${rest#* }
    [ "$code" = 0 ] || [ "$failed" != 0 ] || {
        echo "FAILED the cases passed, and their program ended with $code"
        failed=1
    }
}

# One more test: also NAME COMMAND...
also() {
    name=$1
    shift
    if "$@"; then passed=$((passed + 1)); else
        echo "FAILED $name"
        failed=$((failed + 1))
    fi
}

# The last line: verdict LANGUAGE WHY-SKIPPED
verdict() {
    echo "$1: $passed passed, $failed failed, $skipped skipped ($2)"
    [ "$failed" = 0 ]
}
