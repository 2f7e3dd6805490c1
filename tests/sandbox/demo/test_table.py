from sandbox.demo.table import table

TITLES = ("scene", "what was done")


def test_a_table_that_fits_keeps_every_cell_on_one_line() -> None:
    rows = [("1 A sound pool", "nothing to do")]

    lines = table(TITLES, rows, width=60)

    assert lines == [
        "scene           what was done",
        "──────────────  ─────────────",
        "1 A sound pool  nothing to do",
    ]


def test_a_narrow_table_wraps_its_widest_column_between_words() -> None:
    rows = [("1", "the policy came back and nothing else was touched")]

    lines = table(TITLES, rows, width=30)

    assert max(map(len, lines)) <= 30
    assert " ".join(line.split("  ")[-1].strip() for line in lines[2:]) == rows[0][1]


def test_words_are_broken_only_where_not_even_words_fit() -> None:
    rows = [("authorization", "authorization")]

    fits = table(TITLES, rows, width=28)
    does_not = table(TITLES, rows, width=20)

    assert "authorization  authorization" in fits
    assert max(map(len, does_not)) <= 20


def test_no_line_ends_in_blanks() -> None:
    lines = table(("a", "b"), [("x", "")], width=40)

    assert all(line == line.rstrip() for line in lines)
