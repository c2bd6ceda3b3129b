"""Progress: one line that is rewritten on a terminal, some lines in a log."""

from io import StringIO

from hosting.terminal.count_line import CountLine


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_one_line_which_goes_in_the_end() -> None:
    out = Terminal()
    line = CountLine(out, clock=lambda: 0.0)
    for done in (0, 500, 2_357):
        line.tell("1/2 lumo", done, 2_357)
    line.close()
    assert out.getvalue().split("\r\x1b[K") == [
        "",
        "1/2 lumo: 0 of 2,357 customers",
        "1/2 lumo: 500 of 2,357 customers",
        "1/2 lumo: 2,357 of 2,357 customers",
        "",
    ]


def test_a_log_has_a_line_every_ten_seconds() -> None:
    out, now = StringIO(), [0.0]
    line = CountLine(out, clock=lambda: now[0])
    for done in range(0, 700, 100):
        now[0] = done / 25
        line.tell("1/1 lumo", done, 600)
    line.close()
    assert out.getvalue().splitlines() == [
        "1/1 lumo: 300 of 600 customers",
        "1/1 lumo: 600 of 600 customers",
    ]
