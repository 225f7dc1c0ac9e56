"""Gates: rates of findings decide the exit status, and the run says which gate fell and by how much."""

from __future__ import annotations

import json

import pytest
from conftest import NOTE, SAFE, UNSAFE, Command

from arlint.gates import Counts, GateError, gates, verdicts

#: Seven words with one finding of each made-up rule.
FOUND = "قال اخظغ كلامًا ظغخز طويلًا.\nثم غظخط.\n"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["outlet=0.2/1k"], [("outlet", 0.2, 1000)]),
        (["outlet = .2 / 1k , ALL=5%"], [("outlet", 0.2, 1000), ("ALL", 5.0, None)]),
        (["a/b=3/100k", "c=1/1M", "d=0/500"], [("a/b", 3.0, 100_000), ("c", 1.0, 1_000_000), ("d", 0.0, 500)]),
        ([" , "], []),
    ],
)
def test_gates_are_read_as_they_are_written(written: list[str], read: list[tuple[str, float, int | None]]) -> None:
    assert [(g.selector, g.limit, g.words) for g in gates(written)] == read
    assert gates(map(str, gates(written))) == gates(written)


@pytest.mark.parametrize("written", ["outlet", "=1%", "outlet=", "outlet=1", "outlet=-1%", "outlet=1/k", "outlet=1/0k", "outlet=nan%", "outlet=1/1K"])
def test_what_is_no_rate_is_refused_with_how_one_is_written(written: str) -> None:
    with pytest.raises(GateError, match=r"is no rate; write .*outlet=0\.2/1k"):
        gates([written])


def test_a_rate_at_its_limit_holds_and_one_above_it_falls() -> None:
    counts = Counts()
    counts.add(["outlet/a", "outlet/b", "quotes/a"], words=9_999)
    counts.add([], words=1)
    verdict, other, share = verdicts(gates(["outlet=0.2/1k,outlet/a=0.99/10k,quotes=49.9%"]), counts)
    assert (verdict.fell, verdict.over, verdict.rate) == (False, 0, 0.2)
    assert (other.fell, other.count, other.total) == (True, 1, 10_000)
    assert other.said() == "gate outlet/a=0.99/10k fell: 1 in 10,000 words, 0.01 over (1 finding in 10,000 words)"
    assert share.said() == "gate quotes=49.9% fell: 50% of the documents, 0.1 over (1 of 2 documents)"
    assert verdict.said("ar") == "الحدّ outlet=0.2/1k لم يُتجاوز: 0.2 لكل 1,000 كلمة (2 من 10,000)"


def test_parts_that_are_counted_apart_add_up() -> None:
    parts, whole = [Counts(), Counts()], Counts()
    for number, rules in enumerate([["a/x", "a/y"], ["b/x"], [], ["a/x"]]):
        parts[number % 2].add(rules, words=10)
        whole.add(rules, words=10)
    parts[0].join(parts[1])
    assert parts[0] == whole
    assert (whole.documents_with["a"], whole.documents_with["ALL"], whole.of("a"), whole.rate("b", 40)) == (2, 3, 3, 1)


def test_findings_where_no_word_was_read_are_above_any_rate() -> None:
    counts = Counts()
    counts.add(["a/x"], words=0)
    assert [v.fell for v in verdicts(gates(["a=999/1k,b=0/1k"]), counts)] == [True, False]


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["--max-rate", "spelling=143/1k"], 0, ["gate spelling=143/1k held: 143 in 1,000 words (1 finding in 7 words)"]),
        (
            ["--max-rate", f"{SAFE}=100/1k,ALL=100%"],
            1,
            [f"gate {SAFE}=100/1k fell: 143 in 1,000 words, 42.9 over (1 finding in 7 words)", "gate ALL=100% held: 100% of the documents (1 of 1 document)"],
        ),
        (["--max-rate", "ALL=50%", "-q"], 1, ["gate ALL=50% fell: 100% of the documents, 50 over (1 of 1 document)"]),
        (["--max-rate", "ALL=100%", "-q"], 0, []),
        (["--max-rate", "ALL=100%", "-q", "--fail-on", "error"], 1, []),
        (["--max-rate", "ALL=50%", "-q", "--exit-zero"], 0, ["gate ALL=50% fell: 100% of the documents, 50 over (1 of 1 document)"]),
        (["--max-rate", "quotes=0/1k", "-q"], 0, ["gate quotes=0/1k: no rule of it is in force, so it cannot fall"]),
    ],
)
def test_rates_decide_the_exit_status_and_are_told(own: Command, args: list[str], status: int, said: list[str]) -> None:
    own.write("a.txt", FOUND)
    run = own("check", *args, "a.txt")
    assert (run.status, run.err.splitlines()) == (status, [f"arlint: {line}" for line in said])


def test_settings_hold_rates_and_the_command_goes_first(own: Command) -> None:
    own.write("a.txt", FOUND)
    settings = (own.folder / "arlint.toml").read_text("utf-8")
    own.write("arlint.toml", settings + '[max-rate]\noutlet = "100/1k"\n')
    assert own("check", "-q", "a.txt").err == "arlint: gate outlet=100/1k fell: 143 in 1,000 words, 42.9 over (1 finding in 7 words)\n"
    assert own("check", "-q", "--max-rate", "outlet=200/1k", "a.txt").status == 0
    own.write("arlint.toml", settings + 'fail-on = "error"\n')
    assert own("check", "a.txt").status == 1
    assert own("check", "--ignore", SAFE, "a.txt").status == 0
    assert own("check", "--ignore", SAFE, "--fail-on", "warning", "a.txt").status == 1
    own.write("arlint.toml", settings + '[max-rate]\noutlt = "1%"\n')
    run = own("check", "a.txt")
    assert (run.status, run.err) == (2, f"arlint: {(own.folder / 'arlint.toml').resolve()}:4: no rule or family 'outlt' (did you mean 'outlet'?)\n")


def test_json_tells_words_rates_and_verdicts(own: Command) -> None:
    own.write("a.txt", FOUND)
    own.write("b.txt", "قال كلامًا طويلًا جدًّا فيه عشر كلمات أو أكثر قليلًا.\n")
    run = own("check", "-q", "--output-format", "json", "--statistics", "--max-rate", "ALL=100/1k,spelling=1%", "a.txt", "b.txt", "c.txt")
    document = json.loads(run.out)
    assert run.status == 2
    assert {row["rule"]: row["rate"] for row in document["statistics"]} == dict.fromkeys((SAFE, UNSAFE, NOTE), 58.8235)
    assert document["summary"]["words"] == 17
    assert document["summary"]["gates"] == [
        {"gate": "ALL=100/1k", "fell": True, "rate": 176.470588, "over": 76.470588, "count": 3, "total": 17},
        {"gate": "spelling=1%", "fell": True, "rate": 50.0, "over": 49.0, "count": 1, "total": 2},
    ]


def test_what_is_repaired_no_longer_counts(own: Command) -> None:
    own.write("a.txt", FOUND)
    assert own("fix", "-q", "--max-rate", "spelling=0/1k", "a.txt").status == 0
