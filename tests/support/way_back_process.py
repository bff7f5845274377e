"""An applier in a process of its own: `way_back_process.py SIDES [LSN]`; says its peak of memory when it ends."""

import json
import resource
import sys
import threading

from support.way_back import Sides

if __name__ == "__main__":
    with Sides(**json.loads(sys.argv[1])).applier() as applier:
        print("open", flush=True)  # noqa: T201 - to the test that waits for it
        if len(sys.argv) > 2:
            applier.run_until(sys.argv[2])
        else:
            applier.run_forever(threading.Event())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # noqa: T201 - to the test that reads it
