"""An English document: parcel lockers."""

from support.papers.parts import Grid, Paper, Part, Points, Text, Title

_RULES: tuple[Part, ...] = (
    Title(1, "1 Introduction"),
    Title(2, "1.1 Purpose"),
    Text(
        "This document describes what the parcel lockers of Example Post must do. It is written for those who "
        "build the "
        "system at https://lockers.example.com and for those who test it. Readers should know the postal rules."
    ),
    Title(2, "1.2 Scope"),
    Text("The system covers deposits, pick-ups and returns. Section 5 is about prices."),
    Title(2, "1.3 Out of scope"),
    Text("The system shall not plan routes and must not pay couriers."),
    Title(1, "2 Definitions and acronyms"),
    Text("Locker: a set of compartments that must stand in a public place."),
    Grid("Table 1. Acronyms", ("Acronym", "Meaning"), (("PUC", "Pick-up code that the customer must keep"),)),
    Title(1, "3 Deposits"),
    Title(2, "3.1 Making a deposit"),
    Text("REQ-3.1 The system shall let a courier deposit a parcel by its tracking number, weight and size."),
    Text(
        "REQ-3.2 The weight of a parcel must be between O and 20 kg. Otherwise the deposit is refused with the "
        "message "
        '"The parcel is too heavy".'
    ),
    Text("Example: a parcel of 12 kg is accepted and one of 77 kg is refused."),
    Text(
        "REQ-3.3 The longest side $s$ of a parcel must satisfy $s \\leq 60$ cm and the volume may not exceed "
        "10^{5} cm^3."
    ),
    Text("If the parcel is marked as fragile, the longest side must not exceed 4O cm."),
    Text("REQ-3.4 To accept a deposit the system shall check the following:"),
    Points(
        (
            "tracking number: required, two letters, nine digits and two letters;",
            "phone: required, 7 to 15 digits;",
            "e-mail: optional, a valid e-mail address; and",
            "value: optional, at most 5,000 EUR.",
        )
    ),
    Title(2, "3.2 Compartments"),
    Text("The sizes of compartments are:"),
    Points(("Small", "Medium", "Large")),
    Text(
        "A parcel is put into the smallest free compartment that fits. If no compartment is free, the deposit "
        "is refused. "
        "In the old system, parcels were left at the counter."
    ),
    Title(2, "REQ-3.5 Reservation of compartments"),
    Text("A compartment can be reserved for at most 6 hours."),
    Text("A reservation that is not used expires. For example, one made at 10:00 ends at 16:00 and costs 99 EUR."),
    Title(1, "4 States of a parcel"),
    Text("REQ-4.1 A new parcel is in state DEPOSITED and becomes NOTIFIED when the customer has been told."),
    Grid(
        "Table 2. Transitions",
        ("From", "Event", "To"),
        (
            ("DEPOSITED", "notify", "NOTIFIED"),
            ("NOTIFIED", "pick up", "COLLECTED"),
            ("NOTIFIED", "72 hours pass", "EXPIRED"),
            ("EXPIRED", "return", "RETURNED"),
        ),
    ),
    Text("REQ-4.2 A parcel that is COLLECTED or RETURNED cannot change its state."),
    Title(1, "5 Prices"),
    Title(2, "5.1 Prices by site"),
    Text("REQ-5.1 The price of a deposit is taken from the following table:"),
    Grid(
        "Table 3. Prices in EUR",
        ("Code", "Site", "Small", "Large", "Condition"),
        tuple(
            (
                f"PR-{number:02d}",
                f"{town} {place}",
                f"{1 + number / 10:.2f}",
                f"{3 + number / 10:.2f}",
                f"A surcharge of {number % 6 + 2} % applies after 20:00 and payment by cheque is refused.",
            )
            for number, (town, place) in enumerate(
                [
                    (t, p)
                    for t in ("Northtown", "Southport", "Eastham", "Westbury", "Midway", "Lakeside")
                    for p in ("station", "market", "harbour", "library", "airport")
                ],
                1,
            )
        ),
    ),
)
_REST: tuple[Part, ...] = (
    Title(2, "5.2 Discounts"),
    Text("The discount depends on the customer and on the month:"),
    Points(
        (
            "if the customer is a business and made 50 deposits or more in the month, the discount is 15%;",
            "if the customer is a business with fewer deposits, the discount is 5%;",
            "in all other cases there is no discount.",
        )
    ),
    Text("BR-1 The total is rounded half up to 0.05 EUR."),
    Text("BR-2 The total must not exceed $2 \\times 10^{3}$ EUR per deposit."),
    Text("BR-2 Payment is by card; cash is refused."),
    Title(2, "5.3 Worked examples"),
    Text("A business with 60 deposits must pay 8.50 EUR instead of 10 EUR."),
    Grid("Table 4. Example of a calculation", ("Deposits", "Total"), (("60", "8.50"), ("10", "9.50"))),
    Title(1, "6 Pick-up"),
    Text("US-7 As a customer, I want to open the compartment with a code so that nobody else can take my parcel."),
    Text("Acceptance criteria:"),
    Points(
        (
            "The code has 6 digits and is valid for 72 hours.",
            (
                "After three wrong codes the compartment is locked for 15 minutes and the system shall:",
                "notify the owner;",
                "log the attempt.",
            ),
            "The compartment opens once the right code is given.",
        )
    ),
    Title(1, "7 Quality"),
    Text("NFR 1 95% of all requests are answered within 500 ms with 300 concurrent users."),
    Text(
        "NFR 2 A password must have 12 to 64 characters; after 5 failed attempts the account is locked for 30 minutes."
    ),
    Text("NFR 3 The interface should be pleasant and intuitive."),
    Text("NFR 4 The system shall be fast."),
    Text("NFR 5 All texts meet WCAG 2.2 level AA and can be read by a screen reader."),
    Title(1, "8 Administration"),
    Text("8.1.1 An administrator may add, close and remove lockers."),
    Text("8.1.2 A locker that holds parcels cannot be removed."),
    Text("8.1.3 The system keeps each change with its date, author and previous value for 5 years."),
    Title(1, "9 References"),
    Points(("Postal rules, which every courier must sign.", "Style guide of example.com, version 2.")),
)
ENGLISH = Paper(
    language="en",
    name="parcel-lockers",
    title="Requirements: parcel lockers",
    contents="Table of contents",
    history=Grid(
        "Revision history",
        ("Version", "Date", "Author", "Changes"),
        (
            ("0.1", "2026-01-12", "A. Example", "First draft, must be reviewed"),
            ("1.0", "2026-02-20", "B. Example", "Deposits by phone are allowed"),
        ),
    ),
    parts=_RULES + _REST,
    ids=(
        *("REQ-3.1", "REQ-3.2", "REQ-3.3", "REQ-3.4", "REQ-3.5", "REQ-4.1", "REQ-4.2", "REQ-5.1"),
        *(f"PR-{number:02d}" for number in range(1, 31)),
        *("BR-1", "BR-2", "BR-2-2", "US-7", "NFR 1", "NFR 2", "NFR 3", "NFR 4", "NFR 5", "8.1.1", "8.1.2", "8.1.3"),
    ),
    said=(
        ("REQ-3.2", "between 0 and 20 kg. Otherwise"),
        ("REQ-3.3", "s ≤ 60 cm"),
        ("REQ-3.3", "100000 cm³"),
        ("REQ-3.3", "not exceed 40 cm"),
        ("REQ-3.4", "check the following: tracking number: required"),
        ("REQ-3.4-4", "value: optional, at most 5,000 EUR"),
        ("REQ-3.5", "reserved for at most 6 hours"),
        ("REQ-3.5", "not used expires"),
        ("BR-2", "2000 EUR"),
        ("BR-2-2", "cash is refused"),
        ("PR-17", "Site: Westbury market; Small: 2.70; Large: 4.70"),
        ("", "From: NOTIFIED; Event: 72 hours pass; To: EXPIRED"),
        ("", "The sizes of compartments are: Small; Medium; Large."),
        ("", "smallest free compartment"),
        ("", "The discount depends on the customer and on the month: if the customer is a business with fewer"),
        ("", "the system shall: notify the owner"),
    ),
    traps=(
        *("This document", "plan routes", "public place", "Pick-up code that", "77 kg", "at the counter", "99 EUR"),
        *(
            "60 deposits",
            "9.50",
            "First draft",
            "by phone are",
            "every courier",
            "Confidential",
            "Readers",
            "....",
            "Style guide",
        ),
    ),
    sections={"REQ-3.2": "3.1 Making a deposit", "PR-17": "5.1 Prices by site", "8.1.2": "8 Administration"},
    untestable=("pleasant and intuitive", "shall be fast"),
    header="Example Post — Requirements",
    footer="Confidential. Must not be disclosed",
)
