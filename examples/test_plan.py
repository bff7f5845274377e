"""From requirements to test cases, without a server: `python examples/test_plan.py [DOCUMENT]`."""

import sys
from pathlib import Path

from arraigo.apps.testplans.generator import generate
from arraigo.apps.testplans.plan import Configuration
from arraigo.apps.testplans.requirements import extract

DOCUMENT = """# Shipping quotes 🥑

REQ-1. A quote is asked for with a weight and a zone. Both are mandatory.
REQ-2. The weight must be between 1 and 30 kg. Otherwise the quote is refused with "Too heavy or too light".
REQ-3. The zone must be one of: north, south, islands.
REQ-4. The price is 5.00 plus 0.75 per kg.
REQ-5. For the islands 12.00 are added to the price.
"""


def main() -> None:
    """Reads, generates, prints."""
    name = sys.argv[1] if len(sys.argv) > 1 else "shipping.md"
    data = Path(name).read_bytes() if len(sys.argv) > 1 else DOCUMENT.encode()
    found = extract(data, name)
    made = generate(found.requirements, Configuration(plan_title="🥑 Shipping", max_test_cases=20))
    for case in made.cases:
        print(f"🥑 {case.test_case_name} [{case.technique}, {', '.join(case.requirements)}, {case.priority}]")
        print(f"   {'; '.join(case.test_steps)}")
        print(f"   => {case.expected_results}")
    for one in made.uncovered:
        print(f"not covered: {one.requirement}: {one.why}")
    print(*made.notes, sep="\n")


main()
