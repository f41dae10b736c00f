"""The last line of test.sh, from the report of NUnit: verdict.py REPORT. Fails if a test failed, or none ran."""

import sys
import xml.etree.ElementTree as tree

tests = list(tree.parse(sys.argv[1]).iter("test-case"))
skipped = [test for test in tests if test.get("result") == "Ignored"]
failed = [test for test in tests if test not in skipped and test.get("success") != "True"]
passed = len(tests) - len(skipped) - len(failed)
why = "; ".join(sorted({f"{test.get('name').split('.')[-1]}: {test.findtext('reason/message')}" for test in skipped}))
line = f"c#: {passed} passed, {len(failed)} failed"
print(line + (f", {len(skipped)} skipped ({why})" if skipped else ""))
sys.exit(1 if failed or not passed else 0)
